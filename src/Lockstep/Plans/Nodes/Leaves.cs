using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Lockstep.Expressions;

namespace Lockstep.Plans.Nodes;

/// <summary>Shell text, run by <c>sh</c>, or directly where it has no shell syntax.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The text before its values are inserted.</param>
public sealed record ShellNode(StepId Id, ShellTemplate Text) : PlanNode(Id)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<PlanNode> Children => [];
}

/// <summary>How loud a <see cref="LogNode"/> is; error goes to standard error, debug shows only with <c>--verbose</c>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LogLevel>))]
public enum LogLevel
{
    /// <summary>Only with <c>--verbose</c>.</summary>
    [JsonStringEnumMemberName("debug")] Debug,

    /// <summary>The default.</summary>
    [JsonStringEnumMemberName("info")] Info,

    /// <summary>To standard error.</summary>
    [JsonStringEnumMemberName("warn")] Warn,

    /// <summary>To standard error.</summary>
    [JsonStringEnumMemberName("error")] Error,
}

/// <summary>A message of the workflow's own.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Message">The message, with <c>{green}…{/green}</c> markup unless <paramref name="Plain"/>.</param>
/// <param name="Level">How loud.</param>
/// <param name="Plain">Whether braces are text and not markup.</param>
public sealed record LogNode(StepId Id, ShellTemplate Message, LogLevel Level, bool Plain) : PlanNode(Id)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<PlanNode> Children => [];
}
