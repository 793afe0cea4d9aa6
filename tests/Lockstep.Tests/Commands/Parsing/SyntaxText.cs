using System.Globalization;
using System.Text;
using Lockstep.Commands;
using Lockstep.Commands.Syntax;
using Lockstep.Source;

namespace Lockstep.Tests.Commands.Parsing;

/// <summary>Syntax as compact text, without spans: what two readings are compared by.</summary>
internal static class SyntaxText
{
    public static CommandFile Read(string text) => CommandFile.Read("commands.cli", Encoding.UTF8.GetBytes(text));

    /// <summary>The body of the file's first command, which has no errors.</summary>
    public static string Body(string text)
    {
        var file = Read(text);
        var bag = new DiagnosticBag();
        file.CheckAll(bag);
        Assert.Equal("", Errors(bag));
        return Of(file.Parse(file.Commands[0], bag).Body);
    }

    /// <summary>All diagnostics of a file as a terminal shows them.</summary>
    public static string Errors(string text)
    {
        var bag = new DiagnosticBag();
        Read(text).CheckAll(bag);
        return Errors(bag);
    }

    public static string Errors(DiagnosticBag bag)
    {
        var writer = new StringWriter();
        DiagnosticWriter.Write(writer, bag.ToImmutable());
        return writer.ToString();
    }

    public static string Of(CommandFile file)
    {
        var text = new StringBuilder();
        foreach (var variable in file.Variables) text.Append($"var {variable.Name.Text} = {Of(variable.Value)}\n");
        foreach (var header in file.Commands)
        {
            var command = file.Parse(header, new DiagnosticBag());
            var parameters = command.Parameters.Select(parameter => parameter.Default is { } value ? $"{parameter.Name.Text} = {Of(value)}" : parameter.Name.Text);
            text.Append($"{command.Kind} {command.Name.Text}({string.Join(", ", parameters)}) \"{command.Description}\": {Of(command.Body)}\n");
        }
        return text.ToString();
    }

    public static string Of(IEnumerable<StatementSyntax> statements) => string.Join("; ", statements.Select(Of));

    private static string Of(StatementSyntax statement) => statement switch
    {
        ShellSyntax shell => $"[{Of(shell.Pieces)}]",
        ActionSyntax action => Of(action.Decorator),
        BlockSyntax block => $"{Of(block.Decorator)} {{ {Of(block.Body)} }}",
        PatternSyntax pattern => $"{Of(pattern.Decorator)} {{ {string.Join(" ", pattern.Branches.Select(branch => $"{branch.Name.Text}: {{ {Of(branch.Body)} }}"))} }}",
        ChainSyntax chain => $"chain({Of(chain.Links[0])}{string.Concat(chain.Symbols.Select((symbol, i) => $" {symbol} {Of(chain.Links[i + 1])}"))})",
        _ => throw new InvalidOperationException($"no text for {statement.GetType().Name}"),
    };

    private static string Of(IEnumerable<PieceSyntax> pieces) => string.Concat(pieces.Select(piece => piece switch
    {
        TextSyntax text => text.Text,
        ValueUseSyntax use => $"<{use.Quoting}:{Of(use.Decorator)}>",
        _ => throw new InvalidOperationException($"no text for {piece.GetType().Name}"),
    }));

    private static string Of(DecoratorSyntax decorator)
        => decorator.HasParentheses ? $"@{decorator.Name.Text}({string.Join(", ", decorator.Arguments.Select(Of))})" : $"@{decorator.Name.Text}";

    private static string Of(ArgumentSyntax argument)
        => argument.Key is { } key ? $"{key.Text} {(argument.IsPattern ? ":" : "=")} {Of(argument.Value)}" : Of(argument.Value);

    public static string Of(ValueSyntax value) => value switch
    {
        StringSyntax { Pieces: [] or [TextSyntax] } text => $"'{text.Text}'",
        StringSyntax text => $"'{Of(text.Pieces)}'",
        NumberSyntax number => number.Number.ToString(CultureInfo.InvariantCulture),
        DurationSyntax duration => duration.Duration.ToString("c", CultureInfo.InvariantCulture),
        BooleanSyntax boolean => boolean.Value ? "true" : "false",
        NameValueSyntax name => name.Name,
        DecoratorValueSyntax decorator => Of(decorator.Decorator),
        _ => throw new InvalidOperationException($"no text for {value.GetType().Name}"),
    };
}
