using System.Diagnostics;
using System.Runtime.InteropServices;
using Lockstep.Processes.Native;
using Lockstep.Processes.Terminals;

namespace Lockstep.Processes;

/// <summary>A started process and its group. Everything here is for the loop's thread only.</summary>
internal sealed class RunningProcess : IDisposable
{
    private static readonly TimeSpan UntilTerminate = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan UntilGivenUp = TimeSpan.FromSeconds(2);
    private const int LongestCheckInterval = 20;
    private const int FirstWalk = 3;
    private const int FewestChecksAfterKill = 25;

    private readonly ProcessLoop _loop;
    private readonly ProcessSpec _spec;
    private readonly ProcessGroup _group;
    private readonly ExitWatch _exitWatch;
    private readonly PipeReader? _output;
    private readonly PipeReader? _errors;
    private readonly TerminalSession? _terminal;
    private readonly TerminalLoan? _loan;
    private readonly TaskCompletionSource<ProcessExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Phase _phase;
    private TimeSpan _grace;
    private int _status;
    private bool _reapedElsewhere;
    private Exception? _handlerFailure;
    private long _leaderEnded;
    private long _orphansAsked;
    private long? _terminated;
    private long? _killed;
    private int _checks;
    private int _checksAfterKill;

    private RunningProcess(ProcessLoop loop, ProcessSpec spec, int id, int output, int errors)
    {
        _loop = loop;
        _spec = spec;
        _grace = spec.StragglerGrace;
        _group = new(id);
        if (output >= 0) loop.Watch(_output = new(loop, this, OutputStream.Output, output, spec.Terminal), PollEntry.Readable);
        if (errors >= 0) loop.Watch(_errors = new(loop, this, OutputStream.Errors, errors, terminal: false), PollEntry.Readable);
        if (spec.Terminal) _terminal = new(loop, output, spec.Input is InputFrom.OurInput && TerminalSession.InputIsTerminal, spec.OnInterrupt);
        else if (spec.Input is InputFrom.OurInput && TerminalSession.InputIsTerminal) _loan = new(loop, _group);
        _exitWatch = ExitWatch.Begin(loop, this);
    }

    private enum Phase
    {
        /// <summary>The leader is not reaped.</summary>
        Running,

        /// <summary>The leader is reaped, members of its group live.</summary>
        Lingering,

        Ended,
    }

    /// <summary>The process's number, which is its group's too.</summary>
    public int Id => _group.Id;

    internal ProcessGroup Group => _group;

    /// <summary>When it started, by <see cref="Stopwatch.GetTimestamp"/>.</summary>
    internal long Started { get; } = Stopwatch.GetTimestamp();

    /// <summary>Whether the guardian was told of its group.</summary>
    internal bool Guarded { get; set; }

    internal bool HasEnded => _phase == Phase.Ended;

    /// <summary>
    /// How the leader ended, once it has, no member of its group is left and all output is handled. Faulted with what the output
    /// handler threw, after the group was killed for it.
    /// </summary>
    public Task<ProcessExit> Exit => _exit.Task;

    /// <summary>How many milliseconds the loop may sleep before <see cref="CheckGroup"/>.</summary>
    internal int NextCheck => Math.Min(1 << Math.Min(_checks, 8), LongestCheckInterval);

    /// <summary>Sends a signal to the whole group; does nothing once that is gone.</summary>
    /// <param name="signal">The signal's number.</param>
    public void Signal(int signal)
    {
        // A leader that ended since the last poll is not reaped yet: it holds its number, and a signal to it does nothing. A group
        // that lingers holds its number by its members; only when the last of them ended within the last check interval, and the
        // kernel has handed out every other number since, could this meet a stranger.
        if (_phase != Phase.Ended) _group.Signal(signal);
    }

    /// <summary>Asks the whole group to end (SIGTERM) and kills it if it has not after <paramref name="grace"/>.</summary>
    public async Task<ProcessExit> EndAsync(TimeSpan grace)
    {
        _grace = grace;
        Terminate();
        // The timer fires on another thread and may be late; Kill looks for itself whether there is still something to kill.
        using var timer = _loop.Time.CreateTimer(
            static state => ((RunningProcess)state!)._loop.Post(static state => ((RunningProcess)state!).Kill(), state),
            this, grace, Timeout.InfiniteTimeSpan);
        return await Exit;
    }

    /// <summary>Ends the whole group at once (SIGKILL).</summary>
    public void Kill()
    {
        Signal(Signals.Kill);
        _terminated ??= _loop.Time.GetTimestamp();
        _killed ??= _loop.Time.GetTimestamp();
    }

    /// <summary>Kills the group, if it has not ended, and reaps the leader, without waiting for members of the group to go.</summary>
    public void Dispose()
    {
        if (_phase == Phase.Ended) return;
        Kill();
        if (_phase == Phase.Running) LeaderEnded();
        if (_phase == Phase.Lingering) Finish();
    }

    internal static RunningProcess Start(ProcessLoop loop, ProcessSpec spec)
    {
        if (HoldsNul(spec)) throw ProcessStartException.From(spec, Errno.Invalid);
        var streams = ChildStreams.Open(loop, spec);
        try
        {
            var id = Spawn(loop, spec, streams);
            var (output, errors) = streams.TakeOurs();
            return new(loop, spec, id, output, errors);
        }
        finally
        {
            streams.Dispose();
        }
    }

    internal void Take(OutputStream stream, ReadOnlySpan<byte> bytes)
    {
        if (_handlerFailure is not null || _spec.OnOutput is not { } handler) return;
        try
        {
            handler(stream, bytes);
        }
        catch (Exception e)
        {
            _handlerFailure = e;
            Kill();
        }
    }

    /// <summary>Reaps the leader; the only place that does, so its number is never waited for twice.</summary>
    internal unsafe void LeaderEnded()
    {
        if (_phase != Phase.Running) return;
        int reaped;
        fixed (int* status = &_status)
            while ((reaped = LibC.WaitProcess(Id, status, 0)) < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted) { }
        _reapedElsewhere = reaped < 0;
        _exitWatch.Close();
        _leaderEnded = _orphansAsked = _loop.Time.GetTimestamp();

        // Only now, with the leader reaped, do members that count mean members that live. Where there are none, everything they ever
        // wrote is in the pipes already.
        if (!_group.HasMembers)
        {
            Finish();
            return;
        }
        _phase = Phase.Lingering;
        _loop.Linger(this);
    }

    /// <summary>
    /// Ends members that outlive their leader. They get a moment first: what only writes the last lines, such as a <c>tee</c>, ends by itself.
    /// </summary>
    internal void CheckGroup()
    {
        _checks++;
        _group.ReapOrphans();
        if (!_group.HasMembers || (_checks >= FirstWalk && !_group.HasLiveMembers()))
        {
            Finish();
            return;
        }
        var time = _loop.Time;
        if (_terminated is null)
        {
            if (time.GetElapsedTime(_leaderEnded) >= UntilTerminate) Terminate();
        }
        else if (_killed is null)
        {
            if (time.GetElapsedTime(_terminated.Value) >= _grace) Kill();
            else if (time.GetElapsedTime(_orphansAsked) >= UntilTerminate)
            {
                _orphansAsked = time.GetTimestamp();
                _group.TerminateOrphans();
            }
        }
        else if (++_checksAfterKill >= FewestChecksAfterKill && time.GetElapsedTime(_killed.Value) >= UntilGivenUp)
        {
            // Not ours to kill (another user's), or stuck in the kernel: the run must not hang for it. Where the machine stood still, the
            // time alone tells nothing: the killed need a moment on it to die.
            Finish();
        }
    }

    private void Terminate()
    {
        // The next Ctrl-C is for us: it ends what does not end.
        _loan?.TakeBack();
        Signal(Signals.Terminate);
        // A stopped process does not act on SIGTERM until it goes on.
        Signal(Signals.Continue);
        _terminated ??= _loop.Time.GetTimestamp();
    }

    private void Finish()
    {
        _phase = Phase.Ended;

        // What is still to be shown was written for a terminal in its mode of now.
        _output?.Drain();
        _errors?.Drain();
        _terminal?.Dispose();
        _loan?.Dispose();
        _loop.Forget(this);
        if (_loan is { WasLent: true } && ProcessExit.FromStatus(_status).Interrupted) _spec.OnInterrupt?.Invoke();
        if (_handlerFailure is not null) _exit.TrySetException(_handlerFailure);
        else if (_reapedElsewhere)
            _exit.TrySetException(new InvalidOperationException($"Process {Id} was reaped by other code in this program, so its exit code is lost."));
        else _exit.TrySetResult(ProcessExit.FromStatus(_status));
    }

    private static int Spawn(ProcessLoop loop, ProcessSpec spec, in ChildStreams streams)
    {
        var environment = spec.Environment ?? loop.OurEnvironment;
        if (spec.Directory is { } directory) environment = environment.In(directory);
        var request = new SpawnRequest
        {
            Executable = spec.Executable,
            Name = spec.Name ?? spec.Executable,
            Arguments = spec.Arguments.AsSpan(),
            Environment = environment.Pointer,
            Directory = spec.Directory,
            Terminal = streams.Terminal,
            Input = streams.Input,
            Output = streams.Output,
            Errors = streams.Errors,
            Held = spec.Held is { } held ? (int)held.DangerousGetHandle() : -1,
        };

        var error = loop.Spawner.Start(request, out var id);
        if (error == Errno.NotExecutableFormat)
        {
            // A script without a #! line: every shell runs it with sh, so do we.
            request.Executable = "/bin/sh";
            request.Script = spec.Executable;
            error = loop.Spawner.Start(request, out id);
        }
        GC.KeepAlive(environment);
        return error == 0 ? id : throw ProcessStartException.From(spec, error);
    }

    private static bool HoldsNul(ProcessSpec spec)
    {
        foreach (var argument in spec.Arguments)
            if (argument.Contains('\0', StringComparison.Ordinal)) return true;
        return spec.Executable.Contains('\0', StringComparison.Ordinal) || (spec.Directory?.Contains('\0', StringComparison.Ordinal) ?? false);
    }
}
