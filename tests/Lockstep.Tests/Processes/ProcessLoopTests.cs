using System.Globalization;
using Lockstep.Processes;

namespace Lockstep.Tests.Processes;

public sealed class ProcessLoopTests
{
    [Fact]
    public void What_the_main_task_returns_is_returned() =>
        Assert.Equal(42, ProcessLoop.Run(_ => Task.FromResult(42)));

    [Fact]
    public void What_the_main_task_throws_is_thrown() =>
        Assert.Throws<FormatException>(() => ProcessLoop.Run<int>(async loop =>
        {
            await loop.End(Shells.Sh(""));
            throw new FormatException();
        }));

    [Fact]
    public void Code_after_an_await_runs_on_the_loops_thread()
    {
        var thread = Environment.CurrentManagedThreadId;
        ProcessLoop.Run(async loop =>
        {
            await loop.End(Shells.Sh(""));
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
            await Task.Run(() => { });
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
            await Task.Delay(1);
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
            await Task.Yield();
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
            return 0;
        });
    }

    [Fact]
    public void A_task_that_ends_on_another_thread_ends_the_loop() =>
        Assert.Equal(7, ProcessLoop.Run(_ => Task.Run(async () =>
        {
            await Task.Delay(5).ConfigureAwait(false);
            return 7;
        })));

    [Fact]
    public void The_callers_context_is_restored()
    {
        var context = SynchronizationContext.Current;
        ProcessLoop.Run(_ => Task.FromResult(0));
        Assert.Same(context, SynchronizationContext.Current);
    }

    [Fact]
    public void Posts_from_many_threads_all_arrive()
    {
        var count = ProcessLoop.Run(async loop =>
        {
            var arrived = 0;
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            {
                for (var i = 0; i < 500; i++) loop.Post(_ => arrived++, null);
            })));
            await Task.Yield();
            return arrived;
        });
        Assert.Equal(4000, count);
    }

    [Fact]
    public void Work_that_keeps_posting_more_does_not_keep_processes_waiting() => ProcessLoop.Run(async loop =>
    {
        var exit = loop.Start(Shells.Sh("exit 3")).Exit;
        while (!exit.IsCompleted) await Task.Yield();
        return await exit;
    });

    [Fact]
    public void Processes_that_still_run_when_the_main_task_ends_are_killed()
    {
        var process = ProcessLoop.Run(loop => Task.FromResult(loop.Start(Shells.Sh("sleep 1000 & wait")).Id));
        Assert.False(Shells.Lives(process));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_work_throws_that_nobody_waits_for_ends_the_loop_and_its_processes(bool looks)
    {
        var process = 0;
        var thrown = Assert.Throws<FormatException>(() => ProcessLoop.Run<int>(async loop =>
        {
            var broken = looks ? loop.Broken : new TaskCompletionSource().Task;
            process = loop.Start(Shells.Sh("sleep 1000 & wait")).Id;
            loop.Post(_ => throw new FormatException("by a post"), null);
            await broken;
            return 0;
        }));

        Assert.Equal("by a post", thrown.Message);
        Assert.False(Shells.Lives(process));
    }

    [Fact]
    public void A_main_task_that_looks_for_what_is_thrown_can_still_do_its_last_work()
    {
        var cleanedUp = false;
        Assert.Throws<FormatException>(() => ProcessLoop.Run(async loop =>
        {
            loop.Post(_ => throw new FormatException(), null);
            await Task.WhenAny(loop.Broken);
            await Task.Yield();
            await Task.Run(() => { });
            cleanedUp = true;
            return 0;
        }));

        Assert.True(cleanedUp);
    }

    [Fact]
    public void Many_processes_run_at_once()
    {
        var ends = ProcessLoop.Run(loop => Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => loop.End(Shells.Sh("echo $1; exit $1", i.ToString(CultureInfo.InvariantCulture))))));
        for (var i = 0; i < ends.Length; i++)
        {
            Assert.Equal(i, ends[i].Exit.Code);
            Assert.Equal($"{i}\n", ends[i].Output);
        }
    }

    [Fact]
    public void No_descriptor_is_left_open()
    {
        static int Open() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
        ProcessLoop.Run(async loop =>
        {
            // Other tests open and close descriptors at the same time, so a leak shows as growth by the number of starts.
            await loop.End(Shells.Sh("echo warm"));
            var before = Open();
            for (var i = 0; i < 300; i++)
            {
                await loop.End(Shells.Sh("echo out; echo err >&2"));
                Assert.Throws<ProcessStartException>(() => loop.Start(new("/nowhere/at/all", [])));
            }
            Assert.InRange(Open(), 0, before + 200);
            return 0;
        });
    }
}
