using System.Runtime.InteropServices;
using Lockstep.Processes.Native;

namespace Lockstep.Processes.Terminals;

/// <summary>
/// A process's own terminal, coupled to ours: it has our size and settings, and when it takes our input, what is typed goes to it
/// key by key until it ends.
/// </summary>
internal sealed class TerminalSession : IDisposable
{
    private const int None = -1;

    private readonly ProcessLoop _loop;
    private readonly int _theirs;
    private readonly int _ours;
    private readonly Keyboard? _keyboard;
    private readonly PosixSignalRegistration? _resized;
    private readonly byte[]? _mode;
    private bool _closed;

    /// <param name="loop">Where it is read.</param>
    /// <param name="theirs">Our side of the process's terminal, which stays its owner's to close.</param>
    /// <param name="takesInput">Whether what is typed goes to it.</param>
    /// <param name="onInterrupt">Called when the interrupt key is typed and makes a signal there.</param>
    public TerminalSession(ProcessLoop loop, int theirs, bool takesInput, Action? onInterrupt)
    {
        _loop = loop;
        _theirs = theirs;
        _ours = OurTerminal();
        if (_ours == None) return;

        _resized = PosixSignalRegistration.Create((PosixSignal)Signals.WindowChanged, _ => _loop.Post(static state => ((TerminalSession)state!).Resize(), this));
        Resize();
        _mode = PseudoTerminal.Mode(_ours);
        if (!takesInput || _mode is null) return;
        _keyboard = new(loop, theirs, onInterrupt);
        PseudoTerminal.SetMode(_ours, PseudoTerminal.Raw(_mode));
        AppDomain.CurrentDomain.ProcessExit += Restore;
    }

    /// <summary>The first of our standard descriptors that is a terminal.</summary>
    private static int OurTerminal()
    {
        for (var descriptor = 0; descriptor <= 2; descriptor++)
            if (LibC.IsTerminal(descriptor) != 0) return descriptor;
        return None;
    }

    /// <summary>
    /// Whether our input is a terminal that is ours to read, so that a process can take it only through one of its own. In the
    /// background it is not, and to change its mode would stop us.
    /// </summary>
    public static bool InputIsTerminal => PseudoTerminal.IsForeground(0);

    /// <summary>Gives a new terminal our settings before anything runs on it.</summary>
    public static void Prepare(int theirs)
    {
        var ours = OurTerminal();
        if (ours == None || PseudoTerminal.Mode(ours) is not { } mode) return;
        PseudoTerminal.SetMode(theirs, mode);
        PseudoTerminal.CopySize(ours, theirs);
    }

    /// <summary>Gives the keyboard back, however the process ended.</summary>
    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        _resized?.Dispose();
        if (_keyboard is null) return;
        _keyboard.Close();
        AppDomain.CurrentDomain.ProcessExit -= Restore;
        Restore(null, EventArgs.Empty);
    }

    private void Restore(object? sender, EventArgs arguments) => PseudoTerminal.SetMode(_ours, _mode!);

    private void Resize()
    {
        // A change may be told after the process, and with it the terminal, is gone.
        if (!_closed) PseudoTerminal.CopySize(_ours, _theirs);
    }

    /// <summary>Passes on what is typed. While the process does not read, at most one buffer waits and no more is taken.</summary>
    private sealed unsafe class Keyboard : Watch
    {
        private const int BufferSize = 4096;

        private readonly ProcessLoop _loop;
        private readonly int _theirs;
        private readonly Action? _onInterrupt;
        private readonly Outlet _outlet;
        private readonly byte[] _waiting = new byte[BufferSize];
        private int _from;
        private int _to;

        public Keyboard(ProcessLoop loop, int theirs, Action? onInterrupt) : base(0)
        {
            _loop = loop;
            _theirs = theirs;
            _onInterrupt = onInterrupt;
            _outlet = new(this, LibC.FileControl(theirs, LibC.DuplicateCloseOnExec, 0));
            loop.Watch(this, PollEntry.Readable);
        }

        public override void Ready()
        {
            fixed (byte* start = _waiting) _to = (int)LibC.Read(Descriptor, start, BufferSize);
            _from = 0;
            if (_to <= 0)
            {
                if (_to == 0 || Marshal.GetLastPInvokeError() is not (Errno.Interrupted or Errno.TryAgain)) _loop.Unwatch(this);
                _to = 0;
                return;
            }

            // Asked now: the program may have switched to taking keys as they are, as editors do.
            var interrupted = PseudoTerminal.Mode(_theirs) is { } mode && PseudoTerminal.InterruptKey(mode) is { } key
                && _waiting.AsSpan(0, _to).Contains(key);
            PassOn();
            if (_from < _to)
            {
                _loop.Unwatch(this);
                _loop.Watch(_outlet, PollEntry.Writable);
            }
            if (interrupted) _onInterrupt?.Invoke();
        }

        public void Close()
        {
            _loop.Unwatch(this);
            _loop.Unwatch(_outlet);
            _ = LibC.Close(_outlet.Descriptor);
        }

        private void GoOn()
        {
            PassOn();
            if (_from < _to) return;
            _loop.Unwatch(_outlet);
            _loop.Watch(this, PollEntry.Readable);
        }

        private void PassOn()
        {
            while (_from < _to)
            {
                int written;
                fixed (byte* start = &_waiting[_from]) written = (int)LibC.Write(_outlet.Descriptor, start, (nuint)(_to - _from));
                if (written > 0) _from += written;
                else if (Marshal.GetLastPInvokeError() == Errno.TryAgain) return;
                // Nobody is left to read it.
                else if (Marshal.GetLastPInvokeError() != Errno.Interrupted) _from = _to;
            }
        }

        private sealed class Outlet(Keyboard keyboard, int descriptor) : Watch(descriptor)
        {
            public override void Ready() => keyboard.GoOn();
        }
    }
}
