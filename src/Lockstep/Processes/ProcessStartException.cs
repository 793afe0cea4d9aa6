using Lockstep.Processes.Native;

namespace Lockstep.Processes;

/// <summary>A process could not be started; the message is a sentence on why and one on what to do next.</summary>
internal sealed class ProcessStartException : Exception
{
    private ProcessStartException(string executable, int errorNumber, string message) : base(message)
    {
        Executable = executable;
        ErrorNumber = errorNumber;
    }

    /// <summary>What was to be started.</summary>
    public string Executable { get; }

    /// <summary>The operating system's error number.</summary>
    public int ErrorNumber { get; }

    /// <summary>The code a shell gives for the same failure: 127 when there is no such program, else 126.</summary>
    public int ShellCode => ErrorNumber == Errno.NotFound ? 127 : 126;

    internal static ProcessStartException From(ProcessSpec spec, int errorNumber) =>
        new(spec.Executable, errorNumber, $"Could not start '{spec.Executable}': {Explain(spec, errorNumber)}");

    private static string Explain(ProcessSpec spec, int errorNumber)
    {
        // The error number does not say whether the directory or the program caused it.
        if (spec.Directory is { } directory)
        {
            if (File.Exists(directory)) return $"its working directory '{directory}' is a file. Name a directory.";
            if (errorNumber is Errno.NotFound && !Directory.Exists(directory))
                return $"its working directory '{directory}' does not exist. Create it, or name another.";
            if (errorNumber is Errno.AccessDenied && LibC.Access(directory, 1) != 0)
                return $"its working directory '{directory}' may not be entered. Check its permissions.";
        }

        return errorNumber switch
        {
            Errno.NotFound when File.Exists(spec.Executable) =>
                "the interpreter that its first line (#!) or its header names does not exist. Install it, or correct that line.",
            Errno.NotFound => "there is no such file. Check the name and PATH.",
            Errno.NotDirectory => "a part of its path is not a directory. Check the path.",
            Errno.AccessDenied when Directory.Exists(spec.Executable) => "it is a directory. Name a program.",
            Errno.AccessDenied or Errno.NotPermitted => "it may not be executed. Make it executable with chmod +x, or check the file system's mount options.",
            Errno.ArgumentsTooLong =>
                $"its arguments and environment are too long ({Length(spec):N0} bytes; one argument may hold 131,071). Pass the text through a file or standard input.",
            Errno.TryAgain => "no more processes may be started. End some, or raise the limit (ulimit -u, or the container's pids limit).",
            Errno.FilesExhausted => "this process has too many open files. Run fewer steps at once, or raise the limit (ulimit -n).",
            Errno.SystemFilesExhausted => "the system has too many open files. Close some programs, or raise fs.file-max.",
            Errno.NoMemory => "there is not enough memory. End some programs, or run fewer steps at once.",
            Errno.TextBusy => "it is open for writing. Wait until what writes it has closed it.",
            Errno.NotExecutableFormat => "it is not a program for this machine. Check which architecture it was built for.",
            Errno.NameTooLong => "its path is too long. Use a shorter one.",
            Errno.Invalid => "an argument holds NUL, which no program can be given. Remove it.",
            _ => $"the operating system refused with error {errorNumber} ({System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(errorNumber)}).",
        };
    }

    private static long Length(ProcessSpec spec)
    {
        long length = 0;
        foreach (var argument in spec.Arguments) length += argument.Length + 1;
        if (spec.Environment is { } environment)
            foreach (var (name, value) in environment.Variables) length += name.Length + value.Length + 2;
        return length;
    }
}
