namespace Lockstep.Expressions;

/// <summary>How a value is come by, as written in the definition: static, and part of a plan's hash. Closed.</summary>
public abstract record ValueExpression
{
    private protected ValueExpression() { }

    /// <summary>The decorator's name without its <c>@</c>, as in JSON's <c>decorator</c>.</summary>
    public abstract string Decorator { get; }

    /// <summary>What stands between the decorator's parentheses in a placeholder: <c>get-version</c> of <c>@http(get-version)</c>.</summary>
    public abstract string Argument { get; }

    /// <summary>Whether two resolutions may differ though nothing of the definition changed.</summary>
    public virtual bool Nondeterministic => false;

    /// <summary>Whether a quick plan leaves it unresolved, because resolving it runs, fetches or costs something.</summary>
    public virtual bool Expensive => false;

    /// <summary>Whether only a run can know it, so that no plan ever pins it.</summary>
    public virtual bool KnownOnlyWhenRun => false;

    /// <summary>Its arguments: static, hashed and written.</summary>
    internal virtual void Fields(FieldSink fields) { }

    /// <summary>What is written beside them and not hashed.</summary>
    internal virtual void Unhashed(FieldSink fields) { }
}

/// <summary>A variable with a literal value. One set from a value decorator has that decorator's expression instead, under the variable's name.</summary>
public sealed record VariableExpression(string Name, string Text) : ValueExpression
{
    /// <inheritdoc/>
    public override string Decorator => "var";

    /// <inheritdoc/>
    public override string Argument => Name;

    internal override void Fields(FieldSink fields) => fields.Text("name", Name);
}

/// <summary>A command's parameter with the argument or default it has in this plan.</summary>
public sealed record ParameterExpression(string Name, string Text, bool IsDefault) : ValueExpression
{
    /// <inheritdoc/>
    public override string Decorator => "parameter";

    /// <inheritdoc/>
    public override string Argument => Name;

    internal override void Fields(FieldSink fields) => fields.Text("name", Name);
}

/// <summary>An environment variable; unset with no <paramref name="Default"/> is an error when the plan is made.</summary>
/// <param name="Key">The variable's name.</param>
/// <param name="Default">Taken when it is unset, or empty and <paramref name="AllowEmpty"/> is false.</param>
/// <param name="AllowEmpty">Whether an empty value counts as set; default false.</param>
public sealed record EnvironmentExpression(string Key, string? Default = null, bool AllowEmpty = false) : ValueExpression
{
    /// <inheritdoc/>
    public override string Decorator => "env";

    /// <inheritdoc/>
    public override string Argument => Key;

    internal override void Fields(FieldSink fields)
    {
        fields.Text("key", Key);
        if (Default is not null) fields.Literal("default", Default);
        if (AllowEmpty) fields.Flag("allow_empty", AllowEmpty);
    }
}

/// <summary>The body of a GET, trimmed, or the JSON value at <paramref name="Path"/>.</summary>
/// <param name="Url">An absolute <c>http</c> or <c>https</c> address.</param>
/// <param name="Label">What a placeholder shows: the variable's name where the address came from one, else the address.</param>
/// <param name="Path">A dotted path into a JSON body, such as <c>data.0.name</c>; empty takes the whole body.</param>
/// <param name="Ttl">How long a fetched value may be used again; default 0.</param>
/// <param name="Timeout">How long to wait for the whole answer; default 10 s.</param>
public sealed record HttpExpression(string Url, string Label, string Path, TimeSpan Ttl, TimeSpan Timeout) : ValueExpression
{
    /// <inheritdoc/>
    public override string Decorator => "http";

    /// <inheritdoc/>
    public override string Argument => Label;

    /// <inheritdoc/>
    public override bool Nondeterministic => true;

    /// <inheritdoc/>
    public override bool Expensive => true;

    internal override void Fields(FieldSink fields)
    {
        fields.Label("label", Label);
        if (Path.Length > 0) fields.Text("path", Path);
        fields.Duration("ttl", Ttl);
        fields.Duration("timeout", Timeout);
    }

    // Under a variable's name the address is that variable's literal value, which no hash depends on; else the label is the address.
    internal override void Unhashed(FieldSink fields)
    {
        if (Url != Label) fields.Literal("url", Url);
    }
}

/// <summary>The first address of a host.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="Type"><c>A</c> (default) or <c>AAAA</c>.</param>
public sealed record DnsExpression(string Host, string Type) : ValueExpression
{
    /// <inheritdoc/>
    public override string Decorator => "dns";

    /// <inheritdoc/>
    public override string Argument => Host;

    /// <inheritdoc/>
    public override bool Nondeterministic => true;

    /// <inheritdoc/>
    public override bool Expensive => true;

    internal override void Fields(FieldSink fields)
    {
        fields.Text("host", Host);
        fields.Text("type", Type);
    }
}

/// <summary>A file's contents, trimmed; at most 1 MiB.</summary>
/// <param name="Path">Relative to the folder of the definition file.</param>
public sealed record FileExpression(string Path) : ValueExpression
{
    /// <inheritdoc/>
    public override string Decorator => "file";

    /// <inheritdoc/>
    public override string Argument => Path;

    internal override void Fields(FieldSink fields) => fields.Text("path", Path);
}

/// <summary>A shell command's standard output, trimmed.</summary>
public sealed record ShellExpression(string Command) : ValueExpression
{
    /// <inheritdoc/>
    public override string Decorator => "sh";

    /// <inheritdoc/>
    public override string Argument => Command;

    /// <inheritdoc/>
    public override bool Nondeterministic => true;

    /// <inheritdoc/>
    public override bool Expensive => true;

    internal override void Fields(FieldSink fields) => fields.Text("command", Command);
}

/// <summary>The time in UTC; a .NET date format, default ISO 8601 with seconds.</summary>
public sealed record TimestampExpression(string Format) : ValueExpression
{
    /// <inheritdoc/>
    public override string Decorator => "timestamp";

    /// <inheritdoc/>
    public override string Argument => Format;

    /// <inheritdoc/>
    public override bool Nondeterministic => true;

    internal override void Fields(FieldSink fields) => fields.Text("format", Format);
}

/// <summary>A version 7 UUID.</summary>
/// <param name="Ordinal">Which of the definition's UUIDs: each use is a value of its own.</param>
public sealed record UuidExpression(int Ordinal) : ValueExpression
{
    /// <inheritdoc/>
    public override string Decorator => "uuid";

    /// <inheritdoc/>
    public override string Argument => "";

    /// <inheritdoc/>
    public override bool Nondeterministic => true;

    internal override void Fields(FieldSink fields) => fields.Number("ordinal", Ordinal);
}

/// <summary>A secret: always redacted, never written anywhere.</summary>
/// <param name="Key">Its name.</param>
/// <param name="From"><c>env</c>, <c>file:PATH</c> or <c>command:SHELL</c>; default <c>env</c>.</param>
public sealed record SecretExpression(string Key, string From) : ValueExpression
{
    /// <inheritdoc/>
    public override string Decorator => "secret";

    /// <inheritdoc/>
    public override string Argument => Key;

    /// <inheritdoc/>
    public override bool Expensive => From.StartsWith("command:", StringComparison.Ordinal);

    internal override void Fields(FieldSink fields)
    {
        fields.Text("key", Key);
        fields.Text("from", From);
    }
}

/// <summary>The standard output, trimmed, of an earlier step of the same run.</summary>
/// <param name="Step">The name of a command called earlier, or a step's id.</param>
public sealed record OutputExpression(string Step) : ValueExpression
{
    /// <inheritdoc/>
    public override string Decorator => "output";

    /// <inheritdoc/>
    public override string Argument => Step;

    /// <inheritdoc/>
    public override bool Nondeterministic => true;

    /// <inheritdoc/>
    public override bool KnownOnlyWhenRun => true;

    internal override void Fields(FieldSink fields) => fields.Text("step", Step);
}
