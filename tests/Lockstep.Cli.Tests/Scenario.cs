using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lockstep.Cli.Tests;

/// <summary>A project in a folder of its own, with a store of its own, in which the real program is run.</summary>
internal sealed partial class Scenario : IDisposable
{
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal)
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
        ["LANG"] = "C.UTF-8",
    };

    public Scenario()
    {
        Folder = Directory.CreateTempSubdirectory("lockstep-cli-").FullName;
        Directory.CreateDirectory(Project);
        _environment["HOME"] = Folder;
        _environment["LOCKSTEP_HOME"] = Store;
        foreach (var name in (string[])["DOTNET_ROOT", "DOTNET_ROOT_X64"])
            if (Environment.GetEnvironmentVariable(name) is { } root) _environment[name] = root;
    }

    public string Folder { get; }

    public string Project => Path.Combine(Folder, "project");

    public string Store => Path.Combine(Folder, "store");

    /// <summary>The program and the arguments that come before its own.</summary>
    public static IReadOnlyList<string> Program { get; } = Environment.GetEnvironmentVariable("LOCKSTEP_TEST_BINARY") is { Length: > 0 } named
        ? [named]
        : ["dotnet", Path.Combine(AppContext.BaseDirectory, "Lockstep.Cli.dll")];

    /// <summary>Writes a file of the project.</summary>
    public Scenario With(string file, string text)
    {
        var path = Path.Combine(Project, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
        return this;
    }

    public Scenario Commands(string text) => With("commands.cli", text);

    public Scenario WithVariable(string name, string value)
    {
        _environment[name] = value;
        return this;
    }

    public string Read(string file) => System.IO.File.ReadAllText(Path.Combine(Project, file));

    public bool Exists(string file) => System.IO.File.Exists(Path.Combine(Project, file));

    /// <summary>Runs the program off a terminal.</summary>
    public Ran Run(params string[] arguments) => RunWithInput(null, arguments);

    public Ran RunWithInput(string? input, params string[] arguments)
    {
        using var process = Start(arguments);
        if (input is not null) process.StandardInput.Write(input);
        process.StandardInput.Close();
        return Wait(process);
    }

    /// <summary>Starts the program off a terminal; <see cref="Wait"/> gives what it did.</summary>
    public Process Start(params string[] arguments) => StartProcess([.. Program, .. arguments]);

    public static Ran Wait(Process process)
    {
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Ran(process.ExitCode, output, errors.Result);
    }

    /// <summary>Runs a line of shell in which <c>lockstep</c> is the program.</summary>
    public Ran Shell(string line)
    {
        using var process = StartProcess(["sh", "-c", $"lockstep() {{ {CommandLine} \"$@\"; }}\n{line}"]);
        process.StandardInput.Close();
        return Wait(process);
    }

    /// <summary>Runs a program that is given ours, with its arguments, as its own last arguments.</summary>
    public Ran RunUnder(string[] words, params string[] arguments)
    {
        using var process = StartProcess([.. words, .. Program, .. arguments]);
        process.StandardInput.Close();
        return Wait(process);
    }

    /// <summary>Starts any program in the project, with the scenario's environment.</summary>
    public Process StartUnder(string[] words) => StartProcess(words);

    /// <summary>Runs the program on a terminal of the given size; what it drew, as bytes for the terminal.</summary>
    public Ran RunOnTerminal(int columns, int rows, params string[] arguments)
    {
        using var process = StartOnTerminal(columns, rows, arguments);
        return Wait(process);
    }

    /// <summary>The same, and does not wait; what is written to its standard input is typed on the terminal.</summary>
    public Process StartOnTerminal(int columns, int rows, params string[] arguments)
    {
        _environment["TERM"] = "xterm-256color";
        var words = string.Join(' ', arguments.Select(Quoted));
        var line = $"stty cols {columns} rows {rows} && exec {CommandLine} {words}";
        return StartProcess(["script", "-qec", line, "/dev/null"]);
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // A background process may still write its last event; the folder is temporary in any case.
        }
    }

    /// <summary>The program as words of a line of shell.</summary>
    public static string CommandLine => string.Join(' ', Program.Select(Quoted));

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private Process StartProcess(string[] words)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            WorkingDirectory = Project,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        start.Environment.Clear();
        foreach (var (name, value) in _environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>What the program did.</summary>
    /// <param name="ExitCode">Its exit code.</param>
    /// <param name="Out">Its standard output.</param>
    /// <param name="Error">Its standard error.</param>
    internal sealed partial record Ran(int ExitCode, string Out, string Error)
    {
        /// <summary>Standard error with what differs from run to run replaced.</summary>
        public string Steady => Time().Replace(RunName().Replace(Error, "RUN"), "after TIME");

        public JsonElement Json => JsonDocument.Parse(Out).RootElement;

        public Ran Succeeded()
        {
            Assert.True(ExitCode == 0, $"exit code {ExitCode}\n--- stdout\n{Out}\n--- stderr\n{Error}");
            return this;
        }

        public Ran Failed(int exitCode)
        {
            Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, not {exitCode}\n--- stdout\n{Out}\n--- stderr\n{Error}");
            return this;
        }

        [GeneratedRegex("run-[0-9]{8}-[0-9]{6}-[0-9a-f]{8}")]
        private static partial Regex RunName();

        [GeneratedRegex("after [0-9.]+(ms|s|m[0-9]+s)")]
        private static partial Regex Time();
    }
}
