namespace Lockstep.Cli.Tests.Limits;

public sealed class LimitTests : IDisposable
{
    private readonly Scenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Theory]
    [InlineData("@sh(\"yes\")")]
    [InlineData("@secret(KEY, from = \"command:yes\")")]
    public void A_value_without_end_is_cut_off_at_a_megabyte(string value)
    {
        var ran = _scenario.Commands($"print: echo {value}\n").Run("print", "--dry-run", "--resolve").Failed(2);
        Assert.Contains("printed more than 1 MiB", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_definition_that_is_a_pipe_or_too_large_is_refused()
    {
        Assert.Contains("is a pipe", _scenario.Shell("mkfifo pipe; lockstep -f pipe list").Failed(4).Error, StringComparison.Ordinal);
        Assert.Contains("is a device", _scenario.Shell("lockstep -f /dev/zero list").Failed(4).Error, StringComparison.Ordinal);
        Assert.Contains("larger than 64 MiB", _scenario.Shell("truncate -s 65M large; lockstep -f large list").Failed(4).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_store_is_private()
    {
        _scenario.Commands("print: @lock(\"one\") { echo hello }\n").Run("print").Succeeded();
        const UnixFileMode others = (UnixFileMode)0b000_111_111;
        Assert.All(Directory.EnumerateDirectories(_scenario.Store, "*", SearchOption.AllDirectories).Append(_scenario.Store).Concat(Directory.EnumerateFiles(_scenario.Store)),
            path => Assert.True((ModeOf(path) & others) == 0, path));
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);
}
