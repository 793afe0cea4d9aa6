using System.Runtime.InteropServices;
using Lockstep.Processes.Native;

namespace Lockstep.Processes.Terminals;

/// <summary>
/// Our terminal, in the hands of a process group as soon as that asks for it. The kernel stops a group in the background that reads the
/// terminal or changes its mode; then it gets the terminal, and goes on. One that never asks leaves the keys to whoever shares the terminal
/// with us, such as a pager that reads what we print.
/// </summary>
internal sealed class TerminalLoan : IDisposable
{
    private const int Terminal = 0;
    private const int Stopped = 2;
    private const int ProcessAt = 16;
    private const int SignalAt = 24;

    private readonly ProcessLoop _loop;
    private readonly ProcessGroup _group;
    private readonly PosixSignalRegistration _childStopped;
    private readonly PosixSignalRegistration _weGoOn;
    private byte[]? _ours;
    private byte[]? _theirs;
    private bool _lent;
    private bool _suspended;
    private bool _closed;

    /// <param name="loop">Where the group's leader is watched.</param>
    /// <param name="group">A group of our session, whose leader is our child.</param>
    public TerminalLoan(ProcessLoop loop, ProcessGroup group)
    {
        _loop = loop;
        _group = group;
        _childStopped = On(Signals.Child, static loan => loan.Look());
        _weGoOn = On(Signals.Continue, static loan => loan.GoOn());
        // It may have stopped before we listened.
        Look();
    }

    /// <summary>Whether the group ever had it.</summary>
    public bool WasLent { get; private set; }

    /// <summary>Takes it back, as its mode was before; the group gets it again when it asks again.</summary>
    public void TakeBack()
    {
        if (!_lent) return;
        _lent = false;
        if (PseudoTerminal.ForegroundGroup(Terminal) != _group.Id) return;
        _theirs = PseudoTerminal.Mode(Terminal);
        PseudoTerminal.SetForeground(Terminal, PseudoTerminal.OurGroup());
        if (_ours is not null) PseudoTerminal.SetMode(Terminal, _ours);
    }

    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        _childStopped.Dispose();
        _weGoOn.Dispose();
        TakeBack();
    }

    private PosixSignalRegistration On(int signal, Action<TerminalLoan> react) => PosixSignalRegistration.Create((PosixSignal)signal, context =>
    {
        context.Cancel = true;
        _loop.Post(_ => react(this), null);
    });

    private unsafe void Look()
    {
        if (_closed) return;
        var answer = stackalloc byte[LibC.WaitAnswerSize];
        new Span<byte>(answer, LibC.WaitAnswerSize).Clear();
        if (LibC.WaitAny(LibC.WaitForProcess, _group.Id, answer, Stopped | LibC.NoHang) < 0 || *(int*)(answer + ProcessAt) == 0) return;
        var signal = *(int*)(answer + SignalAt);
        if (signal is Signals.TerminalInput or Signals.TerminalOutput && PseudoTerminal.IsForeground(Terminal))
        {
            Lend();
        }
        else if (signal is Signals.TerminalInput or Signals.TerminalOutput or Signals.TerminalStop)
        {
            // The shell that started us sees only us: it stops us with the step, and both go on together.
            TakeBack();
            _suspended = true;
            _ = LibC.Kill(0, signal);
        }
    }

    private void GoOn()
    {
        if (_closed || !_suspended) return;
        _suspended = false;
        if (PseudoTerminal.IsForeground(Terminal)) Lend();
        else _group.Signal(Signals.Continue);
    }

    private void Lend()
    {
        _ours = PseudoTerminal.Mode(Terminal);
        if (_theirs is not null) PseudoTerminal.SetMode(Terminal, _theirs);
        PseudoTerminal.SetForeground(Terminal, _group.Id);
        _lent = WasLent = true;
        _group.Signal(Signals.Continue);
    }
}
