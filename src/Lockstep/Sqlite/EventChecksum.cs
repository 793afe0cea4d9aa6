using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Lockstep.Journal;

namespace Lockstep.Sqlite;

/// <summary>CRC-32C of an event's JSON that goes on from the event before it: a changed, missing or exchanged event breaks the chain.</summary>
internal static class EventChecksum
{
    /// <summary>What the first event goes on from: the run's own name, so that another run's events do not fit.</summary>
    public static uint Begin(RunId run) => Next(0, Encoding.UTF8.GetBytes(run.Text));

    public static uint Next(uint previous, ReadOnlySpan<byte> json)
    {
        var sum = ~previous;
        var words = MemoryMarshal.Cast<byte, ulong>(json);
        foreach (var word in words) sum = BitOperations.Crc32C(sum, BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word));
        foreach (var rest in json[(words.Length * sizeof(ulong))..]) sum = BitOperations.Crc32C(sum, rest);
        return ~sum;
    }
}
