using System.Text;
using Lockstep.Expressions;
using Lockstep.Processes.Shell;
using Lockstep.Source;

namespace Lockstep.Execution.Steps;

/// <summary>Fills templates that no shell reads.</summary>
internal static class Templates
{
    /// <summary>The absolute path that the text names, relative to the step's folder.</summary>
    public static async ValueTask<TemplatePath> Path(this RunContext run, ShellTemplate template, Scope scope)
    {
        var text = await run.Text(template, scope);
        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal))
            throw new StepFailedException("a path is empty or holds a NUL character; see where its value comes from with --dry-run --resolve");
        var path = System.IO.Path.GetFullPath(text, scope.Directory);
        return new(path, run.IsSensitive(template) ? await run.Shown(template, scope) : path);
    }

    /// <summary>Whether a value in it is not for everybody.</summary>
    public static bool IsSensitive(this RunContext run, ShellTemplate template)
    {
        foreach (var piece in template.Pieces)
            if (piece is ValueUse use && run.Plan.Values[use.Value].Sensitive) return true;
        return false;
    }

    /// <summary>The text as anyone may see it. A short secret is not searched for in text, so sensitive values are left out by their place.</summary>
    public static async ValueTask<string> Shown(this RunContext run, ShellTemplate template, Scope scope)
    {
        var text = new StringBuilder();
        foreach (var piece in template.Pieces)
        {
            text.Append(piece switch
            {
                LiteralText literal => literal.Text,
                ValueUse use when run.Plan.Values[use.Value].Sensitive => RedactedText.Mark,
                ValueUse use => await run.Value(use.Value, scope),
                _ => throw new InvalidOperationException($"no such piece: {piece.GetType()}"),
            });
        }

        return run.Redact(text.ToString());
    }

    /// <summary>The text with its values as they are: for paths, messages and names.</summary>
    public static async ValueTask<string> Text(this RunContext run, ShellTemplate template, Scope scope)
    {
        if (template.Pieces is []) return "";
        if (template.Pieces is [LiteralText only]) return only.Text;
        var text = new StringBuilder();
        foreach (var piece in template.Pieces)
        {
            text.Append(piece switch
            {
                LiteralText literal => literal.Text,
                ValueUse use => await run.Value(use.Value, scope),
                _ => throw new InvalidOperationException($"no such piece: {piece.GetType()}"),
            });
        }
        return text.ToString();
    }

    /// <summary>The parts of a command with its values as data.</summary>
    public static async ValueTask<ShellPiece[]> Pieces(this RunContext run, ShellTemplate template, Scope scope)
    {
        var pieces = new ShellPiece[template.Pieces.Length];
        for (var i = 0; i < pieces.Length; i++)
        {
            pieces[i] = template.Pieces[i] switch
            {
                LiteralText literal => ShellPiece.Code(literal.Text),
                ValueUse use => new ShellPiece(KindOf(use.Quoting), await run.Value(use.Value, scope)),
                var other => throw new InvalidOperationException($"no such piece: {other.GetType()}"),
            };
        }
        return pieces;
    }

    private static PieceKind KindOf(Quoting quoting) => quoting switch
    {
        Quoting.Bare => PieceKind.Bare,
        Quoting.DoubleQuoted => PieceKind.DoubleQuoted,
        Quoting.Arithmetic => PieceKind.Arithmetic,
        Quoting.Raw or Quoting.Text => PieceKind.Code,
        _ => throw new InvalidOperationException($"no such quoting: {quoting}"),
    };
}

/// <summary>A path, and how it is written where others see it.</summary>
internal readonly record struct TemplatePath(string Path, string Shown)
{
    /// <summary>What went wrong with it, as others may see it.</summary>
    public string Because(Exception error) => error.Message.Replace(Path, Shown, StringComparison.Ordinal);
}
