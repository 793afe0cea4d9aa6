using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Plans.Views;

namespace Lockstep.Tests.Plans;

/// <summary>Plans in few words: <c>‹0›</c> in text is the plan's first value, <c>‹0:raw›</c> the same inserted by @raw.</summary>
internal static partial class Sketch
{
    private static int _ids;

    public static readonly PlanContext Context = new("/project", [new("commands.cli", new string('0', 64))], "linux", "x64");

    public static StepId Id() => new($"step-{Interlocked.Increment(ref _ids)}");

    public static Plan Plan(string command, ImmutableArray<PlannedValue> values, params PlanNode[] steps)
        => new(command, PlanMode.Run, Sequence(steps), values, Context);

    public static Plan Plan(string command, params PlanNode[] steps) => Plan(command, [], steps);

    public static string Tree(this Plan plan, TreeOptions? options = null)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\r\n" };
        PlanTree.Write(text, plan, options ?? new TreeOptions());
        return text.ToString();
    }

    public static ShellTemplate Text(string text)
    {
        var pieces = ImmutableArray.CreateBuilder<TemplatePiece>();
        var at = 0;
        foreach (Match use in Use().Matches(text))
        {
            if (use.Index > at) pieces.Add(new LiteralText(text[at..use.Index]));
            var quoting = use.Groups[2].Value switch { "" => Quoting.Bare, ":raw" => Quoting.Raw, ":double" => Quoting.DoubleQuoted, _ => Quoting.Text };
            pieces.Add(new ValueUse(int.Parse(use.Groups[1].Value, CultureInfo.InvariantCulture), quoting));
            at = use.Index + use.Length;
        }

        if (at < text.Length) pieces.Add(new LiteralText(text[at..]));
        return new(pieces.ToImmutable());
    }

    public static ShellNode Shell(string text) => new(Id(), Text(text));

    public static LogNode Log(string message, LogLevel level = LogLevel.Info) => new(Id(), Text(message), level, Plain: false);

    public static SequenceNode Sequence(params PlanNode[] steps) => new(Id(), [.. steps]);

    public static PlanNode Body(PlanNode[] steps) => steps.Length == 1 ? steps[0] : Sequence(steps);

    public static ParallelNode Parallel(params PlanNode[] branches) => new(Id(), ParallelMode.FailFast, null, [.. branches]);

    public static TimeoutNode Timeout(TimeSpan duration, params PlanNode[] body) => new(Id(), duration, Body(body));

    public static RetryNode Retry(int attempts, TimeSpan delay, params PlanNode[] body)
        => new(Id(), attempts, delay, Exponential: false, TimeSpan.FromMinutes(5), Jitter: false, Body(body));

    public static CallNode Call(string command, params PlanNode[] body) => new(Id(), command, [], body.Length == 0 ? null : Body(body));

    public static ChainNode Chain(ChainOperator joint, params PlanNode[] links) => new(Id(), joint, [.. links]);

    public static ConditionalNode When(string variable, string? value, string? selected, params (string Pattern, PlanNode Body)[] branches)
        => new(
            Id(), variable, null, [.. branches.Select(branch => new Branch(branch.Pattern, branch.Body))],
            new ConditionResult(value, selected, $"{variable}={value} matches pattern '{selected}'"));

    public static ConditionalNode WhenUnknown(string variable, params (string Pattern, PlanNode Body)[] branches)
        => When(variable, null, null, branches) with { Evaluation = null };

    public static PlannedValue Variable(int marker, string name, string text)
        => new(marker, name, new VariableExpression(name, text), new(text, ValueSource.Variable));

    public static PlannedValue Environment(int marker, string key, string text, ValueSource source = ValueSource.Environment, string? fallback = null)
        => new(marker, key, new EnvironmentExpression(key, fallback), new(text, source));

    public static PlannedValue Http(int marker, string name, string label, string? text = null)
        => new(
            marker, name, new HttpExpression($"https://example.org/{label}", label, "", TimeSpan.Zero, TimeSpan.FromSeconds(10)),
            text is null ? null : new(text, ValueSource.Http, DateTimeOffset.UnixEpoch), Pinned: text is not null);

    public static PlannedValue Secret(int marker, string key)
        => new(marker, key, new SecretExpression(key, "env"), Sensitive: true);

    [GeneratedRegex("‹([0-9]+)(:[a-z]+)?›")]
    private static partial Regex Use();
}
