using System.Runtime.InteropServices;
using Lockstep.Processes.Native;

namespace Lockstep.Processes;

/// <summary>Tells when a process has ended, without reaping it.</summary>
internal sealed class ExitWatch : Watch
{
    private const int Exited = 4;
    private const int LeaveUnreaped = 0x1000000;

    private readonly ProcessLoop _loop;
    private readonly RunningProcess _owner;

    private ExitWatch(ProcessLoop loop, RunningProcess owner, int descriptor) : base(descriptor)
    {
        _loop = loop;
        _owner = owner;
    }

    /// <summary>Watches a child that is not yet reaped, so its number can only mean that child.</summary>
    public static ExitWatch Begin(ProcessLoop loop, RunningProcess owner)
    {
        var watch = new ExitWatch(loop, owner, LibC.OpenProcess(owner.Id));
        if (watch.Descriptor >= 0) loop.Watch(watch, PollEntry.Readable);
        else watch.WaitOnThread();
        return watch;
    }

    public override void Ready() => _owner.LeaderEnded();

    public void Close()
    {
        if (Descriptor < 0) return;
        _loop.Unwatch(this);
        _ = LibC.Close(Descriptor);
    }

    /// <summary>Before Linux 5.3, and where a sandbox forbids <c>pidfd_open</c>, a thread waits instead.</summary>
    private void WaitOnThread()
    {
        var thread = new Thread(Wait, maxStackSize: 64 * 1024) { IsBackground = true, Name = $"wait for {_owner.Id}" };
        thread.Start();

        unsafe void Wait()
        {
            var answer = stackalloc byte[LibC.WaitAnswerSize];
            while (LibC.WaitAny(LibC.WaitForProcess, _owner.Id, answer, Exited | LeaveUnreaped) < 0
                && Marshal.GetLastPInvokeError() == Errno.Interrupted) { }
            _loop.Post(static state => ((RunningProcess)state!).LeaderEnded(), _owner);
        }
    }
}
