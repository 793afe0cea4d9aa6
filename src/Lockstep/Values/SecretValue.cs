using Lockstep.Expressions;

namespace Lockstep.Values;

/// <summary><c>@secret</c>: from the environment, <c>file:PATH</c> or <c>command:SHELL</c>. An empty secret is an error.</summary>
internal static class SecretValue
{
    private const string File = "file:", Command = "command:";

    /// <summary>A secret that needs no process; null for one that does.</summary>
    public static ValueResolution? ResolveCheap(SecretExpression expression, ValueSurroundings around)
    {
        if (expression.From.StartsWith(Command, StringComparison.Ordinal)) return null;
        if (expression.From == "env")
        {
            return around.Environment(expression.Key) is { Length: > 0 } value
                ? Known(value, around)
                : ValueResolver.Failed(
                    expression, $"the environment variable '{expression.Key}' is not set", $"set {expression.Key}, or say from = \"file:…\" or \"command:…\"");
        }

        if (!expression.From.StartsWith(File, StringComparison.Ordinal))
        {
            return ValueResolver.Failed(
                expression, $"'{expression.From}' is not a source of secrets", "write from = \"env\", \"file:PATH\" or \"command:SHELL\"");
        }

        var path = expression.From[File.Length..];
        if (FileValue.Read(expression, path, around, out var text) is { } failed) return failed;
        return text.Length == 0 ? ValueResolver.Failed(expression, $"{path} is empty", "write the secret into it") : Known(text, around);
    }

    /// <summary>A secret that a command prints.</summary>
    public static async Task<ValueResolution> ResolveAsync(SecretExpression expression, ValueSurroundings around, CancellationToken cancel)
    {
        var answer = await around.Shell(expression.From[Command.Length..], cancel);
        var secret = answer.Output.Trim();
        if (answer.ExitCode != 0 || answer.TooLong) return ShellValue.Failed(expression, answer with { Error = "" }, secret);
        return secret.Length == 0
            ? ValueResolver.Failed(expression, "its command printed nothing", "let the command print the secret on standard output")
            : Known(secret, around);
    }

    private static ValueKnown Known(string secret, ValueSurroundings around)
        => new(new ResolvedValue(secret, ValueSource.Secret, around.Clock.GetUtcNow()), Sensitive: true);
}
