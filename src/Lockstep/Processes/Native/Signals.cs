namespace Lockstep.Processes.Native;

/// <summary>Signal numbers, as Linux numbers them on x64 and arm64.</summary>
internal static class Signals
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int User1 = 10;
    public const int User2 = 12;
    public const int Pipe = 13;
    public const int Alarm = 14;
    public const int Terminate = 15;
    public const int Child = 17;
    public const int Continue = 18;
    public const int TerminalStop = 20;
    public const int TerminalInput = 21;
    public const int TerminalOutput = 22;
    public const int WindowChanged = 28;

    /// <summary>
    /// What a child starts with at its default, however we or the runtime handle it. SIGHUP is left out: who starts us with
    /// <c>nohup</c> means the children too.
    /// </summary>
    public static ReadOnlySpan<byte> ResetInChildren =>
    [
        Interrupt, Quit, User1, User2, Pipe, Alarm, Terminate, Child, Continue, TerminalStop, TerminalInput, TerminalOutput, WindowChanged,
    ];
}
