using System.Collections.Immutable;
using Lockstep.Expressions;
using Lockstep.Plans.Json;
using Lockstep.Plans.Nodes;
using Lockstep.Source;

namespace Lockstep.Plans;

/// <summary>Values given for a plan that was made before: those that replace its own, and sensitive ones, which no stored plan keeps.</summary>
public sealed record GivenValues
{
    /// <summary>None.</summary>
    public static GivenValues None { get; } = new();

    /// <summary>The command's parameters, by name; default none.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The definition's variables, by name; default none.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Whether sensitive ones may be missing, as where a run goes on only to end: then the steps that need them fail by themselves.</summary>
    internal bool MayLack { get; init; }

    /// <summary>The plan with its sensitive values as they were given again.</summary>
    /// <param name="restored">The plan, with what could be had without them.</param>
    /// <exception cref="ValueNotGivenException">One is missing, or one is given that the plan has already.</exception>
    internal Plan Complete(RestoredPlan restored)
    {
        var given = Named(restored.Stored, restored.Taken);
        var fixedValue = given.FirstOrDefault(one => !IsMissing(one.Value));
        if (fixedValue.Value is { } known)
            throw new ValueNotGivenException($"the run goes on with the value that '{known.Name}' has", [], $"only `lockstep rerun` replaces values: write {fixedValue.Flag} {known.Name}=… there");
        var plan = With(restored.Plan, given);
        return MayLack ? plan : CheckComplete(restored, plan);
    }

    /// <summary>The plan with these values in place of its own, and what changed, in words.</summary>
    /// <exception cref="ValueNotGivenException">The plan has no such value, or lacks a sensitive one.</exception>
    internal (Plan Plan, ImmutableArray<string> Changes) Replace(RestoredPlan restored)
    {
        var given = Named(restored.Stored, restored.Taken);
        var changes = given.Select(one => $"{one.Value.Name}={(one.Value.Sensitive ? Views.PlannedText.Redacted : one.Text)}");
        return (CheckComplete(restored, With(restored.Plan, given)), [.. changes]);
    }

    private static Plan With(Plan plan, List<Given> given)
    {
        if (given.Count == 0) return plan;
        var values = plan.Values.ToBuilder();
        foreach (var one in given)
        {
            var expression = one.Value.Expression switch
            {
                ParameterExpression parameter => parameter with { Text = one.Text, IsDefault = false },
                VariableExpression variable => variable with { Text = one.Text },
                var other => other,
            };
            values[one.Index] = one.Value with { Expression = expression, Resolved = new ResolvedValue(one.Text, ValueSource.Input), Pinned = false, Error = null, NotKept = false };
        }

        // The tree is built anew as it is read, so that conditions follow their values at any depth; what is sensitive is not written.
        var replaced = plan with { Values = values.MoveToImmutable() };
        return PlanJson.Read(PlanJson.ToUtf8(replaced), step => Evaluated(step, replaced.Values)) with { Values = replaced.Values };
    }

    private static PlanNode Evaluated(PlanNode step, ImmutableArray<PlannedValue> values)
    {
        if (step is not ConditionalNode { Value: { } index, Evaluation: not null } condition || values[index].Resolved is not { } value) return step;
        var patterns = condition.Branches.Select(branch => branch.Pattern);
        return condition with { Evaluation = ConditionResult.Choose(condition.Variable, value.Text, values[index].Sensitive, patterns) };
    }

    private static Plan CheckComplete(RestoredPlan restored, Plan plan)
    {
        var used = plan.UsedValues();
        var missing = plan.Values.Where((value, index) => IsMissing(value) && used.Contains(index)).ToList();
        if (missing.Count == 0) return plan;
        var flags = missing.Where(value => restored.Asked.IsEmpty || value.Expression is ParameterExpression).Select(value => $"{FlagOf(value)} {Quoted(value.Name)}=…")
            .Concat(restored.Asked.Select(name => $"--input {name}=…")).Distinct().ToArray();
        throw new ValueNotGivenException(
            $"sensitive values are not kept with a run, and it needs {(flags.Length == 1 ? "one" : $"{flags.Length}")} of them again", flags,
            restored.FileChanged ? "the definition file has changed since or is gone; while it is as it was, only parameters are asked for" : null)
        {
            IsMissing = true,
        };
    }

    private static string Quoted(string name) => name.StartsWith('@') ? $"'{name}'" : name;

    /// <summary>A value that only its writer knows: others are asked for where they come from.</summary>
    private static bool IsMissing(PlannedValue value) => value is { NotKept: true, Resolved: null };

    private static string FlagOf(PlannedValue value) => value.Expression is ParameterExpression ? "--input" : "--set";

    private List<Given> Named(Plan plan, ImmutableArray<string> taken)
    {
        var given = new List<Given>();
        foreach (var (name, text) in Inputs) Add(name, text, "--input", value => value.Expression is ParameterExpression parameter && parameter.Name == name);
        foreach (var (name, text) in Variables) Add(name, text, "--set", value => value.Expression is not ParameterExpression && value.Name == name);
        return given;

        void Add(string name, string text, string flag, Func<PlannedValue, bool> fits)
        {
            var found = plan.Values.Select((value, index) => new Given(index, value, flag, text)).Where(one => fits(one.Value)).ToList();

            // A command called inside may have a parameter of the same name: what the run itself was given goes first.
            var own = found.Where(one => one.Value.Resolved is null or { Source: ValueSource.Input }).ToList();
            if (own.Count > 0) found = own;
            if (found.Count == 0 && flag == "--input" && taken.Contains(name)) return;
            if (found.Count == 0) throw Unknown(plan, name, flag);
            if (found.Count > 1 && flag == "--input")
                throw new ValueNotGivenException($"several commands of the plan have a parameter '{name}', and they can't be told apart", [], "run the command anew with that argument");
            given.AddRange(found);
        }
    }

    private static ValueNotGivenException Unknown(Plan plan, string name, string flag)
    {
        var names = plan.Values.Where(value => FlagOf(value) == flag).Select(value => value.Name).Distinct().ToList();
        var other = plan.Values.FirstOrDefault(value => value.Name == name);
        var help = other is not null ? $"write {FlagOf(other)} {name}=…"
            : NearestName.Of(name, names) is { } nearest ? $"write {flag} {nearest}=…"
            : names.Count == 0 ? "see its values with `lockstep why`" : $"it has {string.Join(", ", names.Take(10))}";
        return new($"no step of the plan uses a {(flag == "--input" ? "parameter" : "variable")} '{name}'", [], help);
    }

    private readonly record struct Given(int Index, PlannedValue Value, string Flag, string Text);
}

/// <summary>A value is needed that is not given, or given that is not needed.</summary>
/// <param name="message">What is wrong, without a final stop.</param>
/// <param name="flags">What to add to the command line, such as <c>--input token=…</c>; empty where that is not all.</param>
/// <param name="help">What to do, in words; null where the flags say it.</param>
public sealed class ValueNotGivenException(string message, IReadOnlyList<string> flags, string? help) : Exception(message)
{
    /// <summary>What to add to the command line, such as <c>--input token=…</c>; empty where that is not all.</summary>
    public IReadOnlyList<string> Flags { get; } = flags;

    /// <summary>What to do, in words; null where the flags say it.</summary>
    public string? Help { get; } = help;

    /// <summary>Whether a value is missing; false where one is given that can't be.</summary>
    public bool IsMissing { get; internal init; }
}
