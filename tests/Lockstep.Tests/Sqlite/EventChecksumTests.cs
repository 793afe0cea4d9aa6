using Lockstep.Sqlite;

namespace Lockstep.Tests.Sqlite;

public sealed class EventChecksumTests
{
    [Fact]
    public void The_checksum_is_CRC_32C()
        => Assert.Equal(0xE3069283u, EventChecksum.Next(0, "123456789"u8));

    [Fact]
    public void A_checksum_goes_on_from_the_one_before()
        => Assert.Equal(EventChecksum.Next(0, "123456789abc"u8), EventChecksum.Next(EventChecksum.Next(0, "12345"u8), "6789abc"u8));
}
