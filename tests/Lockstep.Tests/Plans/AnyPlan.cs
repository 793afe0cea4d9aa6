using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Source;

namespace Lockstep.Tests.Plans;

/// <summary>Plans of every kind of step and value, for properties that hold of all.</summary>
internal static class AnyPlan
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Elements("make", "echo done", "a b", "", "it's", "\"x\"", "$(id)", "日本", "a\tb\n", "\u001b[2J", "\u202e", "😀", "<b>&amp;", "-- \\ --", new string('x', 90)),
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => Valid(text.Get)));

    private static readonly Gen<string> Word = Gen.Elements("alpha", "beta", "gamma", "TAG", "API_KEY", "日本", "a b");

    private static readonly Gen<TimeSpan> Duration = Gen.Choose(0, 1_000_000_000).Select(n => TimeSpan.FromTicks(n * 37L));

    private static readonly Gen<bool> Flag = Gen.Elements(true, false);

    private static readonly Gen<StepId> Id = Gen.Choose(1, 1_000_000).Select(n => new StepId($"step/{n}"));

    public static Arbitrary<Plan> Any { get; } = Gen.Sized(size =>
        from values in Gen.Choose(0, 6).SelectMany(Values)
        from root in Step(Math.Min(size, 40), values.Length)
        from sequence in Flag
        from mode in Gen.Elements(PlanMode.Run, PlanMode.Watch, PlanMode.Stop)
        from command in Word
        select new Plan(command, mode, sequence ? new SequenceNode(new("root"), [root]) : root, values, Sketch.Context)).ToArbitrary();

    public static string Valid(string text) => new([.. text.Select(c => char.IsSurrogate(c) ? '?' : c)]);

    private static Gen<ImmutableArray<PlannedValue>> Values(int count) => Gen.CollectToList(Enumerable.Range(0, count), Value).Select(list => list.ToImmutableArray());

    private static Gen<PlannedValue> Value(int index) =>
        from expression in Expression
        from text in Text
        from source in Gen.Elements(Enum.GetValues<ValueSource>())
        from age in Gen.OneOf(Gen.Constant((TimeSpan?)null), Duration.Select(age => (TimeSpan?)age))
        from resolved in Flag
        from sensitive in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from failed in Gen.Frequency((6, Gen.Constant(false)), (1, Gen.Constant(true)))
        select Planned(index, expression, text, source, age, resolved || expression is VariableExpression or ParameterExpression, sensitive, failed);

    private static PlannedValue Planned(
        int index, ValueExpression expression, string text, ValueSource source, TimeSpan? age, bool resolved, bool sensitive, bool failed)
    {
        var result = resolved ? new ResolvedValue(text, source, age is null ? null : DateTimeOffset.UnixEpoch + age, age) : null;
        expression = expression switch
        {
            VariableExpression variable => variable with { Text = text },
            ParameterExpression parameter => parameter with { Text = text, IsDefault = source == ValueSource.Default },
            _ => expression,
        };
        return new(index + 1, $"V{index}", expression, result, resolved && !sensitive, sensitive) { Error = failed && !resolved ? "it failed" : null };
    }

    private static readonly Gen<ValueExpression> Expression = Gen.OneOf(
        from name in Word from text in Text select (ValueExpression)new VariableExpression(name, text),
        from name in Word from text in Text select (ValueExpression)new ParameterExpression(name, text, false),
        from key in Word from text in Text from has in Flag from empty in Flag select (ValueExpression)new EnvironmentExpression(key, has ? text : null, empty),
        from label in Word from url in Text from ttl in Duration from path in Word select (ValueExpression)new HttpExpression(url, label, path, ttl, ttl),
        from host in Word select (ValueExpression)new DnsExpression(host, "A"),
        from path in Word select (ValueExpression)new FileExpression(path),
        from command in Text select (ValueExpression)new ShellExpression(command),
        from format in Word select (ValueExpression)new TimestampExpression(format),
        from n in Gen.Choose(1, 9) select (ValueExpression)new UuidExpression(n),
        from key in Word select (ValueExpression)new SecretExpression(key, "env"),
        from step in Word select (ValueExpression)new OutputExpression(step));

    private static Gen<ShellTemplate> Template(int values) =>
        from text in Text
        from use in Gen.Choose(0, Math.Max(0, values - 1))
        from quoting in Gen.Elements(Enum.GetValues<Quoting>())
        from shape in Gen.Choose(0, 3)
        select new ShellTemplate(
            (values == 0 ? 0 : shape) switch
            {
                0 => [new LiteralText(text)],
                1 => [new ValueUse(use, quoting)],
                2 => [new LiteralText(text), new ValueUse(use, quoting)],
                _ => [new ValueUse(use, quoting), new LiteralText(text), new ValueUse(values - 1, quoting)],
            });

    private static Gen<PlanNode> Step(int size, int values) =>
        from step in size <= 0 ? Leaf(values) : Gen.Frequency((1, Leaf(values)), (4, Inner(size / 2, values)))
        from placed in Flag
        from failed in Gen.Frequency((12, Gen.Constant(false)), (1, Gen.Constant(true)))
        select step with { Place = placed ? new Place("commands.cli", 3, 7) : null, Error = failed ? "'abc' is no duration" : null };

    private static Gen<PlanNode> Leaf(int values) => Gen.OneOf(
        from id in Id from text in Template(values) select (PlanNode)new ShellNode(id, text),
        from id in Id
        from text in Template(values)
        from level in Gen.Elements(Enum.GetValues<LogLevel>())
        from plain in Flag
        select (PlanNode)new LogNode(id, text, level, plain),
        from id in Id from command in Word select (PlanNode)new CallNode(id, command, [], null) { Once = true });

    private static Gen<PlanNode> Inner(int size, int values)
    {
        var step = Step(size, values);
        var steps = Gen.Choose(0, 3).SelectMany(count => Gen.CollectToList(Enumerable.Range(0, count), _ => step)).Select(list => list.ToImmutableArray());
        var text = Template(values);
        return Gen.OneOf(
            from id in Id from all in steps select (PlanNode)new SequenceNode(id, all),
            from id in Id
            from all in steps
            from mode in Gen.Elements(Enum.GetValues<ParallelMode>())
            from limit in Gen.Choose(0, 4)
            select (PlanNode)new ParallelNode(id, mode, limit == 0 ? null : limit, all),
            from id in Id
            from first in step
            from rest in steps
            from joint in Gen.Elements(Enum.GetValues<ChainOperator>())
            from file in text
            from append in Flag
            select (PlanNode)new ChainNode(id, joint, [first, .. rest]) { AppendTo = append ? file : null },
            from id in Id
            from command in Word
            from argument in Word
            from body in step
            from once in Flag
            select (PlanNode)new CallNode(id, once ? command + id.Path : command, [argument], body) { Once = once },
            from id in Id
            from command in Word
            from body in step
            select (PlanNode)new NeedsNode(id, [new CallNode(id.Child(command), command + id.Path, [], body) { Once = true }]),
            from id in Id from body in step from d in Duration select (PlanNode)new TimeoutNode(id, d, body),
            from id in Id
            from body in step
            from d in Duration
            from n in Gen.Choose(1, 9)
            from flag in Flag
            select (PlanNode)new RetryNode(id, n, d, flag, d, !flag, body),
            from id in Id from body in step from path in text from flag in Flag select (PlanNode)new WorkdirNode(id, path, flag, body),
            from id in Id from body in step from value in text select (PlanNode)new EnvironmentNode(id, [new("A", value), new("id", value)], body),
            from id in Id from body in step from message in text from flag in Flag select (PlanNode)new ConfirmNode(id, message, flag, body),
            from id in Id from body in step from d in Duration from pattern in Text select (PlanNode)new DebounceNode(id, d, pattern, body),
            from id in Id from body in step from d in Duration from name in text select (PlanNode)new LockNode(id, name, d, body),
            from id in Id
            from body in step
            from memory in Gen.Choose(0, int.MaxValue)
            from cpu in Gen.Choose(0, 20_000)
            from processes in Gen.Choose(0, 3)
            select (PlanNode)new LimitNode(id, memory * 4096L, cpu == 0 ? null : cpu / 10_000m, processes == 0 ? null : processes, body),
            from id in Id from body in step from glob in Text from key in text select (PlanNode)new CacheNode(id, [glob, "b"], [], key, body),
            Conditional(step, values),
            from id in Id
            from main in step
            from other in step
            from shape in Gen.Choose(0, 2)
            select (PlanNode)new TryCatchNode(id, main, shape == 1 ? null : other, shape == 0 ? null : other));
    }

    private static Gen<PlanNode> Conditional(Gen<PlanNode> step, int values) =>
        from id in Id
        from variable in Word
        from first in step
        from second in step
        from known in Gen.Choose(0, 3)
        from text in Text
        from index in Gen.Choose(-1, values - 1)
        select (PlanNode)new ConditionalNode(
            id, variable, index < 0 ? null : index, [new("x", first), new("default", second)],
            known == 0 ? null : new ConditionResult(known == 1 ? null : text, known == 3 ? null : "default", $"{variable}={text}"));
}
