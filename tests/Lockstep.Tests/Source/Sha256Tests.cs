using System.Security.Cryptography;
using Lockstep.Source;

namespace Lockstep.Tests.Source;

public sealed class Sha256Tests
{
    [Fact]
    public void The_hash_of_any_length_is_the_platforms()
    {
        var bytes = new byte[300];
        new Random(1).NextBytes(bytes);
        for (var length = 0; length <= bytes.Length; length++)
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, length))), Sha256.Hex(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void Pieces_of_any_size_hash_as_the_whole()
    {
        var random = new Random(2);
        var bytes = new byte[5000];
        random.NextBytes(bytes);
        for (var round = 0; round < 200; round++)
        {
            var hash = new Sha256();
            for (var at = 0; at < bytes.Length;)
            {
                var take = Math.Min(random.Next(0, 200), bytes.Length - at);
                hash.Append(bytes.AsSpan(at, take));
                at += take;
            }

            Assert.Equal(Sha256.Hex(bytes), hash.FinishHex());
        }
    }
}
