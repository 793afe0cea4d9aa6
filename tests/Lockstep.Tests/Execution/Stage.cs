using System.Text;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Processes;
using Lockstep.Sqlite;

namespace Lockstep.Tests.Execution;

/// <summary>A project of a test's own: a folder with a <c>commands.cli</c>, a store, and real processes.</summary>
internal sealed class Stage : IDisposable
{
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly Random _random = new(7);

    public Stage(string commands)
    {
        Folder.Write("project/commands.cli", commands);
        _environment["LOCKSTEP_HOME"] = Folder["store"];
        _environment["LOCKSTEP_DELIVERY_WAIT"] = "60";
    }

    public TemporaryFolder Folder { get; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public RunOptions Options { get; init; } = new();

    /// <summary>Told output as it comes.</summary>
    public Action<string>? OnOutput { get; set; }

    public string this[string relative] => Folder["project/" + relative];

    public Stage With(string variable, string value)
    {
        _environment[variable] = value;
        return this;
    }

    public Planned Plan(string name, params string[] arguments) => Open().Plan(name, PlanMode.Run, arguments);

    /// <summary>Runs a command to its end; <paramref name="seen"/> is told each event as it happens.</summary>
    public Report Run(string name, Action<RunEvent>? seen = null, params string[] arguments)
    {
        var project = Open();
        var planned = project.Plan(name, PlanMode.Run, arguments);
        Assert.Empty(planned.Diagnostics);
        return Watched(Options with { Arguments = arguments }, seen, options => project.Run(planned.Plan!, options));
    }

    /// <summary>Runs a command that something is asked of as it runs.</summary>
    public Report Run(string name, Action<RunEvent>? seen, RunControl control) => Run(name, seen, Options with { Control = control });

    /// <summary>Runs a command in a way of its own.</summary>
    public Report Run(string name, Action<RunEvent>? seen, RunOptions how)
    {
        var project = Open();
        return Watched(how, seen, options => project.Run(project.Plan(name, PlanMode.Run, []).Plan!, options));
    }

    /// <summary>Goes on with a run of this stage.</summary>
    public Report Resume(RunId run, RunOptions? options = null, Action<RunEvent>? seen = null)
        => Watched(options ?? Options, seen, how => new Runs(Around()).Resume(run, how));

    /// <summary>Runs a fork of a run of this stage.</summary>
    public Report Rerun(RunId run, string? from = null, GivenValues? values = null, Action<RunEvent>? seen = null, RunControl? control = null)
    {
        var runs = new Runs(Around());
        var fork = runs.Fork(run, from, values);
        return Watched(control is null ? Options : Options with { Control = control }, seen, how => runs.Run(fork, how));
    }

    /// <summary>The events of a run as the store holds them.</summary>
    public IReadOnlyList<RunEvent> Kept(RunId run)
    {
        using var history = new Runs(Around()).OpenHistory();
        return history.Events(run);
    }

    /// <summary>A run as the store lists it.</summary>
    public RunRecord Listed(RunId run)
    {
        using var history = new Runs(Around()).OpenHistory();
        return history.Find(run.Text)!;
    }

    /// <summary>Asks something of a run of this stage as another process does.</summary>
    public void Ask(RunId run, ControlRequest request) => new Runs(Around()).Ask(run, request);

    public string Read(string relative) => File.ReadAllText(this[relative]);

    public void Dispose() => Folder.Dispose();

    private Report Watched(RunOptions options, Action<RunEvent>? seen, Func<RunOptions, RunResult> run)
    {
        var events = new List<RunEvent>();
        var output = new MemoryStream();
        var errors = new MemoryStream();
        var result = run(options with
        {
            OnEvent = happened =>
            {
                events.Add(happened);
                seen?.Invoke(happened);
            },
            OnOutput = (_, stream, bytes) =>
            {
                (stream == OutputStream.Output ? output : errors).Write(bytes);
                OnOutput?.Invoke(Encoding.UTF8.GetString(bytes));
            },
        });
        return new Report(result, events, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(errors.ToArray()));
    }

    private Project Open() => Project.Open(Around());

    public ProjectOptions Around() => new()
    {
        Directory = Folder["project"],
        Environment = _environment.GetValueOrDefault,
        Clock = Clock,
        Random = _random,
    };
}

/// <summary>What came of a run.</summary>
internal sealed record Report(RunResult Result, IReadOnlyList<RunEvent> Events, string Output, string Errors)
{
    public int ExitCode => Result.ExitCode;

    public Outcome Outcome => Result.End.Outcome;

    /// <summary>The ids of steps that ended so, in order.</summary>
    public string[] Ended(Outcome outcome) => [.. Events.OfType<StepEnded>().Where(ended => ended.Outcome == outcome).Select(ended => ended.Step.Path)];

    public string[] Skipped => [.. Events.OfType<StepSkipped>().Select(skipped => skipped.Step.Path)];
}
