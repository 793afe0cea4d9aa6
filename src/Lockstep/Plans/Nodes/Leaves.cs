using System.Collections.Immutable;
using Lockstep.Expressions;
using Lockstep.Plans.Views;

namespace Lockstep.Plans.Nodes;

/// <summary>A step that does something itself and has no steps inside it.</summary>
public abstract record LeafNode : PlanNode
{
    private protected LeafNode(StepId id) : base(id) { }

    /// <inheritdoc/>
    public sealed override ImmutableArray<PlanNode> Children => [];
}

/// <summary>Shell text, run by <c>sh</c>, or directly where it has no shell syntax.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The text before its values are inserted.</param>
public sealed record ShellNode(StepId Id, ShellTemplate Text) : LeafNode(Id)
{
    internal const string KindName = "shell";

    /// <inheritdoc/>
    public override string Kind => KindName;

    internal override bool TakesTime => true;

    internal override void Show(StepView view) => view.Command(Text);

    internal override void Fields(FieldSink fields) => fields.Template("text", Text);

    internal static ShellNode Read(StepSource step) => new(step.Id, step.Fields.Template("text"));
}

/// <summary>How loud a <see cref="LogNode"/> is; error goes to standard error, debug shows only with <c>--verbose</c>.</summary>
public enum LogLevel
{
    /// <summary>Only with <c>--verbose</c>.</summary>
    Debug,

    /// <summary>The default.</summary>
    Info,

    /// <summary>To standard error.</summary>
    Warn,

    /// <summary>To standard error.</summary>
    Error,
}

/// <summary>A message of the workflow's own.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Message">The message, with <c>{green}…{/green}</c> markup unless <paramref name="Plain"/>.</param>
/// <param name="Level">How loud.</param>
/// <param name="Plain">Whether braces are text and not markup.</param>
public sealed record LogNode(StepId Id, ShellTemplate Message, LogLevel Level, bool Plain) : LeafNode(Id)
{
    internal const string KindName = "log";

    /// <inheritdoc/>
    public override string Kind => KindName;

    internal override void Show(StepView view)
    {
        view.Decorator("log");
        view.Argument(Message);
        if (Level != LogLevel.Info) view.Argument(Word(Level));
    }

    internal override void Fields(FieldSink fields)
    {
        fields.Template("message", Message);
        fields.Text("level", Word(Level));
        fields.Flag("plain", Plain);
    }

    internal static LogNode Read(StepSource step)
        => new(step.Id, step.Fields.Template("message"), step.Fields.Word("level", Parse), step.Fields.Flag("plain"));

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Debug => "debug",
        LogLevel.Info => "info",
        LogLevel.Warn => "warn",
        LogLevel.Error => "error",
        _ => throw new ArgumentOutOfRangeException(nameof(level)),
    };

    private static LogLevel? Parse(string word) => word switch
    {
        "debug" => LogLevel.Debug,
        "info" => LogLevel.Info,
        "warn" => LogLevel.Warn,
        "error" => LogLevel.Error,
        _ => null,
    };
}
