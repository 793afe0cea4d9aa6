using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Source;
using Lockstep.Tests.Commands;
using Lockstep.Tests.Shape;

namespace Lockstep.Tests.Language;

public sealed class GuideTests
{
    [Theory]
    [MemberData(nameof(Examples))]
    public void The_guide_shows_what_is_printed(GuideExample example) => Assert.Equal(example.Expected, Printed(example));

    public static TheoryData<GuideExample> Examples()
    {
        var examples = new TheoryData<GuideExample>();
        foreach (var page in Directory.EnumerateFiles(Repository.PathOf("docs", "language"), "*.md").Order())
            foreach (var example in GuideExample.Of(Path.GetFileName(page), System.IO.File.ReadAllText(page)))
                examples.Add(example);
        return examples;
    }

    private static string Printed(GuideExample example)
    {
        var words = example.Words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var separator = Array.IndexOf(words, "--");
        var arguments = separator < 0 ? [] : words[(separator + 1)..];
        var before = separator < 0 ? words : words[..separator];
        var planner = Planner.Of(example.File);
        foreach (var word in before)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) continue;
            if (word.StartsWith("@http=", StringComparison.Ordinal)) planner.Answering<HttpExpression>(word[(equals + 1)..]);
            else planner.With(word[..equals], word[(equals + 1)..]);
        }
        var names = before.Where(word => !word.Contains('=', StringComparison.Ordinal)).ToArray();
        if (names.Length == 0)
        {
            var bag = new DiagnosticBag();
            Lockstep.Commands.Binding.Binder.CheckAll(planner.File, bag);
            return Planner.Print(bag.ToImmutable());
        }
        var mode = names[0] switch
        {
            "watch" => PlanMode.Watch,
            "stop" => PlanMode.Stop,
            _ => PlanMode.Run,
        };
        var planned = planner.Plan(mode, names[^1], arguments);
        return example.Kind == "error" || !planned.IsUsable ? Planner.Print(planned.Diagnostics) : Planner.Print(planned.Plan!);
    }
}
