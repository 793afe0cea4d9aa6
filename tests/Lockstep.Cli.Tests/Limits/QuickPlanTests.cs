namespace Lockstep.Cli.Tests.Limits;

public sealed class QuickPlanTests : IDisposable
{
    private static readonly string[] Changes =
        ["mkdir", "rename", "unlink", "rmdir", "link(", "linkat", "symlink", "truncate", "creat(", "mknod", "chmod", "fchmodat", "chown"];

    private readonly Scenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [TraceFact]
    public void A_quick_plan_starts_no_process_opens_no_connection_and_writes_no_file()
    {
        _scenario.Commands("""
            var VERSION = @http("http://localhost:9/version")
            all: {
              @lock("one") { echo @var(VERSION) @sh("touch made") @dns("localhost") | cat }
              @cache(inputs = "*.cli") { echo @secret(KEY, from = "command:touch made") }
            }
            """).WithVariable("DOTNET_EnableDiagnostics", "0").WithVariable("DOTNET_EnableWriteXorExecute", "0");

        var trace = Path.Combine(_scenario.Folder, "trace");
        _scenario.RunUnder(["strace", "-f", "-o", trace, "-e", "trace=process,network,%file"], "all", "--dry-run").Succeeded();

        var calls = File.ReadAllLines(trace).Select(line => line[(line.IndexOf(' ') + 1)..].TrimStart()).ToArray();
        Assert.Single(calls, call => call.StartsWith("execve", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, call => call.StartsWith("fork", StringComparison.Ordinal) || call.StartsWith("vfork", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, call => call.StartsWith("clone", StringComparison.Ordinal) && !call.Contains("CLONE_THREAD", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, call => call.StartsWith("socket", StringComparison.Ordinal) || call.StartsWith("connect", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, call => Array.Exists(Changes, change => call.StartsWith(change, StringComparison.Ordinal)));
        Assert.DoesNotContain(calls, OpensToWrite);
    }

    private static bool OpensToWrite(string call)
        => call.StartsWith("open", StringComparison.Ordinal)
            && (call.Contains("O_WRONLY", StringComparison.Ordinal) || call.Contains("O_RDWR", StringComparison.Ordinal) || call.Contains("O_CREAT", StringComparison.Ordinal))
            && !call.Contains("\"/proc/self/", StringComparison.Ordinal) && !call.Contains("\"/dev/", StringComparison.Ordinal);
}
