using System.Collections.Immutable;
using System.Text;
using Lockstep.Commands;
using Lockstep.Commands.Planning;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Plans.Views;
using Lockstep.Source;

namespace Lockstep.Tests.Commands;

/// <summary>Plans commands of a file written in a test, on a made-up machine.</summary>
internal sealed class Planner(string text)
{
    private readonly Dictionary<string, string> _environment = [];
    private readonly Dictionary<Type, string> _answers = [];
    private readonly Dictionary<Type, Func<ValueExpression, string>> _failures = [];

    public static Planner Of(string text) => new(text);

    /// <summary>Every expression that was asked for.</summary>
    public List<ValueExpression> Asked { get; } = [];

    public CommandFile File { get; } = CommandFile.Read("commands.cli", Encoding.UTF8.GetBytes(text));

    public string Text => text;

    public Planner With(string key, string value)
    {
        _environment[key] = value;
        return this;
    }

    /// <summary>Answers every value of a kind, such as each GET.</summary>
    public Planner Answering<T>(string value) where T : ValueExpression
    {
        _answers[typeof(T)] = value;
        return this;
    }

    /// <summary>Fails every value of a kind, for a reason of its own.</summary>
    public Planner Failing<T>(Func<T, string> cause) where T : ValueExpression
    {
        _failures[typeof(T)] = expression => cause((T)expression);
        return this;
    }

    public PlannedCommand Plan(string name, params string[] arguments) => Plan(PlanMode.Run, name, arguments);

    public PlannedCommand Plan(PlanMode mode, string name, params string[] arguments)
        => CommandPlanner.Plan(File, new CommandRequest(name, mode, [.. arguments], new PlanSurroundings
        {
            Context = new PlanContext("/project", [new DefinitionFile("commands.cli", new string('0', 64))], "linux", "x64"),
            Environment = key => _environment.GetValueOrDefault(key),
            Resolve = Resolve,
        }));

    /// <summary>The plan of a command that can be planned.</summary>
    public Plan Good(string name, params string[] arguments)
    {
        var planned = Plan(name, arguments);
        Assert.True(planned.IsUsable, Print(planned.Diagnostics));
        return planned.Plan!;
    }

    /// <summary>The tree as <c>--dry-run</c> prints it.</summary>
    public string Tree(string name, params string[] arguments) => Print(Good(name, arguments));

    /// <summary>What is wrong with a request, one line a diagnostic.</summary>
    public string Errors(string name, params string[] arguments) => Brief(Plan(name, arguments).Diagnostics);

    /// <summary>The ids of a command's steps, as they show.</summary>
    public string[] Ids(string name) => [.. Good(name).Steps().Where(step => step is not SequenceNode).Select(step => step.Id.Path)];

    /// <summary>What is wrong with the whole file, one line a diagnostic.</summary>
    public string CheckAll()
    {
        var bag = new DiagnosticBag();
        Lockstep.Commands.Binding.Binder.CheckAll(File, bag);
        return Brief(bag.ToImmutable());
    }

    public static string Print(Plan plan)
    {
        var output = new StringWriter();
        PlanTree.Write(output, plan, new TreeOptions());
        return output.ToString();
    }

    public static string Print(IEnumerable<Diagnostic> diagnostics)
    {
        var output = new StringWriter();
        DiagnosticWriter.Write(output, diagnostics);
        return output.ToString();
    }

    public static string Brief(ImmutableArray<Diagnostic> diagnostics) => string.Join('\n', diagnostics.Select(diagnostic
        => $"{diagnostic.Id} {diagnostic.Source.PositionAt(diagnostic.Span.Start).Line}: {diagnostic.Message} | {diagnostic.Help}"));

    private Resolution Resolve(ValueExpression expression)
    {
        Asked.Add(expression);
        if (_failures.TryGetValue(expression.GetType(), out var cause)) return new Resolution(null, cause(expression), "look");
        if (_answers.TryGetValue(expression.GetType(), out var answer))
            return new Resolution(new ResolvedValue(answer, expression is HttpExpression ? ValueSource.Http : ValueSource.File));
        if (expression is SecretExpression { From: "env" } secret && _environment.TryGetValue(secret.Key, out var hidden))
            return new Resolution(new ResolvedValue(hidden, ValueSource.Secret));
        if (expression is not EnvironmentExpression environment) return default;
        var value = _environment.GetValueOrDefault(environment.Key);
        if (value is { Length: > 0 } || (value is not null && environment.AllowEmpty))
            return new Resolution(new ResolvedValue(value, ValueSource.Environment));
        return environment.Default is { } otherwise
            ? new Resolution(new ResolvedValue(otherwise, ValueSource.Default))
            : new Resolution(null, $"the environment variable '{environment.Key}' is not set",
                $"set {environment.Key}, or write @env(\"{environment.Key}\", default = \"…\")");
    }
}
