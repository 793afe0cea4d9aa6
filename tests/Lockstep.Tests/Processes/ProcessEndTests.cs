using System.Globalization;
using System.Text;
using Lockstep.Processes;

namespace Lockstep.Tests.Processes;

public sealed class ProcessEndTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public void Ending_lets_the_process_clean_up()
    {
        var (exit, output) = EndWhenReady("trap 'echo cleaned; exit 7' TERM; echo ready; while :; do sleep 1000 & wait; done", Long);
        Assert.Equal(7, exit.Code);
        Assert.Equal("ready\ncleaned\n", output);
    }

    [Fact]
    public void A_process_that_ignores_the_request_is_killed_after_the_grace()
    {
        var time = new ManualTime();
        var exit = ProcessLoop.Run(async loop =>
        {
            var ready = new TaskCompletionSource();
            var process = loop.Start(Shells.Sh("trap '' TERM; echo ready; sleep 1000") with { OnOutput = (_, _) => ready.TrySetResult() });
            await ready.Task;
            var end = process.EndAsync(TimeSpan.FromSeconds(30));
            time.Advance(TimeSpan.FromSeconds(29));
            await Task.Yield();
            Assert.True(Shells.Lives(process.Id));
            time.Advance(TimeSpan.FromSeconds(1));
            return await end;
        }, time);
        Assert.Equal(9, exit.Signal);
    }

    [Fact]
    public void A_stopped_process_ends_too()
    {
        var (exit, _) = EndWhenReady("echo ready; kill -STOP $$", Long);
        Assert.Equal(15, exit.Signal);
    }

    [Fact]
    public void The_whole_group_ends_with_its_leader() => ProcessLoop.Run(async loop =>
    {
        var child = await StartAndReadNumber(loop, "sleep 1000 & echo $!; wait", out var process);
        Assert.True(Shells.Lives(child));
        process.Kill();
        Assert.Equal(9, (await process.Exit).Signal);
        Assert.False(Shells.Lives(child));
        return 0;
    });

    [Fact]
    public void What_outlives_its_leader_is_ended() => ProcessLoop.Run(async loop =>
    {
        var child = await StartAndReadNumber(loop, "sleep 1000 & echo $!; exit 3", out var process);
        Assert.Equal(3, (await process.Exit).Code);
        Assert.False(Shells.Lives(child));
        return 0;
    });

    [Fact]
    public void What_outlives_its_leader_and_ignores_the_request_is_killed() => ProcessLoop.Run(async loop =>
    {
        var child = await StartAndReadNumber(
            loop, "sh -c 'trap \"\" TERM; echo $$; sleep 1000' & wait $!", out var process, TimeSpan.FromMilliseconds(50));
        process.Signal(15);
        Assert.Equal(15, (await process.Exit).Signal);
        Assert.False(Shells.Lives(child));
        return 0;
    });

    /// <summary>A shell's child between its fork and its exec has the shell's handler: a request that comes then is lost.</summary>
    [Fact]
    public void What_outlives_its_leader_and_missed_the_request_is_asked_again() => ProcessLoop.Run(async loop =>
    {
        var child = await StartAndReadNumber(
            loop, "sh -c 'exec 2>/dev/null; trap \"trap - TERM\" TERM; echo $$; while :; do sleep 0.01; done' & wait $!", out var process);
        Assert.Equal(15, (await process.EndAsync(Long)).Signal);
        Assert.False(Shells.Lives(child));
        return 0;
    });

    [Fact]
    public void What_outlives_its_leader_to_clean_up_is_left_alone() => ProcessLoop.Run(async loop =>
    {
        const string Cleaning = "exec 2>/dev/null; trap 'sleep 1; echo cleaned $?; exit' TERM; echo ready; while :; do sleep 0.01; done";
        var output = new StringBuilder();
        var ready = new TaskCompletionSource();
        var process = loop.Start(Shells.Sh("sh -c \"$1\" & wait $!", Cleaning) with
        {
            OnOutput = (_, bytes) =>
            {
                output.Append(Encoding.UTF8.GetString(bytes));
                ready.TrySetResult();
            },
        });
        await ready.Task;
        await process.EndAsync(Long);
        Assert.Equal("ready\ncleaned 0\n", output.ToString());
        return 0;
    });

    [Fact]
    public void What_outlives_its_leader_only_to_write_the_last_lines_may_do_so()
    {
        // The clock stands still, so nobody is asked to end.
        var ended = ProcessLoop.Run(loop => loop.End(Shells.Sh("(read line; echo got it) </dev/null & exit 0")), new ManualTime());
        Assert.Equal("got it\n", ended.Output);
    }

    [Fact]
    public void A_daemon_that_left_the_group_and_holds_the_pipe_does_not_hang_us() => ProcessLoop.Run(async loop =>
    {
        var daemon = await StartAndReadNumber(loop, "setsid sh -c 'echo $$; exec sleep 1000' & wait", out var process);
        process.Signal(15);
        await process.Exit;
        Assert.True(Shells.Lives(daemon));
        await loop.End(Shells.Sh("kill -KILL $1", daemon.ToString(CultureInfo.InvariantCulture)));
        return 0;
    });

    [Fact]
    public void All_output_is_handled_before_the_exit_is_told() => ProcessLoop.Run(async loop =>
    {
        for (var i = 0; i < 50; i++)
        {
            var ended = await loop.End(Shells.Sh("head -c 60000 /dev/zero; (sleep 0.01; echo end) &"));
            Assert.EndsWith("end\n", ended.Output, StringComparison.Ordinal);
            Assert.Equal(60_004, ended.Output.Length);
        }
        return 0;
    }, new ManualTime());

    [Fact]
    public void Signals_to_a_process_that_has_ended_do_nothing() => ProcessLoop.Run(async loop =>
    {
        var process = loop.Start(Shells.Sh("exit 0"));
        await process.Exit;
        process.Signal(15);
        process.Kill();
        Assert.Equal(0, (await process.EndAsync(Long)).Code);
        return 0;
    });

    /// <summary>LOCKSTEP_LONG_TESTS=1 makes it 1,000 of each.</summary>
    [Fact]
    public void Time_outs_and_cancels_leave_no_process_behind() => ProcessLoop.Run(async loop =>
    {
        var rounds = Environment.GetEnvironmentVariable("LOCKSTEP_LONG_TESTS") == "1" ? 1000 : 25;
        var mark = string.Create(CultureInfo.InvariantCulture, $"lockstep-left-behind-{Environment.ProcessId}-{Environment.TickCount64}");
        const string Script = "trap '' INT; (sleep 1000; :) & (sleep 1000 | cat; :) & while :; do :; done";
        for (var i = 0; i < rounds; i++)
        {
            var timedOut = loop.Start(Shells.Sh(Script, mark));
            var cancelled = loop.Start(Shells.Sh(Script, mark));
            if (i % 2 == 0) await Task.Delay(i % 5);
            cancelled.Kill();
            await timedOut.EndAsync(TimeSpan.FromSeconds(5));
            await cancelled.Exit;
        }
        Assert.Empty(Marked(mark));
        return 0;
    });

    private static List<string> Marked(string mark)
    {
        var found = new List<string>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            try
            {
                var commandLine = File.ReadAllText(folder + "/cmdline");
                if (commandLine.Contains(mark, StringComparison.Ordinal)) found.Add(commandLine);
            }
            catch (IOException)
            {
            }
            catch (UnauthorizedAccessException)
            {
            }
        }
        return found;
    }

    private static (ProcessExit Exit, string Output) EndWhenReady(string script, TimeSpan grace) => ProcessLoop.Run(async loop =>
    {
        var output = new StringBuilder();
        var ready = new TaskCompletionSource();
        var process = loop.Start(Shells.Sh(script) with
        {
            OnOutput = (_, bytes) =>
            {
                output.Append(Encoding.UTF8.GetString(bytes));
                ready.TrySetResult();
            },
        });
        await ready.Task;
        var exit = await process.EndAsync(grace);
        return (exit, output.ToString());
    });

    private static Task<int> StartAndReadNumber(ProcessLoop loop, string script, out RunningProcess process, TimeSpan? stragglerGrace = null)
    {
        var number = new TaskCompletionSource<int>();
        process = loop.Start(Shells.Sh(script) with
        {
            OnOutput = (_, bytes) => number.TrySetResult(int.Parse(Encoding.UTF8.GetString(bytes).Split('\n')[0], CultureInfo.InvariantCulture)),
            StragglerGrace = stragglerGrace ?? TimeSpan.FromSeconds(5),
        });
        return number.Task;
    }
}
