using System.Collections.Immutable;
using System.Text;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Simulation;

/// <summary>A point at which a simulated run was disturbed, and what came of it.</summary>
/// <param name="Fault">What was done to its first process.</param>
/// <param name="Where">The event or the step there.</param>
/// <param name="Recoveries">At how many points the process that went on was made to die too.</param>
/// <param name="Differences">What ended in another way than without that; empty when nothing did.</param>
public sealed record CrashPoint(Fault Fault, string Where, int Recoveries, ImmutableArray<string> Differences);

/// <summary>What came of disturbing a workflow everywhere.</summary>
/// <param name="Undisturbed">The run to which nothing happened.</param>
/// <param name="Points">The points tried, in the order of the run.</param>
/// <param name="Asked">How many runs had to ask a person whether a step had happened.</param>
public sealed record CrashFindings(SimulatedRun Undisturbed, ImmutableArray<CrashPoint> Points, int Asked)
{
    /// <summary>How many runs were disturbed, recoveries among them.</summary>
    public int Runs => Points.Length + Points.Sum(point => point.Recoveries);

    /// <summary>How many differences there were.</summary>
    public int Differences => Points.Sum(point => point.Differences.Length);
}

/// <summary>Lets lockstep die at every event and in every effect of a workflow, and again in each recovery, and compares the ends.</summary>
internal sealed class CrashEverywhere(Simulator simulator)
{
    private readonly HashSet<StepId> _once = [.. OnceSteps(simulator.Plan)];
    private int _asked;

    /// <summary>At most how many recoveries are disturbed; with more, some are left out evenly.</summary>
    public int MostRecoveries { get; init; } = 10_000;

    /// <summary>Whether the run is also paused at every event.</summary>
    public bool Pauses { get; init; }

    /// <summary>Whether the disk is also full from every event on.</summary>
    public bool FullDisks { get; init; }

    public CrashFindings Run()
    {
        var undisturbed = simulator.Run();
        var endings = new Endings(simulator.Plan, undisturbed);
        var faults = Faults(undisturbed.Lives[0], everything: true).ToArray();
        var points = ImmutableArray.CreateBuilder<CrashPoint>();
        var left = (long)MostRecoveries;
        for (var i = 0; i < faults.Length; i++)
        {
            var run = simulator.Run(faults[i]);
            if (!run.Began) continue;
            var differences = ImmutableArray.CreateBuilder<string>();
            Note(run, "");
            var recoveries = run.Lives.Length > 1 ? Recoveries(run.Lives[1], left / (faults.Length - i)) : [];
            foreach (var recovery in recoveries)
            {
                left--;
                var again = simulator.Run(faults[i], recovery);
                if (again.Began) Note(again, $"and again {recovery}: ");
            }
            points.Add(new CrashPoint(faults[i], Where(faults[i], undisturbed.Lives[0]), recoveries.Length, differences.ToImmutable()));

            void Note(SimulatedRun disturbed, string where)
            {
                if (disturbed.Asked > 0) _asked++;
                differences.AddRange(endings.Differences(disturbed).Select(difference => where + difference));
            }
        }
        return new CrashFindings(undisturbed, points.ToImmutable(), _asked);
    }

    private IEnumerable<Fault> Faults(SimulatedLife life, bool everything)
    {
        if (life.TookOver) yield return new Fault.AtTakeover();
        for (var number = 1; number <= life.Events.Length - (life.TookOver ? 1 : 0); number++)
        {
            yield return new Fault.AfterEvent(number, Unsaved: false);
            yield return new Fault.AfterEvent(number, Unsaved: true);
            if (Pauses) yield return new Fault.Pause(number);
            if (FullDisks && everything) yield return new Fault.FullDisk(number);
        }
        for (var number = 1; number <= life.Effects.Length; number++)
        {
            yield return new Fault.InEffect(number, EffectPoint.Started);
            yield return new Fault.InEffect(number, EffectPoint.Done);
            if (_once.Contains(life.Effects[number - 1])) yield return new Fault.InEffect(number, EffectPoint.Unknown);
        }
    }

    private Fault[] Recoveries(SimulatedLife life, long most)
    {
        var all = Faults(life, everything: false).ToArray();
        if (all.Length <= most) return all;
        return [.. Enumerable.Range(0, (int)most).Select(i => all[(int)(i * (long)all.Length / most)])];
    }

    private static string Where(Fault fault, SimulatedLife life) => fault is Fault.InEffect
        ? life.Effects[fault.Number - 1].Path
        : Brief(life.Events[fault.Number - 1]);

    private static string Brief(RunEvent happened)
    {
        var json = Encoding.UTF8.GetString(EventJson.ToUtf8(happened));
        var kind = json.Split('"', 5)[3];
        return happened is StepEvent about ? $"{kind} {about.Step}" : kind;
    }

    private static IEnumerable<StepId> OnceSteps(Plan plan)
        => plan.Steps().OfType<EffectNode>().Where(node => node.Effect == EffectKind.Once)
            .SelectMany(node => (plan with { Root = node }).Steps()).OfType<ShellNode>().Select(step => step.Id);
}
