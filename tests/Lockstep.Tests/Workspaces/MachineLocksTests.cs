using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Lockstep.Workspaces;

namespace Lockstep.Tests.Workspaces;

public sealed class MachineLocksTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private static readonly LockHolder Me = new("run-20261120-143022-00000001", 41, "deploy", default);
    private static readonly LockHolder You = new("run-20261120-143022-00000002", 42, "release", default);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private MachineLocks Locks(TimeProvider? clock = null) => new(_folder["locks"], clock ?? TimeProvider.System);

    private static MachineLock Held(LockOutcome outcome) => Assert.IsType<LockHeld>(outcome).Lock;

    /// <summary>Another process that holds the lock from the moment this returns until its input ends, or it is killed.</summary>
    private Process Occupy(string name)
    {
        Directory.CreateDirectory(_folder["locks"]);
        var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec 9>>\"$0\"; flock 9; echo held; read line", Locks().PathOf(name)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", process.StandardOutput.ReadLine());
        return process;
    }

    private int TryFromOutside(string name)
    {
        using var process = Process.Start("flock", ["-n", Locks().PathOf(name), "true"]);
        process.WaitForExit();
        return process.ExitCode;
    }

    [Fact]
    public async Task A_lock_held_here_is_busy_for_another_process_until_it_is_released()
    {
        using (Held(await Locks().AcquireAsync("deploy", Me, Long))) Assert.Equal(1, TryFromOutside("deploy"));

        Assert.Equal(0, TryFromOutside("deploy"));
    }

    [Fact]
    public async Task A_lock_held_by_another_process_is_ours_when_that_releases_it()
    {
        using var other = Occupy("deploy");

        var waiting = 0;
        var outcome = Locks().AcquireAsync("deploy", Me, Long, _ =>
        {
            waiting++;
            other.StandardInput.Close();
        });

        using var held = Held(await outcome);
        Assert.Equal(1, waiting);
    }

    [Fact]
    public async Task A_lock_whose_holder_is_killed_is_free()
    {
        using var other = Occupy("deploy");

        using var held = Held(await Locks().AcquireAsync("deploy", Me, Long, _ => other.Kill()));

        Assert.Equal(1, TryFromOutside("deploy"));
    }

    [Fact]
    public async Task A_child_process_does_not_inherit_a_lock()
    {
        Process child;
        using (Held(await Locks().AcquireAsync("deploy", Me, Long)))
            child = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true, RedirectStandardOutput = true })!;

        Assert.Equal(0, TryFromOutside("deploy"));
        child.StandardInput.Close();
        child.Dispose();
    }

    [Fact]
    public async Task Who_waits_is_told_who_holds_it()
    {
        var clock = new ManualTime();
        using var held = Held(await Locks(clock).AcquireAsync("deploy", Me, Long));

        LockHolder? told = null;
        var outcome = await Locks(clock).AcquireAsync("deploy", You, TimeSpan.Zero, holder => told = holder);

        var holder = Me with { Since = clock.GetUtcNow() };
        Assert.Equal(holder, told);
        Assert.Equal(holder, Assert.IsType<LockBusy>(outcome).Holder);
        Assert.Equal("run-20261120-143022-00000001 ('deploy', process 41, since 2026-11-20 14:30:22 UTC)", holder.ToString());
    }

    [Fact]
    public async Task A_holder_that_did_not_say_who_it_is_is_unknown()
    {
        using var other = Occupy("deploy");

        Assert.Null(Assert.IsType<LockBusy>(await Locks().AcquireAsync("deploy", Me, TimeSpan.Zero)).Holder);
        other.Kill();
    }

    [Fact]
    public async Task Waiting_ends_when_its_time_is_up()
    {
        var clock = new ManualTime();
        using var held = Held(await Locks(clock).AcquireAsync("deploy", Me, Long));

        var outcome = Locks(clock).AcquireAsync("deploy", You, TimeSpan.FromMinutes(1));
        var pauses = new HashSet<TimeSpan>();
        while (!outcome.IsCompleted)
        {
            if (clock.NextDue is { } due)
            {
                pauses.Add(due - clock.GetUtcNow());
                clock.Advance(due - clock.GetUtcNow());
            }

            await Task.Yield();
        }

        Assert.Equal(TimeSpan.FromMinutes(1), Assert.IsType<LockBusy>(await outcome).Waited);
        Assert.Equal(TimeSpan.FromMilliseconds(100), pauses.Max());
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        using var held = Held(await Locks().AcquireAsync("deploy", Me, Long));
        using var cancel = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Locks().AcquireAsync("deploy", You, Long, _ => cancel.Cancel(), cancel.Token));
    }

    [Fact]
    public async Task Two_names_do_not_wait_for_each_other()
    {
        using var one = Held(await Locks().AcquireAsync("deploy", Me, TimeSpan.Zero));
        using var two = Held(await Locks().AcquireAsync("Deploy", Me, TimeSpan.Zero));
    }

    [Fact]
    public async Task Of_many_who_want_it_one_at_a_time_has_it()
    {
        var inside = 0;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
        {
            using var held = Held(await Locks().AcquireAsync("deploy", Me, Long));
            Assert.Equal(1, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        })));
    }

    [Theory]
    [InlineData("deploy", "deploy.lock")]
    [InlineData("", ".lock")]
    [InlineData("..", "%2E..lock")]
    [InlineData("a/b c", "a%2Fb%20c.lock")]
    [InlineData("ž%", "%C5%BE%25.lock")]
    public void Any_name_is_one_file_in_the_folder(string name, string file)
        => Assert.Equal(_folder["locks"] + "/" + file, Locks().PathOf(name));

    [Fact]
    public void Different_names_are_different_files() => Prop.ForAll<string?, string?>((one, two) =>
    {
        var (first, second) = ("x" + one, "x" + two);
        var path = Locks().PathOf(first);
        return Path.GetDirectoryName(path) == _folder["locks"]
            && System.Text.Encoding.UTF8.GetByteCount(Path.GetFileName(path)) <= 255
            && (path == Locks().PathOf(second)) == (first == second || HasLoneSurrogate(first) || HasLoneSurrogate(second));

        static bool HasLoneSurrogate(string text) => text.EnumerateRunes().Contains(System.Text.Rune.ReplacementChar);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Long_names_are_told_apart_by_their_ends()
    {
        var name = new string('é', 5000);
        using var one = Held(await Locks().AcquireAsync(name + "1", Me, TimeSpan.Zero));
        using var two = Held(await Locks().AcquireAsync(name + "2", Me, TimeSpan.Zero));

        Assert.IsType<LockBusy>(await Locks().AcquireAsync(name + "1", You, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_folder_that_can_not_be_used_says_so()
    {
        var file = _folder.Write("file", "");

        var error = await Assert.ThrowsAsync<NoFolderException>(() => new MachineLocks(file, TimeProvider.System).AcquireAsync("deploy", Me, Long));
        Assert.Equal($"{file} is a file, where a folder is needed", error.Message);
    }
}
