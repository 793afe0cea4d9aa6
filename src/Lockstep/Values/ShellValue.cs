using Lockstep.Expressions;
using Lockstep.Source;

namespace Lockstep.Values;

/// <summary><c>@sh</c>: a shell command's standard output, trimmed.</summary>
internal static class ShellValue
{
    public static async Task<ValueResolution> ResolveAsync(ShellExpression expression, ValueSurroundings around, CancellationToken cancel)
    {
        var answer = await around.Shell(expression.Command, cancel);
        return answer is { ExitCode: 0, TooLong: false }
            ? new ValueKnown(new ResolvedValue(answer.Output.Trim(), ValueSource.Shell, around.Clock.GetUtcNow()))
            : Failed(expression, answer, secret: "");
    }

    /// <summary>A failure with the exit code and the last line of standard error, save where that holds the secret.</summary>
    public static ValueFailed Failed(ValueExpression expression, ShellAnswer answer, string secret)
    {
        if (answer.TooLong)
            return ValueResolver.Failed(expression, "the command printed more than 1 MiB and was killed", "let it print less, or write a file and use that in the command");
        var error = answer.Error.AsSpan().TrimEnd();
        var lastLine = error[(error.LastIndexOfAny('\n', '\r') + 1)..].Trim().ToString();
        if (secret.Length > 0) lastLine = lastLine.Replace(secret, RedactedText.Mark, StringComparison.Ordinal);
        var said = lastLine.Length == 0 ? "" : $": {lastLine}";
        return ValueResolver.Failed(expression, $"the command ended with exit code {answer.ExitCode}{said}", "run the command by itself to see why it fails");
    }
}
