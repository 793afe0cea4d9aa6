using System.Text;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Cli.Reports;

/// <summary>What stands before a step's lines where steps run beside each other: the name of its branch.</summary>
internal sealed class StepLabels
{
    private const int LongestWords = 24;
    private readonly Dictionary<StepId, string> _labels = [];

    public StepLabels(Plan plan)
    {
        if (!plan.Steps().Any(step => Branches(step).Length > 1)) return;
        var pending = new Stack<(PlanNode Step, string? Label)>();
        pending.Push((plan.Root, null));
        while (pending.TryPop(out var next))
        {
            var (step, label) = next;
            if (label is not null) _labels[step.Id] = label;
            var branches = Branches(step);
            if (branches.Length <= 1)
            {
                foreach (var child in step.Children) pending.Push((child, label));
                continue;
            }
            var names = Distinct(branches);
            for (var i = 0; i < branches.Length; i++)
                pending.Push((branches[i], label is null ? names[i] : $"{label}/{names[i]}"));
        }
    }

    /// <summary>Whether any steps run beside each other.</summary>
    public bool Any => _labels.Count > 0;

    /// <summary>The step's label; null where it runs alone.</summary>
    public string? Of(StepId step) => _labels.Count == 0 ? null : _labels.GetValueOrDefault(step);

    /// <summary>What to call a step: its command's name, or the first words of what it runs.</summary>
    public static string NameOf(PlanNode step)
    {
        while (true)
        {
            switch (step)
            {
                case CallNode call: return call.Command;
                case ShellNode shell: return FirstWords(shell.Text);
                case LogNode: return "log";
                default:
                    if (step.Children.IsEmpty) return step.Id.Label;
                    step = step.Children[0];
                    break;
            }
        }
    }

    private static PlanNode[] Branches(PlanNode step) => step switch
    {
        ParallelNode { Concurrency: 1 } => [],
        ParallelNode parallel => [.. parallel.Branches],
        NeedsNode needs => [.. needs.Calls],
        _ => [],
    };

    private static string[] Distinct(PlanNode[] branches)
    {
        var names = branches.Select(NameOf).ToArray();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in names) seen[name] = seen.GetValueOrDefault(name) + 1;
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            if (seen[names[i]] == 1) continue;
            var number = counts[names[i]] = counts.GetValueOrDefault(names[i]) + 1;
            names[i] = $"{names[i]} #{number}";
        }
        return names;
    }

    private static string FirstWords(ShellTemplate text)
    {
        var literal = text.Pieces is [LiteralText first, ..] ? first.Text : "";
        var label = new StringBuilder();
        foreach (var word in literal.Split(' ', '\n', '\t'))
        {
            if (word.Length == 0) continue;
            if (label.Length > 0 && (word[0] == '-' || !word.All(IsPlain) || label.Length + word.Length >= LongestWords)) break;
            if (label.Length > 0) label.Append(' ');
            label.Append(word.Length <= LongestWords ? word : word[..LongestWords]);
        }
        return label.Length > 0 ? label.ToString() : "sh";
    }

    private static bool IsPlain(char c) => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' or '/' or ':' or '=' or '@';
}
