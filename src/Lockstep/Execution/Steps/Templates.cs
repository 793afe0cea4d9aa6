using System.Text;
using Lockstep.Expressions;

namespace Lockstep.Execution.Steps;

/// <summary>Fills templates that no shell reads.</summary>
internal static class Templates
{
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
}
