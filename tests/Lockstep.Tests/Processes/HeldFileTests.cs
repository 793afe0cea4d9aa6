using Lockstep.Processes;
using Lockstep.Workspaces;

namespace Lockstep.Tests.Processes;

public sealed class HeldFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_lock_that_a_process_holds_with_us_lasts_until_its_last_descendant_ends()
    {
        var path = _folder["lock"];
        ProcessLoop.Run(async loop =>
        {
            await loop.End(Shells.Sh("mkfifo \"$1\"", _folder["gate"]));
            var ours = FileLock.TryTake(path)!;
            var ended = loop.Start(Shells.Sh("setsid cat \"$1\" >/dev/null 2>&1 & true", _folder["gate"]) with { Held = ours.Handle }).Exit;
            await ended;
            Assert.Null(FileLock.TryTake(path));

            // As our death would: the file is closed, and nobody says that the lock is free.
            ours.Handle.Dispose();
            Assert.Null(FileLock.TryTake(path));

            File.OpenHandle(_folder["gate"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose();
            using var free = await FileLock.TakeAsync(path, shared: false, TimeSpan.FromMinutes(1), TimeProvider.System, null, CancellationToken.None);
            Assert.NotNull(free);
            return true;
        });
    }

    [Fact]
    public void A_process_that_holds_nothing_leaves_a_lock_to_us()
    {
        var path = _folder["lock"];
        ProcessLoop.Run(async loop =>
        {
            var ours = FileLock.TryTake(path)!;
            var running = loop.Start(Shells.Sh("sleep 1000"));
            ours.Handle.Dispose();

            // A child that another test has just forked may have it open until its exec.
            using var free = await FileLock.TakeAsync(path, shared: false, TimeSpan.FromMinutes(1), TimeProvider.System, null, CancellationToken.None);
            Assert.NotNull(free);
            running.Kill();
            await running.Exit;
            return true;
        });
    }

    public void Dispose() => _folder.Dispose();
}
