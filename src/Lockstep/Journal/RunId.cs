using System.Globalization;

namespace Lockstep.Journal;

/// <summary>A run's name, such as <c>run-20261120-143022-a7b3c1d2</c>: UTC time, then 8 random hexadecimal digits.</summary>
public readonly record struct RunId(string Text)
{
    /// <summary>A new id, from a time and a random number.</summary>
    public static RunId New(DateTimeOffset now, Random random)
        => new($"run-{now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{(uint)random.NextInt64(0, 1L << 32):x8}");

    /// <inheritdoc/>
    public override string ToString() => Text;
}
