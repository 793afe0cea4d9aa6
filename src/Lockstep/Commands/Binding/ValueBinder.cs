using System.Collections.Immutable;
using Lockstep.Commands.Decorators;
using Lockstep.Commands.Syntax;
using Lockstep.Expressions;
using Lockstep.Source;

namespace Lockstep.Commands.Binding;

/// <summary>Binds values and what holds them: text, value decorators, decorator arguments.</summary>
internal sealed class ValueBinder(NameScope names, BindingDiagnostics report)
{
    /// <summary>The pieces of shell text, or of a string that may hold values.</summary>
    public ImmutableArray<BoundPiece> BindPieces(ImmutableArray<PieceSyntax> pieces)
    {
        var bound = ImmutableArray.CreateBuilder<BoundPiece>(pieces.Length);
        foreach (var piece in pieces)
        {
            if (piece is TextSyntax text) bound.Add(new BoundText(text.Text));
            else if (piece is ValueUseSyntax use && BindValue(use.Decorator) is { } value) bound.Add(new BoundUse(value, use.Quoting));
        }
        return bound.DrainToImmutable();
    }

    /// <summary>A value decorator; null when something is wrong with it, which is then reported.</summary>
    public BoundValue? BindValue(DecoratorSyntax syntax)
    {
        // Without parentheses it is reported already, and nothing is known of its arguments.
        if (!syntax.HasParentheses || syntax.IsBroken) return null;
        return Decorators.Decorators.Find(syntax.Name.Text) switch
        {
            ReferenceDecorator reference => BindReference(reference, syntax),
            SourceDecorator source => new BoundSource(source, BindArguments(source, syntax), syntax.Span),
            _ => throw new InvalidOperationException($"The parser took @{syntax.Name.Text} for a value decorator."),
        };
    }

    /// <summary>A decorator's arguments; those that are wrong are reported and left out.</summary>
    public BoundArguments BindArguments(Decorator decorator, DecoratorSyntax syntax)
    {
        var parameters = decorator.Parameters;
        if (syntax.IsBroken) return new BoundArguments(decorator, [.. parameters.Select(_ => (BoundArgument?)null)], [], syntax.Span);
        if (parameters is [{ Type: ParameterType.Entries }]) return BindEntries(decorator, syntax);
        var matcher = new ArgumentMatcher(decorator.Written, FormalsOf(decorator), Surplus.None);
        matcher.Match(syntax.Arguments, syntax.Span, report);
        if (decorator.NeedsAnArgument && syntax.Arguments.IsEmpty)
            report.MissingArgument(decorator.Written, string.Join(" or ", parameters.Select(parameter => parameter.Name)), syntax.Span);
        var values = ImmutableArray.CreateBuilder<BoundArgument?>(parameters.Length);
        for (var i = 0; i < parameters.Length; i++)
            values.Add(matcher.ByParameter[i] is { } argument ? BindArgument(decorator, parameters[i], argument.Value) : null);
        return new BoundArguments(decorator, values.MoveToImmutable(), [], syntax.Span);
    }

    /// <summary>A literal or a name where any value goes, such as an argument for a command; null when it is neither, which is then reported.</summary>
    public BoundValue? BindLiteralOrName(string owner, ValueSyntax value)
    {
        switch (value)
        {
            case NameValueSyntax name:
                return Find(name, couldBeText: true);
            case DecoratorValueSyntax nested:
                report.NestedDecorator(owner, nested.Span, ReferencedName(nested.Decorator));
                return null;
            default:
                if (value is StringSyntax text) RefuseValues(owner, text);
                return new BoundLiteral(value.LiteralText()!, value.LiteralType()!.Value, value.Span);
        }
    }

    /// <summary>The name that <c>@var(NAME)</c> is about; null when it is something else.</summary>
    public static string? ReferencedName(DecoratorSyntax decorator)
        => decorator is { Name.Text: "var" or "raw", Arguments: [{ Key: null, Value: NameValueSyntax name }] } ? name.Name : null;

    private BoundValue? BindReference(ReferenceDecorator decorator, DecoratorSyntax syntax)
    {
        var matcher = new ArgumentMatcher(decorator.Written, FormalsOf(decorator), Surplus.None);
        matcher.Match(syntax.Arguments, syntax.Span, report);
        if (matcher.ByParameter[0]?.Value is not { } value) return null;
        if (value is NameValueSyntax name) return Find(name, couldBeText: false);
        report.NotAName(decorator.Written, decorator.Parameters[0], value.Span);
        return null;
    }

    private BoundArguments BindEntries(Decorator decorator, DecoratorSyntax syntax)
    {
        var matcher = new ArgumentMatcher(decorator.Written, [], Surplus.Named);
        matcher.Match(syntax.Arguments, syntax.Span, report);
        if (syntax.Arguments.IsEmpty) report.NoEntries(syntax.Span);
        var entries = ImmutableArray.CreateBuilder<BoundEntry>(matcher.Rest.Count);
        var first = new Dictionary<string, Span>();
        foreach (var argument in matcher.Rest)
        {
            var key = argument.Key!;
            if (!first.TryAdd(key.Text, key.Span)) report.DuplicateEntry(key.Text, key.Span, first[key.Text]);
            if (BindArgument(decorator, decorator.Parameters[0], argument.Value) is { } value) entries.Add(new BoundEntry(key.Text, value));
        }
        return new BoundArguments(decorator, [null], entries.DrainToImmutable(), syntax.Span);
    }

    private BoundArgument? BindArgument(Decorator decorator, DecoratorParameter parameter, ValueSyntax value)
    {
        var owner = decorator.Written;
        switch (value)
        {
            case DecoratorValueSyntax nested:
                report.NestedDecorator(owner, nested.Span, ReferencedName(nested.Decorator));
                return null;
            case NameValueSyntax name:
                return BindNamed(owner, parameter, name);
            case StringSyntax text when parameter.Type is ParameterType.Template or ParameterType.Entries:
                return BindTemplate(text);
            default:
                if (value is StringSyntax plain) RefuseValues(owner, plain);
                return BindKnown(owner, parameter, value.LiteralText()!, value.LiteralType()!.Value, null, value.Span);
        }
    }

    private BoundArgument? BindNamed(string owner, DecoratorParameter parameter, NameValueSyntax name)
    {
        var isWord = parameter.Type switch
        {
            ParameterType.Key => true,
            ParameterType.Choice => Array.IndexOf(parameter.Choices, name.Name) >= 0,
            _ => false,
        };
        if (isWord) return new KnownArgument(new TextArgument(name.Name), name.Span);
        var value = names.Find(name.Name, name.Span);
        if (value is null && parameter.Type is ParameterType.Word) return new KnownArgument(new TextArgument(name.Name), name.Span);
        if (value is null)
        {
            report.UnknownVariable(name.Name, names.Nearest(name.Name), name.Span,
                couldBeText: parameter.Type is ParameterType.Text or ParameterType.Template or ParameterType.Entries);
            return null;
        }
        if (parameter.Type is ParameterType.Template or ParameterType.Entries)
            return new TextWithValues([new BoundUse(value, Quoting.Text)], name.Span);
        if (value is BoundVariable { Symbol: { Type: { } type } symbol })
        {
            // A text stays its variable's, so that a plan knows of a sensitive one where it came from.
            var argument = BindKnown(owner, parameter, symbol.Syntax.Value.LiteralText()!, type, name.Name, name.Span);
            return argument is not null && parameter.Type is ParameterType.Text or ParameterType.Word ? new NamedArgument(value, name.Name, name.Span) : argument;
        }

        if (value.Type is { } known && !Accepts(parameter, known))
        {
            report.WrongType(owner, parameter, $"{name.Name} is {known.Noun()}", name.Span);
            return null;
        }
        return new NamedArgument(value, name.Name, name.Span);
    }

    private KnownArgument? BindKnown(string owner, DecoratorParameter parameter, string text, LiteralType type, string? label, Span span)
    {
        if (!Accepts(parameter, type))
        {
            report.WrongType(owner, parameter, label is null ? $"{Shown(text, type)} is {type.Noun()}" : $"{label} is {type.Noun()}", span);
            return null;
        }
        var (argument, problem) = ArgumentReader.Read(parameter, text, label);
        if (argument is not null) return new KnownArgument(argument, span);
        report.WrongValue(owner, parameter, label is null ? problem! : $"{problem}, which is the value of {label}", span);
        return null;
    }

    private BoundArgument BindTemplate(StringSyntax text)
    {
        return HoldsValues(text)
            ? new TextWithValues(BindPieces(text.Pieces), text.Span)
            : new KnownArgument(new TextArgument(text.LiteralText()!), text.Span);
    }

    private void RefuseValues(string owner, StringSyntax text)
    {
        if (HoldsValues(text) || LooksLikeValue(report.Written(text.Span))) report.ValueInPlainString(owner, text.Span);
    }

    private static bool HoldsValues(StringSyntax text)
    {
        foreach (var piece in text.Pieces)
            if (piece is ValueUseSyntax) return true;
        return false;
    }

    /// <summary>Whether a string that holds no values seems meant to: the parser does not look for them where none are inserted.</summary>
    /// <param name="written">The string as written, in its quotes.</param>
    public static bool LooksLikeValue(ReadOnlySpan<char> written)
    {
        if (written.StartsWith("'")) return false;
        for (var at = written.IndexOf('@'); at >= 0; at = written.IndexOf('@'))
        {
            var isEscaped = at > 0 && written[at - 1] == '\\';
            written = written[(at + 1)..];
            var open = written.IndexOf('(');
            if (!isEscaped && open > 0 && Decorators.Decorators.Find(written[..open]) is ValueDecorator) return true;
        }
        return false;
    }

    private BoundValue? Find(NameValueSyntax name, bool couldBeText)
    {
        var value = names.Find(name.Name, name.Span);
        if (value is null) report.UnknownVariable(name.Name, names.Nearest(name.Name), name.Span, couldBeText);
        return value;
    }

    private static bool Accepts(DecoratorParameter parameter, LiteralType type) => parameter.Type switch
    {
        ParameterType.Number => type is LiteralType.Number,
        ParameterType.Duration => type is LiteralType.Duration or LiteralType.Text,
        ParameterType.Boolean => type is LiteralType.Boolean,
        ParameterType.Choice or ParameterType.Key => type is LiteralType.Text,
        _ => true,
    };

    private static string Shown(string text, LiteralType type) => type is LiteralType.Text ? $"\"{text}\"" : text;

    private static Formal[] FormalsOf(Decorator decorator)
    {
        var formals = new Formal[decorator.Parameters.Length];
        for (var i = 0; i < formals.Length; i++)
        {
            var parameter = decorator.Parameters[i];
            formals[i] = new Formal(parameter.Name, parameter.Alias, parameter.Required);
        }
        return formals;
    }
}
