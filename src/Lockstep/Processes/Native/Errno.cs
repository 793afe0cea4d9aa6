namespace Lockstep.Processes.Native;

/// <summary>The error numbers that are told apart, as Linux numbers them on x64 and arm64.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NotFound = 2;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int NoDevice = 6;
    public const int ArgumentsTooLong = 7;
    public const int NotExecutableFormat = 8;
    public const int NoChild = 10;
    public const int TryAgain = 11;
    public const int NoMemory = 12;
    public const int AccessDenied = 13;
    public const int NotDirectory = 20;
    public const int Invalid = 22;
    public const int SystemFilesExhausted = 23;
    public const int FilesExhausted = 24;
    public const int TextBusy = 26;
    public const int NameTooLong = 36;
}
