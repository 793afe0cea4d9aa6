using Lockstep.Cli.BuiltIns.History;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Json;
using Lockstep.Plans.Nodes;
using Lockstep.Source;
using Lockstep.Sqlite;

namespace Lockstep.Cli.BuiltIns.Control;

/// <summary>Which steps of a run a person may have to answer for: those that may happen only once, were started, and did not end.</summary>
internal sealed class OpenQuestions(RunRecord run, Plan plan, RunState state)
{
    private readonly Dictionary<StepId, EffectKind> _effects = EffectsOf(plan);

    public static OpenQuestions Of(Host host, RunRecord run)
        => StoreAccess.Read(host, history => new OpenQuestions(run, PlanJson.Read(history.Plan(run.Id)), RunState.Of(history.Events(run.Id))));

    public List<StepId> All => [.. _effects.Keys.Where(Waits)];

    /// <summary>The step that is meant, which waits for an answer.</summary>
    /// <param name="name">Its id or the end of one; null for the one that waits.</param>
    public StepId Find(string? name)
    {
        if (name is null) return Only();
        var step = Named(name);
        if (Waits(step)) return step;
        throw new CliException(new CliError(ExitCode.Refused, $"{step} waits for no answer") { Why = WhyNot(step), Use = $"lockstep show {run.Id}" });
    }

    private StepId Only()
    {
        if (state.Paused?.Step is { } asked) return asked;
        return All switch
        {
            [var only] => only,
            [] => throw new CliException(new CliError(ExitCode.Refused, $"{run.Id} waits for no answer") { Use = $"lockstep show {run.Id}" }),
            [var first, ..] several => throw CliException.Usage($"{run.Id} waits for {several.Count} answers: {string.Join(", ", several)}", use: $"lockstep approve {run.Id} {first} --done"),
        };
    }

    private StepId Named(string name)
    {
        var steps = plan.Steps().Select(step => step.Id).Distinct().ToList();
        if (StepAccess.Find(steps, name, run.Id) is { } known) return known;
        throw new CliException(new CliError(ExitCode.NotFound, $"there is no step '{name}' in {run.Id}")
        {
            Why = NearestName.Of(name, steps.Select(step => step.Path)) is { } nearest ? $"did you mean {nearest}?" : null,
            Use = $"lockstep show {run.Id}",
        });
    }

    private bool Waits(StepId step) => state.Paused?.Step == step
        || run.Status != RunStatus.Running && _effects.GetValueOrDefault(step) == EffectKind.Once
            && state.Steps.TryGetValue(step, out var stood) && stood.Status == StepStatus.Running;

    private string WhyNot(StepId step)
    {
        if (!_effects.TryGetValue(step, out var effect)) return "it runs no command itself";
        if (effect != EffectKind.Once) return $"it is {EffectNode.Word(effect)}, and only a step that may happen only once (@effect(\"once\")) has a question";
        return state.Steps.GetValueOrDefault(step)?.Status switch
        {
            null => "it has not started",
            StepStatus.Running or StepStatus.Waiting => "it is running",
            StepStatus.Skipped => "it was skipped",
            _ => "it has ended",
        };
    }

    /// <summary>The effect of each command, which the nearest block around it says.</summary>
    private static Dictionary<StepId, EffectKind> EffectsOf(Plan plan)
    {
        var effects = new Dictionary<StepId, EffectKind>();
        var pending = new Stack<(PlanNode Node, EffectKind Effect)>([(plan.Root, EffectKind.Idempotent)]);
        while (pending.TryPop(out var next))
        {
            if (next.Node is ShellNode or CustomNode) effects.TryAdd(next.Node.Id, next.Effect);
            var inside = next.Node is EffectNode own ? own.Effect : next.Effect;
            for (var i = next.Node.Children.Length - 1; i >= 0; i--) pending.Push((next.Node.Children[i], inside));
        }

        return effects;
    }
}
