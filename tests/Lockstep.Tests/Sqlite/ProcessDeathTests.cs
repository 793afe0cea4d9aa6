using System.Diagnostics;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Sqlite;

namespace Lockstep.Tests.Sqlite;

public sealed class ProcessDeathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_flushed_survives_kill_9()
    {
        using var writer = Start("run-1", steps: 100_000);
        for (var line = 0; line < 50; line++) Assert.NotNull(await writer.StandardOutput.ReadLineAsync());
        writer.Kill();
        await writer.WaitForExitAsync();
        var flushed = 50;
        while (await writer.StandardOutput.ReadLineAsync() is { Length: > 0 } line) flushed = int.Parse(line);

        using var history = History.Open(_folder.Path);
        var run = Assert.Single(history.Runs());
        Assert.Equal(RunStatus.Crashed, run.Status);
        var state = RunState.Of(history.Events(run.Id));
        Assert.InRange(state.Ends.Count, flushed, flushed + 1);
        Assert.Equal(RunStatus.Running, state.Status);
        Assert.Equal("hello\n", await File.ReadAllTextAsync(Assert.Single(history.Logs(run.Id, new StepId("s50"))).Path));
    }

    [Fact]
    public async Task Several_processes_write_one_store_at_once()
    {
        var writers = Enumerable.Range(1, 3).Select(i => Start($"run-{i}", steps: 40)).ToList();
        foreach (var writer in writers)
        {
            await writer.StandardOutput.ReadToEndAsync();
            await writer.WaitForExitAsync();
            Assert.Equal(0, writer.ExitCode);
            writer.Dispose();
        }

        using var history = History.Open(_folder.Path);
        Assert.Equal(3, history.Runs(new() { Status = RunStatus.Succeeded }).Count);
        Assert.All(history.Runs(), run => Assert.Equal(82, history.Events(run.Id).Count));
    }

    /// <remarks>On a small file system of the child's own, where the kernel lets us have one.</remarks>
    [ProgramFact("unshare", "--user", "--map-root-user", "--mount", "true")]
    public async Task A_full_disk_loses_the_history_and_leaves_what_was_kept_readable()
    {
        var disk = Directory.CreateDirectory(_folder["disk"]).FullName;
        var script = "mount -t tmpfs -o size=2m none \"$0\" && { \"$@\"; code=$?; cp -r \"$0\" \"$0-after\"; exit $code; }";
        using var writer = Process.Start(new ProcessStartInfo(
            "unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", script, disk, "dotnet", "exec", Dummy, "write-journal", disk, "run-1", "100000"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var lines = writer.StandardOutput.ReadToEndAsync();
        var lost = await writer.StandardError.ReadToEndAsync();
        var flushed = (await lines).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        await writer.WaitForExitAsync();

        Assert.Equal(1, writer.ExitCode);
        Assert.Contains("is full; free some space", lost, StringComparison.Ordinal);
        using var history = History.Open($"{disk}-after");
        Assert.InRange(RunState.Of(history.Events(new("run-1"))).Ends.Count, flushed, flushed + 1);
    }

    private static string Dummy => Path.Join(AppContext.BaseDirectory, "Lockstep.Dummy.dll");

    private Process Start(string run, int steps)
    {
        return Process.Start(new ProcessStartInfo("dotnet", ["exec", Dummy, "write-journal", _folder.Path, run, steps.ToString()])
        {
            RedirectStandardOutput = true,
        })!;
    }
}
