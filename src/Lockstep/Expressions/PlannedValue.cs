using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Lockstep.Source;

namespace Lockstep.Expressions;

/// <summary>Where a resolved value came from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ValueSource>))]
public enum ValueSource
{
    /// <summary>A literal of the definition.</summary>
    [JsonStringEnumMemberName("variable")] Variable,

    /// <summary>An argument of the command line.</summary>
    [JsonStringEnumMemberName("input")] Input,

    /// <summary>The environment.</summary>
    [JsonStringEnumMemberName("environment")] Environment,

    /// <summary>A default written in the definition.</summary>
    [JsonStringEnumMemberName("default")] Default,

    /// <summary>The environment as a plan file froze it.</summary>
    [JsonStringEnumMemberName("captured")] Captured,

    /// <summary>A GET.</summary>
    [JsonStringEnumMemberName("http")] Http,

    /// <summary>A name server.</summary>
    [JsonStringEnumMemberName("dns")] Dns,

    /// <summary>A file.</summary>
    [JsonStringEnumMemberName("file")] File,

    /// <summary>A shell command.</summary>
    [JsonStringEnumMemberName("shell")] Shell,

    /// <summary>The clock or the UUID generator.</summary>
    [JsonStringEnumMemberName("clock")] Clock,

    /// <summary>A secret's source.</summary>
    [JsonStringEnumMemberName("secret")] Secret,

    /// <summary>Configuration.</summary>
    [JsonStringEnumMemberName("config")] Config,

    /// <summary>An earlier step of the run.</summary>
    [JsonStringEnumMemberName("step")] Step,
}

internal static class ValueSources
{
    /// <summary>The word that JSON and a plan's mapping have for a source.</summary>
    public static string Word(this ValueSource source) => source switch
    {
        ValueSource.Variable => "variable",
        ValueSource.Input => "input",
        ValueSource.Environment => "environment",
        ValueSource.Default => "default",
        ValueSource.Captured => "captured",
        ValueSource.Http => "http",
        ValueSource.Dns => "dns",
        ValueSource.File => "file",
        ValueSource.Shell => "shell",
        ValueSource.Clock => "clock",
        ValueSource.Secret => "secret",
        ValueSource.Config => "config",
        ValueSource.Step => "step",
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    public static ValueSource? Parse(string word) => word switch
    {
        "variable" => ValueSource.Variable,
        "input" => ValueSource.Input,
        "environment" => ValueSource.Environment,
        "default" => ValueSource.Default,
        "captured" => ValueSource.Captured,
        "http" => ValueSource.Http,
        "dns" => ValueSource.Dns,
        "file" => ValueSource.File,
        "shell" => ValueSource.Shell,
        "clock" => ValueSource.Clock,
        "secret" => ValueSource.Secret,
        "config" => ValueSource.Config,
        "step" => ValueSource.Step,
        _ => null,
    };
}

/// <summary>A value's text and where it came from.</summary>
/// <param name="Text">The text inserted where the value is used.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="ResolvedAt">When, for values that are not in the definition itself.</param>
/// <param name="CacheAge">How old it was when taken from the cache; null when it was fresh.</param>
public sealed record ResolvedValue(string Text, ValueSource Source, DateTimeOffset? ResolvedAt = null, TimeSpan? CacheAge = null);

/// <summary>A value of a plan, held once however often it is used; <see cref="ValueUse"/> names it by its index.</summary>
/// <param name="Marker">The number shown beside it, from 1, in order of first use.</param>
/// <param name="Name">What the mapping shows: the variable's name, the environment key, else <c>@decorator(argument)</c>.</param>
/// <param name="Expression">How it is come by.</param>
/// <param name="Resolved">Its text when known; null while it is a placeholder.</param>
/// <param name="Pinned">Whether a resolved plan froze it.</param>
/// <param name="Sensitive">Whether it shows as <c>&lt;redacted&gt;</c> everywhere.</param>
public sealed record PlannedValue(
    int Marker, string Name, ValueExpression Expression, ResolvedValue? Resolved = null, bool Pinned = false, bool Sensitive = false)
{
    /// <summary>Which of its expression's arguments came from other values: they are hashed by that.</summary>
    public ImmutableArray<FieldReference> References { get; init; } = [];

    /// <summary>Whether text it needs was left out of the stored plan that it was read from, as it must not be written: then it stands for no text at all.</summary>
    public bool NotKept { get; init; }

    /// <summary>Whether an argument of its expression must not show.</summary>
    internal bool HoldsSensitive => References.Any(reference => reference.Sensitive);

    /// <summary>Its expression's argument as anyone may see it.</summary>
    internal string ShownArgument => HoldsSensitive && Expression is not HttpExpression ? RedactedText.Mark : Expression.Argument;

    /// <summary>Why it could not be resolved, when that was tried and failed.</summary>
    public string? Error { get; init; }
}
