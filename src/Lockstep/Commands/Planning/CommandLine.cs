using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Commands.Binding;
using Lockstep.Commands.Syntax;
using Lockstep.Expressions;
using Lockstep.Source;

namespace Lockstep.Commands.Planning;

/// <summary>Matches what follows a command's name on the command line to its parameters.</summary>
internal static class CommandLine
{
    /// <summary>The text for each parameter; null where its default holds.</summary>
    public static string?[] Read(CommandSymbol command, CommandRequest request, PlanningDiagnostics report)
    {
        var texts = Match(command, request.Arguments, report, out var complete);
        for (var i = 0; request.Given is { } given && i < texts.Length; i++) texts[i] = given(command.Parameters[i].Name.Text, texts[i]);
        for (var i = 0; i < texts.Length; i++) Check(command, i, texts[i], complete, report);
        return texts;
    }

    /// <summary>The texts that arguments give to parameters with a secret's name, whether the command uses them or not.</summary>
    public static IReadOnlyList<string> SensitiveTexts(SourceText source, CommandHeader header, IReadOnlyList<string> arguments)
    {
        if (!header.Parameters.Any(parameter => SensitiveName.Matches(parameter.Name.Text))) return [];
        var texts = Match(new CommandSymbol(header), [.. arguments], new PlanningDiagnostics(source, new DiagnosticBag()), out _);
        return [.. texts.Where((text, i) => text is not null && SensitiveName.Matches(header.Parameters[i].Name.Text)).Select(text => text!)];
    }

    /// <summary>Options go first, and the rest fill what they left, in order.</summary>
    private static string?[] Match(CommandSymbol command, ImmutableArray<string> arguments, PlanningDiagnostics report, out bool complete)
    {
        var texts = new string?[command.Parameters.Length];
        var place = command.Header.NameSpan;
        var positional = new List<string>();
        complete = true;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--")
            {
                positional.AddRange(arguments.Skip(i + 1));
                break;
            }
            if (arguments[i].StartsWith("--", StringComparison.Ordinal)) complete &= ReadOption(command, arguments, ref i, texts, report);
            else positional.Add(arguments[i]);
        }

        var next = 0;
        foreach (var argument in positional)
        {
            while (next < texts.Length && texts[next] is not null) next++;
            if (next == texts.Length)
            {
                report.TooManyArguments(command.Name, texts.Length, argument, place);
                break;
            }
            texts[next++] = argument;
        }
        return texts;
    }

    private static bool ReadOption(
        CommandSymbol command, ImmutableArray<string> arguments, ref int at, string?[] texts, PlanningDiagnostics report)
    {
        var option = arguments[at].AsSpan(2);
        var equals = option.IndexOf('=');
        var name = (equals < 0 ? option : option[..equals]).ToString();
        var index = IndexOf(command, name);
        var place = command.Header.NameSpan;
        if (index < 0)
        {
            report.UnknownOption(command.Name, name, NearestName.Of(name, command.Parameters.Select(parameter => parameter.Name.Text)), place);
            // Its value, if one follows, would only be reported a second time as an argument too many.
            if (equals < 0 && at + 1 < arguments.Length && !arguments[at + 1].StartsWith('-')) at++;
            return false;
        }
        string? text;
        if (equals >= 0) text = option[(equals + 1)..].ToString();
        else if (command.Parameters[index].Default?.LiteralType() is LiteralType.Boolean) text = "true";
        else if (at + 1 < arguments.Length && arguments[at + 1] != "--") text = arguments[++at];
        else
        {
            report.OptionWithoutValue(name, place);
            text = "";
        }
        if (texts[index] is not null) report.GivenTwice(command.Name, name, place);
        texts[index] = text;
        return true;
    }

    private static void Check(CommandSymbol command, int index, string? text, bool complete, PlanningDiagnostics report)
    {
        var parameter = command.Parameters[index];
        if (text is null)
        {
            if (parameter.Default is null && complete) report.MissingParameter(command.Name, parameter.Name.Text, parameter.Span);
            return;
        }
        var fits = parameter.Default?.LiteralType() switch
        {
            LiteralType.Number => decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out _),
            LiteralType.Duration => HumanDuration.TryParse(text, out _),
            LiteralType.Boolean => text is "true" or "false",
            _ => true,
        };
        if (!fits) report.WrongArgument(command.Name, parameter.Name.Text, text, parameter.Default!.LiteralType()!.Value, parameter.Span);
    }

    private static int IndexOf(CommandSymbol command, string name)
    {
        for (var i = 0; i < command.Parameters.Length; i++)
            if (command.Parameters[i].Name.Text == name) return i;
        return -1;
    }
}
