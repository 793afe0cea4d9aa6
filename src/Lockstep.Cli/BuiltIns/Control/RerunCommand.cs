using System.CommandLine;
using Lockstep.Cli.BuiltIns.History;
using Lockstep.Cli.BuiltIns.Running;
using Lockstep.Cli.Reports;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Json;

namespace Lockstep.Cli.BuiltIns.Control;

/// <summary><c>lockstep rerun RUN</c>: a new run of the same plan, which takes over what the old one did up to a step or a checkpoint.</summary>
internal sealed class RerunCommand() : BuiltIn("rerun", "Run a run's plan again, from its beginning, a step or a checkpoint")
{
    private readonly Argument<string> _run = StoreAccess.RunArgument();
    private readonly Option<string> _from = new("--from") { HelpName = "STEP|CHECKPOINT", Description = "Keep the results of what ended before it" };
    private readonly Option<int?> _jobs = JobsOption.New();
    private readonly Option<string> _events = EventLines.Option();
    private readonly GivenValueOptions _values = new("Another value for a parameter", "Another value for a variable");

    public override string Usage => "[RUN]";

    public override string? Details => """
        The old run stays as it is; the new one has an id of its own. Steps that ended before the step or checkpoint keep their
        results, whatever values they saw; the others run, with the plan of the old run, however the file was edited since.
        """;

    public override IEnumerable<Argument> Arguments => [_run];

    public override IEnumerable<Option> Options => [_from, .. _values.All, _jobs, _events];

    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("lockstep rerun last --from deploy/3", "again from this step"),
        ("lockstep rerun last --from tested --input env=prod", "from a checkpoint, with another value for a parameter"),
    ];

    public override int Run(Request request, Host host)
    {
        var parent = StoreAccess.Read(host, history => StoreAccess.Find(history, request.Parsed.GetValue(_run), host)).Id;
        var from = request.Parsed.GetValue(_from);
        var jobs = request.Parsed.GetValue(_jobs);
        JobsOption.Check(jobs, host);
        var events = EventTarget.Of(request.Parsed.GetValue(_events), host, "lockstep rerun");
        return StoreAccess.Write(() =>
        {
            var fork = Fork(host, parent, from, _values.Read(request.Parsed));
            host.Note($"Reruns {parent} from {fork.From}{(fork.Changes.Count > 0 ? $", with {string.Join(", ", fork.Changes)}" : "")}");
            return new RunExecution(options => ProjectAccess.Runs(host).Run(fork, options), fork.Plan, host) { Before = fork.Shared, Events = events, Jobs = jobs }.Run();
        });
    }

    private static RunFork Fork(Host host, RunId parent, string? from, GivenValues values)
    {
        try
        {
            return ProjectAccess.Runs(host).Fork(parent, from is null ? null : Position(host, parent, from), values);
        }
        catch (ForkPointException wrong)
        {
            throw new CliException(new CliError(ExitCode.NotFound, $"{parent} can't be rerun from there") { Why = wrong.Message, Help = $"{wrong.Help}: `lockstep events {parent}` has them" });
        }
        catch (ValueNotGivenException wrong)
        {
            throw GivenValueOptions.Error(wrong, parent, from is null ? "rerun" : $"rerun --from {from}");
        }
    }

    /// <summary>A checkpoint's label as it is; for a step its whole id.</summary>
    private static string Position(Host host, RunId run, string from) => StoreAccess.Read(host, history =>
    {
        if (history.Events(run).Any(happened => happened is CheckpointCreated checkpoint && checkpoint.Label == from)) return from;
        return StepAccess.Find(PlanJson.Read(history.Plan(run)).Steps().Select(step => step.Id), from, run)?.Path ?? from;
    });
}
