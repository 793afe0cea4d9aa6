using System.Runtime.InteropServices;
using Lockstep.Commands;
using Lockstep.Commands.Binding;
using Lockstep.Commands.Formatting;
using Lockstep.Commands.Planning;
using Lockstep.Commands.Syntax;
using Lockstep.Expressions;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Estimates;
using Lockstep.Processes;
using Lockstep.Processes.Shell;
using Lockstep.Simulation;
using Lockstep.Source;
using Lockstep.Workspaces.Outputs;

namespace Lockstep;

/// <summary>A folder's definitions: lists, plans and runs what they define.</summary>
public sealed class Project
{
    /// <summary>The name of the command language's file.</summary>
    public const string CommandsFileName = "commands.cli";

    /// <summary>The most a definition file may hold: 64 MiB.</summary>
    private const int MaxBytes = 64 << 20;

    private readonly ProjectOptions _options;
    private readonly CommandFile _file;
    private readonly byte[] _bytes;

    private Project(ProjectOptions options, string path, byte[] bytes)
    {
        _options = options;
        _bytes = bytes;
        File = path;
        Directory = Path.GetDirectoryName(path)!;
        _file = CommandFile.Read(ShownPath(options.Directory, path), bytes);
    }

    /// <summary>The definition file's absolute path.</summary>
    public string File { get; }

    /// <summary>The absolute folder that commands run in: the definition file's own.</summary>
    public string Directory { get; }

    /// <summary>The definition file's SHA-256, as a plan has it.</summary>
    internal string Sha256 => field ??= Source.Sha256.Hex(_bytes);

    /// <summary>Where runs are kept.</summary>
    public string StoreFolder => Sqlite.StoreFolder.Locate(_options.Environment);

    /// <summary>The same, or a path at which nothing can be kept.</summary>
    private string RunStore => Sqlite.StoreFolder.LocateOrNowhere(_options.Environment);

    /// <summary>What can be run, in the order of the file.</summary>
    public IReadOnlyList<CommandSummary> Commands => [.. _file.Commands.Select(Summary)];

    /// <summary>Whether the file could be read through; else what can be run may lack something, and <see cref="Check"/> says what is wrong.</summary>
    public bool IsReadable => !_file.Diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error);

    /// <summary>Opens the definitions that <paramref name="options"/> names, or the first found upward from its directory.</summary>
    /// <exception cref="ProjectNotFoundException">There is none, or it can't be read.</exception>
    public static Project Open(ProjectOptions options)
    {
        var path = Find(options) ?? throw new ProjectNotFoundException(
            $"no {CommandsFileName} in {options.Directory} or a folder above it; `lockstep init` writes one, `-f FILE` names another");
        return new Project(options, path, Read(path));
    }

    /// <summary>The absolute path of the definitions that <see cref="Open"/> would read; null when there are none.</summary>
    internal static string? Find(ProjectOptions options)
        => options.File is { } named ? Path.GetFullPath(named, options.Directory) : Search(Path.GetFullPath(options.Directory));

    /// <summary>All that is wrong with the definitions, at most 20 diagnostics, in the order of the file.</summary>
    public IReadOnlyList<Diagnostic> Check()
    {
        var bag = new DiagnosticBag();
        Binder.CheckAll(_file, bag, IsProgram);
        return bag.ToImmutable();
    }

    private bool IsProgram(string name)
        => name is "echo" or "true" or "false" || ShellWords.BelongsToShell(name) || new ExecutableSearch().Find(name, _options.Environment("PATH"), Directory) is not SearchResult.NotFound;

    /// <summary>The definitions in canonical form, or what is wrong with them.</summary>
    public (string? Text, IReadOnlyList<Diagnostic> Diagnostics) Format()
    {
        var bag = new DiagnosticBag();
        return (SyntaxFormatter.Format(_file, bag), bag.ToImmutable());
    }

    /// <summary>A quick plan: nothing is run, fetched or written; what that would take stays a placeholder.</summary>
    /// <param name="name">The command's name.</param>
    /// <param name="mode">What of that name: commands that run, and watches, are asked for with <see cref="PlanMode.Run"/>.</param>
    /// <param name="arguments">As on the command line: positional, <c>--name value</c> or <c>--name=value</c>.</param>
    public Planned Plan(string name, PlanMode mode, IReadOnlyList<string> arguments) => Plan(name, mode, arguments, null);

    /// <summary>A quick plan, with what each parameter is given replaced: by its name and text, null where its default holds.</summary>
    internal Planned Plan(string name, PlanMode mode, IReadOnlyList<string> arguments, Func<string, string?, string?>? given)
    {
        using var values = ProjectValues.Quick(_options, Directory, RunStore);
        var around = new PlanSurroundings
        {
            Context = new PlanContext(Directory, [new DefinitionFile(Path.GetFileName(File), Sha256)], Os, Arch),
            Environment = _options.Environment,
            Resolve = values.Cheap,
            IsProgram = IsProgram,
        };
        var planned = CommandPlanner.Plan(_file, new CommandRequest(name, mode, [.. arguments], around) { Given = given });
        var known = mode == PlanMode.Stop ? _file.FindStop(name) : _file.Find(name);
        // A file that can't be read through may well define the name: what is wrong with it is the better answer.
        var broken = known is null && _file.Diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error);
        return new Planned(planned.Plan, broken ? _file.Diagnostics : planned.Diagnostics)
        {
            UnknownName = known is null && !broken,
            Nearest = known is null ? NearestName.Of(name, _file.Commands.Select(command => command.Name)) : null,
        };
    }

    /// <summary>The plan with every value that can be known before the run, resolved and pinned.</summary>
    /// <exception cref="ValueNotResolvedException">A value can't be resolved; there is no partial plan.</exception>
    public Plan Resolve(Plan plan, CancellationToken cancel = default) => ProjectRun.Resolve(plan, _options, RunStore, cancel);

    /// <summary>How long a plan will take on this machine, from how long its steps took when they ran before.</summary>
    /// <exception cref="JournalException">History can't be read.</exception>
    public PlanEstimate Estimate(Plan plan)
    {
        using var history = Sqlite.History.Open(StoreFolder);
        return PlanEstimate.Of(plan, history.Timings(plan), Environment.ProcessorCount);
    }

    /// <summary>Runs a plan on the calling thread until it has ended.</summary>
    /// <exception cref="WatchRunningException">The plan is a watch's, and one of its name runs in its folder already.</exception>
    public RunResult Run(Plan plan, RunOptions options) => ProjectRun.Run(plan, _options, RunStore, options with { Arguments = Shown(plan, options.Arguments) });

    /// <summary>The plan in a world that is none: the real engine with scripted processes, a virtual clock and a journal in memory.</summary>
    /// <param name="plan">A plan of this project.</param>
    /// <param name="script">What processes do, and what values are; what it says nothing of succeeds at once.</param>
    /// <param name="arguments">The arguments the command was asked for with.</param>
    public Simulator Simulate(Plan plan, Script script, IReadOnlyList<string> arguments) => new(plan, new SimulatorOptions
    {
        Script = script,
        Environment = _options.Environment,
        StepEnvironment = ProjectValues.StepEnvironment(_options) ?? EnvironmentBlock.OfThisProcess(),
        StartReal = asked => RealProcess.Record(asked.Spec),
        Arguments = Shown(plan, arguments),
    });

    private IReadOnlyList<string> Shown(Plan plan, IReadOnlyList<string> arguments)
        => arguments.Count == 0 || (plan.Mode == PlanMode.Stop ? _file.FindStop(plan.Command) : _file.Find(plan.Command)) is not { } header ? arguments
            : ShownArguments.Of(plan, arguments, CommandLine.SensitiveTexts(_file.Source, header, arguments));

    internal static string Os => OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsWindows() ? "windows" : "linux";

    private static string Arch => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => "x64",
        Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };

    private static string? Search(string from)
    {
        for (var folder = from; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var path = Path.Combine(folder, CommandsFileName);
            if (System.IO.File.Exists(path) || System.IO.Directory.Exists(path)) return path;
        }
        return null;
    }

    private static byte[] Read(string path)
    {
        try
        {
            // A pipe would be waited for, a device read without end.
            using var file = RegularFile.Open(path)
                ?? throw new ProjectNotFoundException($"{path} is a pipe or a device; a definition file is a regular file: name one with `-f FILE`");
            var length = file.Length;
            if (length > MaxBytes)
                throw new ProjectNotFoundException($"{path} is larger than 64 MiB; a definition file is text: name another one with `-f FILE`");
            var bytes = new byte[length + 1];
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (count > length)
                throw new ProjectNotFoundException($"{path} is a device, or grows while it is read; a definition file is a regular file: name one with `-f FILE`");
            return bytes[..count];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ProjectNotFoundException(System.IO.Directory.Exists(path)
                ? $"{path} is a folder; a definition file is text: rename the folder, or name a file with `-f FILE`"
                : $"can't read {path}: {error.Message}; check that it exists and that you may read it");
        }
    }

    private static string ShownPath(string directory, string path)
    {
        var relative = Path.GetRelativePath(directory, path);
        return relative.Length < path.Length ? relative : path;
    }

    private CommandSummary Summary(CommandHeader header) => new(
        header.Name, ModeOf(header.Kind), header.Description(_file.Source),
        [.. header.Parameters.Select(parameter => new ParameterSummary(parameter.Name.Text, DefaultText(parameter)))],
        _file.Source.PositionAt(header.NameSpan.Start).Line);

    private string? DefaultText(ParameterSyntax parameter)
        => parameter.Default is not null && SensitiveName.Matches(parameter.Name.Text) ? RedactedText.Mark : parameter.Default is StringSyntax text ? text.Text : parameter.Default is { } other ? _file.Source.Slice(other.Span).ToString() : null;

    private static PlanMode ModeOf(CommandKind kind) => kind switch
    {
        CommandKind.Run => PlanMode.Run,
        CommandKind.Watch => PlanMode.Watch,
        CommandKind.Stop => PlanMode.Stop,
        _ => throw new InvalidOperationException($"no such kind: {kind}"),
    };
}
