using System.Diagnostics;

namespace Lockstep.KillLoop;

/// <summary>One run of a workflow in a folder of its own, from its beginning through any number of deaths to its end.</summary>
internal sealed class Workflow : IDisposable
{
    // Every step leaves a line; those of "once" may do so once, whatever happens.
    private const string Commands = """
        pay: {
            sh -c 'echo begin >> trace'
            @parallel {
                sh -c 'echo left >> trace'
                @effect("once", verify = "grep -q first trace") { sh -c 'echo first >> trace' }
                @retry(attempts = 3, delay = 1ms) { sh -c 'echo try >> trace; test $(grep -c try trace) -ge 2' }
            }
            @lock("kill-loop") { sh -c 'echo locked >> trace' }
            @try {
                main: @effect("once", verify = "grep -q second trace") { sh -c 'echo second >> trace' }
                finally: sh -c 'echo cleaned >> trace'
            }
            sh -c 'echo end >> trace'
        }

        """;

    private static readonly string[] Lines = ["begin", "cleaned", "end", "first", "left", "locked", "second", "try"];
    private static readonly string[] Once = ["first", "second"];

    private readonly string _binary;
    private readonly string _folder = Directory.CreateTempSubdirectory("lockstep-kill-").FullName;
    private string? _run;

    public Workflow(string binary)
    {
        _binary = binary;
        File.WriteAllText(Path.Combine(_folder, "commands.cli"), Commands);
    }

    public TimeSpan TimeOfAWholeRun()
    {
        using var other = new Workflow(_binary);
        var clock = Stopwatch.StartNew();
        other.Run("pay");
        return clock.Elapsed;
    }

    /// <summary>Begins the run, or resumes it, and kills the program after a while.</summary>
    /// <returns>Whether it was killed; it may have come to its end before.</returns>
    public bool KillAfter(TimeSpan delay)
    {
        using var process = Start(Next());
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < delay && !process.HasExited) Thread.SpinWait(100);
        if (process.HasExited) return false;
        process.Kill();
        process.WaitForExit();
        return true;
    }

    /// <summary>Lets the run come to its end; what is wrong with that, if anything is.</summary>
    public Ending Finish()
    {
        var clock = Stopwatch.StartNew();
        var (exitCode, output) = Run(Next());
        var took = clock.Elapsed;
        var (_, verified) = Run("events");
        var lines = File.ReadAllLines(Path.Combine(_folder, "trace"));
        var missing = Lines.Except(lines).ToArray();
        var doubled = Once.Where(line => lines.Count(other => other == line) > 1).ToArray();
        var wrong = exitCode != 0 ? $"exit code {exitCode}: {output}"
            : missing.Length > 0 ? $"no {string.Join(", ", missing)} in {string.Join(' ', lines)}"
            : !verified.Contains("succeeded after", StringComparison.Ordinal) ? $"its journal: {verified}"
            : null;
        return new Ending(took, wrong, doubled.Length);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Whether the run is in the store is for the program to say: it may have died before that.</summary>
    private string[] Next()
    {
        _run ??= IdIn(Run("runs", "--json").Output);
        return _run is null ? ["pay"] : ["resume", _run];
    }

    private static string? IdIn(string json)
    {
        var start = json.IndexOf("\"run-", StringComparison.Ordinal) + 1;
        return start == 0 ? null : json[start..json.IndexOf('"', start)];
    }

    private (int ExitCode, string Output) Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(_binary, arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LOCKSTEP_HOME"] = Path.Combine(_folder, "store");
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}

/// <summary>How a workflow ended after its deaths.</summary>
/// <param name="Took">The time of its last resume.</param>
/// <param name="Wrong">What was lost; null when nothing was.</param>
/// <param name="Doubled">How many steps that may happen only once happened again.</param>
internal sealed record Ending(TimeSpan Took, string? Wrong, int Doubled);
