using System.Collections.Immutable;
using Lockstep.Execution.Steps;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Simulation;

/// <summary>A script laid over a plan: what each step's process does.</summary>
/// <param name="plan">The plan.</param>
/// <param name="script">The script.</param>
/// <param name="startReal">Starts a process after all, and waits for its end.</param>
internal sealed class ScriptedSteps(Plan plan, Script script, Func<StepProcess, ScriptedProcess> startReal)
{
    private readonly Dictionary<StepId, HashSet<string>> _names = NamesOf(plan);
    private readonly Lazy<List<string>> _texts = new(() => [.. plan.Steps().OfType<ShellNode>().Select(step => TextOf(step, plan, script)).Distinct()]);
    private readonly Dictionary<(StepId Step, int Attempt), ScriptedProcess> _recorded = [];
    private readonly Dictionary<StepId, ScriptRule?> _rules = [];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>What the script says of nothing that came up so far; false for what names no step at all.</summary>
    public ImmutableArray<(string Step, bool IsKnown)> Unused
        => [.. script.Steps.Select(rule => rule.Step).Concat(script.Confirmations.Keys).Where(step => !_used.Contains(step)).Select(step => (step, _names.Values.Any(names => Names(names, step)) || _texts.Value.Any(text => TextPattern.Matches(step, text))))];

    /// <summary>Every name that a rule can have here.</summary>
    public IEnumerable<string> Names() => _names.Values.SelectMany(names => names).Distinct();

    /// <param name="asked">The process.</param>
    /// <param name="attempt">Which attempt of its step it is, from 0.</param>
    public ScriptedProcess Of(StepProcess asked, int attempt)
    {
        if ((_rules[asked.Step.Id] = RuleOf(asked)) is not { Attempts: { IsDefaultOrEmpty: false } attempts } rule) return ScriptedProcess.Success;
        _used.Add(rule.Step);
        var scripted = attempts[Math.Min(attempt, attempts.Length - 1)];
        if (!scripted.Real) return scripted;
        if (_recorded.TryGetValue((asked.Step.Id, attempt), out var known)) return known;
        return _recorded[(asked.Step.Id, attempt)] = startReal(asked) with { Duration = scripted.Duration };
    }

    /// <summary>What a step's verify command ends with; null for the truth.</summary>
    public int? Verify(StepId step) => _rules.GetValueOrDefault(step)?.Verify;

    public string? Value(PlannedValue value) => script.Values.GetValueOrDefault(value.Name);

    public bool Grants(ConfirmNode step)
    {
        foreach (var (name, granted) in script.Confirmations)
        {
            if (!Names(_names[step.Id], name)) continue;
            _used.Add(name);
            return granted;
        }
        return true;
    }

    private ScriptRule? RuleOf(StepProcess asked)
    {
        string? text = null;
        foreach (var rule in script.Steps)
        {
            if (_names.TryGetValue(asked.Step.Id, out var names) && Names(names, rule.Step)) return rule;
            if (TextPattern.Matches(rule.Step, text ??= string.Concat(asked.Pieces.Select(piece => piece.Text)))) return rule;
        }
        return null;
    }

    private static bool Names(HashSet<string> names, string step)
        => names.Contains(step) || names.Any(name => name.Length > step.Length && name[^(step.Length + 1)] == '/' && name.EndsWith(step, StringComparison.Ordinal));

    /// <summary>The text of a value that a script says nothing of.</summary>
    public static string StandIn(PlannedValue value) => $"simulated-{value.Name}";

    /// <summary>The text that a step would run, as far as that is known without running it.</summary>
    private static string TextOf(ShellNode step, Plan plan, Script script) => string.Concat(step.Text.Pieces.Select(piece => piece switch
    {
        LiteralText literal => literal.Text,
        ValueUse use => plan.Values[use.Value].Resolved?.Text ?? script.Values.GetValueOrDefault(plan.Values[use.Value].Name) ?? StandIn(plan.Values[use.Value]),
        _ => throw new InvalidOperationException($"no text for a {piece.GetType()}"),
    }));

    private static Dictionary<StepId, HashSet<string>> NamesOf(Plan plan)
    {
        var names = new Dictionary<StepId, HashSet<string>>();
        var pending = new Stack<(PlanNode Node, ImmutableList<string> Around)>();
        pending.Push((plan.Root, []));
        while (pending.TryPop(out var next))
        {
            var (node, around) = next;
            if (node is CallNode call) around = around.Add(call.Command);
            if (node is ShellNode or ConfirmNode) names.TryAdd(node.Id, [node.Id.Path, .. around]);
            foreach (var child in node.Children) pending.Push((child, around));
        }
        return names;
    }
}

/// <summary>Patterns for the text of a step: <c>*</c> is any text, <c>?</c> any one character.</summary>
internal static class TextPattern
{
    public static bool Matches(string pattern, string text)
    {
        var (p, t, star, retry) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*') (star, retry, p) = (p, t, p + 1);
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t])) (p, t) = (p + 1, t + 1);
            else if (star >= 0) (p, t) = (star + 1, ++retry);
            else return false;
        }
        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }
}
