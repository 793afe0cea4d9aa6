using System.Diagnostics;
using Lockstep.Expressions;

namespace Lockstep.Values;

/// <summary>Resolves values; each kind of expression has a file of its own beside this one.</summary>
internal sealed class ValueResolver(ValueSurroundings around) : IDisposable
{
    private readonly HttpValue _http = new(around);

    /// <summary>
    /// Resolves what a quick plan may know: no process is started, no connection opened, no file written. A fetched value comes from the
    /// cache while it is young enough. Null leaves the value to <see cref="ResolveAsync"/>.
    /// </summary>
    public ValueResolution? ResolveCheap(ValueExpression expression) => expression switch
    {
        VariableExpression variable => new ValueKnown(new ResolvedValue(variable.Text, ValueSource.Variable)),
        ParameterExpression parameter => new ValueKnown(
            new ResolvedValue(parameter.Text, parameter.IsDefault ? ValueSource.Default : ValueSource.Input)),
        EnvironmentExpression environment => EnvironmentValue(environment),
        FileExpression file => FileValue.Resolve(file, around),
        TimestampExpression timestamp => TimestampValue.Resolve(timestamp, around),
        UuidExpression => new ValueKnown(new ResolvedValue(around.NewUuid().ToString("D"), ValueSource.Clock, around.Clock.GetUtcNow())),
        SecretExpression secret => SecretValue.ResolveCheap(secret, around),
        HttpExpression or DnsExpression => around.Cache?.Find(expression) is { } cached ? new ValueKnown(cached) : null,
        ShellExpression or OutputExpression => null,
        _ => throw new UnreachableException(expression.GetType().Name),
    };

    /// <summary>Resolves any value but <c>@output</c>, which only the run knows.</summary>
    /// <param name="expression">The value.</param>
    /// <param name="sensitive">Whether it is sensitive by its name: then it is neither taken from the cache nor kept in it.</param>
    /// <param name="cancel">Ends it with an <see cref="OperationCanceledException"/>.</param>
    public async Task<ValueResolution> ResolveAsync(ValueExpression expression, bool sensitive, CancellationToken cancel)
    {
        var fetched = expression is HttpExpression or DnsExpression;
        if (!(fetched && sensitive) && ResolveCheap(expression) is { } cheap) return cheap;
        var resolution = expression switch
        {
            HttpExpression http => await _http.ResolveAsync(http, cancel),
            DnsExpression dns => await DnsValue.ResolveAsync(dns, around, cancel),
            ShellExpression shell => await ShellValue.ResolveAsync(shell, around, cancel),
            SecretExpression secret => await SecretValue.ResolveAsync(secret, around, cancel),
            OutputExpression output => throw new InvalidOperationException($"@output({output.Step}) is known only to the run."),
            _ => throw new UnreachableException(expression.GetType().Name),
        };
        if (fetched && !sensitive && resolution is ValueKnown known) around.Cache?.Keep(expression, known.Value);
        return resolution;
    }

    public void Dispose() => _http.Dispose();

    internal static ValueFailed Failed(ValueExpression expression, string cause, string help)
    {
        // Where the address itself is the label, it may hold a password or a token.
        var argument = expression is HttpExpression http && http.Label == http.Url ? HttpValue.Shown(http.Url) : expression.Argument;
        return new ValueFailed($"@{expression.Decorator}({argument})", cause, help);
    }

    private ValueResolution EnvironmentValue(EnvironmentExpression expression)
    {
        var value = around.Environment(expression.Key);
        if (value is { Length: > 0 } || (value is not null && expression.AllowEmpty))
            return new ValueKnown(new ResolvedValue(value, ValueSource.Environment, around.Clock.GetUtcNow()));
        if (expression.Default is not null)
            return new ValueKnown(new ResolvedValue(expression.Default, ValueSource.Default));
        return value is null
            ? Failed(expression, $"the environment variable '{expression.Key}' is not set", $"set {expression.Key}, or write @env(\"{expression.Key}\", default = \"…\")")
            : Failed(expression, $"the environment variable '{expression.Key}' is empty", $"set {expression.Key}, or write allowEmpty = true");
    }
}
