using System.Diagnostics;
using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Tests.Journal;
using Xunit.Abstractions;

namespace Lockstep.Tests.Sqlite.Leases;

/// <summary>LOCKSTEP_LONG_TESTS=1 makes 200 rounds of it instead of 2.</summary>
public sealed class StaleLeaseTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ProgramFact("kill", "-l")]
    public async Task An_owner_stopped_past_its_lease_and_woken_again_writes_nothing()
    {
        var rounds = Environment.GetEnvironmentVariable("LOCKSTEP_LONG_TESTS") == "1" ? 200 : 2;
        for (var round = 0; round < rounds; round++)
        {
            var run = new RunId($"run-{round}");
            using var owner = Process.Start(new ProcessStartInfo("dotnet", ["exec", Path.Join(AppContext.BaseDirectory, "Lockstep.Dummy.dll"), "write-by-line", _folder.Path, run.Text])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            for (var step = 0; step <= round % 3; step++) await Write(owner);
            Signal(owner, "-STOP");
            Assert.True(SpinWait.SpinUntil(() => IsStopped(owner), TimeSpan.FromMinutes(1)));

            // Its lease is over by the clock of whoever takes the run, so nobody has to wait for that.
            await using var taken = SqliteRunJournal.Resume(_folder.Path, run, EventsOf(run), "0.1.0", clock: new ManualTime(TimeProvider.System.GetUtcNow().AddSeconds(20)));
            Assert.Contains("has given no sign of life since", taken.Start.Reason, StringComparison.Ordinal);
            var sequence = taken.Start.Sequence;
            Signal(owner, "-CONT");

            await owner.StandardInput.WriteLineAsync();
            Assert.Contains($"another process has taken {run} over", await owner.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
            await owner.WaitForExitAsync();
            taken.Journal.Append(new RunEnded(Outcome.Succeeded, 0, TimeSpan.Zero, null, null) { Sequence = ++sequence, At = taken.Start.At });
            await taken.Journal.Flush();

            Assert.Null(taken.Journal.Lost);
            using var history = History.Open(_folder.Path);
            Assert.Equal([.. Enumerable.Range(1, (int)sequence).Select(number => (long)number)], history.Events(run).Select(happened => happened.Sequence));
            Assert.Equal(RunStatus.Succeeded, history.Find(run.Text)!.Status);
        }

        output.WriteLine($"stale lease: {rounds} rounds, {rounds} stale writes tried, 0 accepted");
    }

    [Fact]
    public async Task An_owner_that_wakes_past_its_lease_adds_nothing_to_the_logs_of_its_steps()
    {
        var clock = new ManualTime(TimeProvider.System.GetUtcNow());
        var owner = new TaskCompletionSource<ControlRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var journal = SqliteRunJournal.Begin(_folder.Path, Story.Id, () => [1], clock: clock, asked: request => owner.TrySetResult(request));
        journal.Append(new Story().Started());
        journal.AppendOutput(new("a"), "", "before "u8);
        await journal.Flush();
        Written.Sql(_folder, "UPDATE runs SET fence = fence + 1");
        clock.Advance(TimeSpan.FromSeconds(20));

        journal.AppendOutput(new("a"), "", "stale"u8);

        Assert.True(journal.TakenOver);
        Assert.True(Assert.IsType<InterruptRequest>(await owner.Task).AtOnce);
        Assert.Equal("before ", await File.ReadAllTextAsync(_folder[$"logs/{Story.Id}/a.log"]));
    }

    private static async Task Write(Process owner)
    {
        await owner.StandardInput.WriteLineAsync();
        Assert.Matches("^[0-9]+$", await owner.StandardOutput.ReadLineAsync());
    }

    private IReadOnlyList<RunEvent> EventsOf(RunId run)
    {
        using var history = History.Open(_folder.Path);
        return history.Events(run);
    }

    private static bool IsStopped(Process process) => File.ReadAllText($"/proc/{process.Id}/stat").Contains(") T ", StringComparison.Ordinal);

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [signal, process.Id.ToString()]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
