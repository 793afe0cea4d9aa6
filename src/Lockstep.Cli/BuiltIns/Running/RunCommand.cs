using System.CommandLine;
using System.Globalization;
using Lockstep.Cli.Options;
using Lockstep.Cli.Reports;
using Lockstep.Execution;
using Lockstep.Plans;

namespace Lockstep.Cli.BuiltIns.Running;

/// <summary><c>lockstep run NAME</c>, and <c>lockstep NAME</c>.</summary>
internal sealed class RunCommand() : BuiltIn("run", "Plan a command of the file and run it")
{
    private readonly Option<bool> _dryRun = new("--dry-run", "-n") { Description = "Show the plan; start, fetch and write nothing" };
    private readonly Option<bool> _resolve = new("--resolve") { Description = "With --dry-run: find out every value that can be known" };
    private readonly Option<bool> _estimate = new("--estimate") { Description = "With --dry-run: say how long each step and the run will take" };
    private readonly Option<string> _expect = new("--expect") { HelpName = "HASH", Description = "Refuse to run anything but the plan with this hash" };
    private readonly Option<bool> _noCache = new("--no-cache") { Description = "Run what @cache would skip" };
    private readonly Option<int?> _jobs = JobsOption.New();
    private readonly Option<string> _junit = new("--junit") { HelpName = "FILE", Description = "Write a JUnit report" };
    private readonly Option<string> _events = EventLines.Option();
    private readonly Option<bool> _detach = new("--detach", "-d") { Description = "Run in the background, its output only in the log" };

    private readonly Option<bool> _detached = new(Detached.Flag) { Hidden = true };

    public override string Usage => "NAME [ARGUMENTS]";

    public override string? Details => """
        'run' can be left out where NAME is no command of lockstep's own.
        Flags of lockstep's may stand anywhere; everything after -- goes to the command.
        """;

    public override bool NamesCommand => true;

    public override IEnumerable<Option> Options => [_dryRun, _resolve, _estimate, _expect, _noCache, _jobs, _junit, _events, _detach, _detached];

    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("lockstep deploy prod v1.2", "arguments by position"),
        ("lockstep deploy --env=prod --tag v1.2", "arguments by name"),
        ("lockstep deploy --dry-run", "see what would happen"),
        ("lockstep run plan", "a command of the file that is named like one of lockstep's"),
    ];

    public override int Run(Request request, Host host)
    {
        var parsed = request.Parsed;
        var name = request.Name ?? throw CliException.Usage("run needs the NAME of a command", help: "lockstep alone lists what can be run here");
        var dryRun = parsed.GetValue(_dryRun);
        var resolve = parsed.GetValue(_resolve);
        if (resolve && !dryRun) throw CliException.Usage("--resolve flag requires --dry-run", use: $"lockstep run {name} --dry-run --resolve");
        var estimate = parsed.GetValue(_estimate);
        if (estimate && !dryRun) throw CliException.Usage("--estimate flag requires --dry-run", use: $"lockstep run {name} --dry-run --estimate");
        var detach = parsed.GetValue(_detach);
        if (detach && dryRun) throw CliException.Usage("--detach flag conflicts with --dry-run", use: $"lockstep run {name} --dry-run");

        var events = EventTarget.Of(parsed.GetValue(_events), host, $"lockstep run {name}");
        if (detach && events is { File: null })
            throw CliException.Usage("--events jsonl conflicts with --detach", use: $"lockstep run {name} --detach --events events.jsonl");

        var project = ProjectAccess.Open(host);
        if (dryRun)
        {
            var planned = ProjectAccess.Ask(project, host, name, request.Arguments);
            if (parsed.GetValue(_expect) is { } wanted) CheckHash(planned.Plan!, wanted);
            return PlanPrinter.Show(project, planned, new PlanRequest(host.Settings.Json ? PlanFormat.Json : PlanFormat.Tree, resolve, estimate), host);
        }
        var plan = ProjectAccess.Plan(project, host, name, request.Arguments);
        if (parsed.GetValue(_expect) is { } expected) CheckHash(plan, expected);
        var junit = parsed.GetValue(_junit) is { } file ? Path.GetFullPath(file, host.Settings.Directory) : null;
        var jobs = parsed.GetValue(_jobs);
        JobsOption.Check(jobs, host);
        if (detach) return Detached.Start(host, plan, [.. Passed(parsed, host, junit, events)], request.Arguments);
        var execution = new RunExecution(options => project.Run(plan, options), plan, host)
        {
            Arguments = request.Arguments,
            UseCache = !parsed.GetValue(_noCache),
            Jobs = jobs,
            Detached = parsed.GetValue(_detached),
            JUnit = junit,
            Events = events,
        };
        return execution.Run();
    }

    /// <summary>The flags that count in the background too.</summary>
    private IEnumerable<string> Passed(ParseResult parsed, Host host, string? junit, EventTarget? events)
    {
        if (host.Settings.File is { } file) yield return $"--file={file}";
        if (host.Settings.Yes) yield return "--yes";
        if (host.Settings.Verbosity == Verbosity.Verbose) yield return "--verbose";
        if (parsed.GetValue(_noCache)) yield return "--no-cache";
        if (parsed.GetValue(_jobs) is { } jobs) yield return $"--jobs={jobs.ToString(CultureInfo.InvariantCulture)}";
        if (junit is not null) yield return $"--junit={junit}";
        if (events is not null) yield return $"--events={events.File}";
        if (parsed.GetValue(_expect) is { } hash) yield return $"--expect={hash}";
    }

    private static void CheckHash(Plan plan, string expected)
    {
        var hash = GraphHash.Of(plan);
        if (hash == expected) return;
        throw new CliException(new CliError(ExitCode.Refused, $"the plan of {plan.Command} is not the expected one")
        {
            Why = $"expected {expected}, it is {hash}",
            Use = $"lockstep plan {plan.Command}",
        });
    }
}
