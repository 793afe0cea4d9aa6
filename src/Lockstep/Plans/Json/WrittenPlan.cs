using System.Runtime.CompilerServices;
using Lockstep.Plans.Estimates;

namespace Lockstep.Plans.Json;

/// <summary>What is worked out from a plan for its runs, once and when it is first needed: a program may run one plan many times.</summary>
internal sealed class WrittenPlan
{
    private static readonly ConditionalWeakTable<Plan, WrittenPlan> _known = [];
    private readonly Lazy<byte[]> _json;
    private readonly Lazy<string> _hash;
    private readonly Lazy<IReadOnlyDictionary<StepId, long>> _stepHashes;

    private WrittenPlan(Plan plan)
    {
        _json = new(() => PlanJson.ToUtf8(plan));
        _hash = new(() => GraphHash.Of(plan));
        _stepHashes = new(() => StepHash.Of(plan));
    }

    public byte[] Json => _json.Value;

    public string Hash => _hash.Value;

    /// <summary>What each step is known by in the history of how long steps take.</summary>
    public IReadOnlyDictionary<StepId, long> StepHashes => _stepHashes.Value;

    public static WrittenPlan Of(Plan plan) => _known.GetValue(plan, static plan => new(plan));
}
