using System.CommandLine;
using Lockstep.Execution;
using Lockstep.Journal;

namespace Lockstep.Cli.Reports;

/// <summary>Where a run's events are written as they happen.</summary>
/// <param name="File">The absolute path of a file; null for standard output.</param>
internal sealed record EventTarget(string? File)
{
    /// <summary>The word that stands for standard output; a file of that name is <c>./jsonl</c>.</summary>
    private const string Lines = "jsonl";

    /// <summary>Whether what a file holds is kept, as the events of a run that goes on belong after its earlier ones.</summary>
    public bool Append { get; init; }

    /// <summary>What <c>--events</c> says; null when it is not there.</summary>
    public static EventTarget? Of(string? text, Host host, string commandLine)
    {
        if (text is null) return null;
        if (text.Length == 0) throw CliException.Usage("--events needs a value", use: $"{commandLine} --events {Lines}");
        if (text != Lines) return new(Path.GetFullPath(text, host.Settings.Directory));
        if (host.Settings.Json) throw CliException.Usage($"--events {Lines} conflicts with --json: both are for standard output", use: $"{commandLine} --json --events events.jsonl");
        return new((string?)null);
    }
}

/// <summary>Writes each event as one line of JSON.</summary>
internal sealed class EventLines : IDisposable
{
    private readonly Stream _out;
    private readonly string? _file;

    private EventLines(Stream lines, string? file)
    {
        _out = lines;
        _file = file;
    }

    /// <summary>Why a file does not hold all events; null while it does.</summary>
    public string? Problem { get; private set; }

    public static Option<string> Option() => new("--events")
    {
        HelpName = "jsonl|FILE",
        Description = "Write each event as a line of JSON: jsonl to standard output, where output of steps then goes to standard error",
    };

    /// <summary>Opens a file before the run, so that a wrong name costs no run.</summary>
    public static EventLines Open(EventTarget target, Host host)
    {
        if (target.File is not { } path) return new(host.Screen.OutBytes, null);
        try
        {
            return new(new FileStream(path, target.Append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0), path);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new CliException(new CliError(ExitCode.Usage, $"events can't be written to {path}")
            {
                Why = failed is DirectoryNotFoundException ? "its folder does not exist" : "the file can't be opened for writing",
                Help = "name a file in a folder that exists and can be written to; nothing was run",
            });
        }
    }

    public void Write(RunId run, RunEvent happened)
    {
        if (Problem is not null) return;
        byte[] line = [.. EventJson.ToUtf8(run, happened), (byte)'\n'];
        try
        {
            _out.Write(line);
        }
        catch (IOException failed) when (_file is not null)
        {
            Problem = $"{_file} holds the events up to {happened.Sequence - 1} only: {failed.Message}";
        }
    }

    public void Dispose()
    {
        if (_file is not null) _out.Dispose();
    }
}
