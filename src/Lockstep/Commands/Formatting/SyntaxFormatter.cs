using System.Collections.Immutable;
using Lockstep.Commands.Parsing;
using Lockstep.Commands.Syntax;
using Lockstep.Source;

namespace Lockstep.Commands.Formatting;

/// <summary>
/// The one form <c>lockstep fmt</c> prints: four blanks a level, at most one blank line, one blank around <c>=</c> and after commas. What stands on one
/// line stays there, comments stay where they are, and shell text stays as it is but for the white space around it.
/// </summary>
internal sealed class SyntaxFormatter
{
    private readonly CommandFile _file;
    private readonly FormattedText _text;
    private bool _isInOneLine;

    private SyntaxFormatter(CommandFile file)
    {
        _file = file;
        _text = new FormattedText(file.Source.Text);
    }

    /// <summary>Formats a file; null, with the errors in the bag, when it can't be read.</summary>
    public static string? Format(CommandFile file, DiagnosticBag bag)
    {
        file.CheckAll(bag);
        return bag.HasErrors ? null : new SyntaxFormatter(file).File();
    }

    private string Source => _file.Source.Text;

    private string File()
    {
        var (variable, group) = (0, 0);
        foreach (var header in _file.Commands)
        {
            Variables(header.Span.Start, ref variable, ref group);
            Command(header);
        }
        Variables(Source.Length, ref variable, ref group);
        _text.Gap();
        return _text.Finish();
    }

    private void Variables(int end, ref int variable, ref int group)
    {
        while (true)
        {
            var nextGroup = group < _file.VariableGroups.Length ? _file.VariableGroups[group].Start : int.MaxValue;
            var nextVariable = variable < _file.Variables.Length ? _file.Variables[variable].Span.Start : int.MaxValue;
            if (Math.Min(nextGroup, nextVariable) >= end) return;
            if (nextGroup < nextVariable)
            {
                Group(_file.VariableGroups[group++], ref variable);
                continue;
            }
            _text.Item(nextVariable);
            _text.Write("var ");
            Assignment(_file.Variables[variable++]);
        }
    }

    private void Group(Span group, ref int variable)
    {
        _text.Item(group.Start);
        _text.Write("var (");
        _text.Open(Source.IndexOf('(', group.Start) + 1);
        while (variable < _file.Variables.Length && _file.Variables[variable].Span.Start < group.End)
        {
            _text.Item(_file.Variables[variable].Span.Start);
            Assignment(_file.Variables[variable++]);
        }
        _text.Close();
    }

    private void Assignment(VariableSyntax variable)
    {
        _text.Write(variable.Name.Text);
        _text.Write(" = ");
        Value(variable.Value);
        _text.At = variable.Span.End;
    }

    private void Command(CommandHeader header)
    {
        _text.Item(header.Span.Start);
        _text.Write(header.Kind switch
        {
            CommandKind.Run => "",
            CommandKind.Watch => "watch ",
            CommandKind.Stop => "stop ",
            _ => throw new InvalidOperationException($"no word for {header.Kind}"),
        });
        _text.Write(header.Name);
        if (header.Parameters.Length > 0) Parameters(header.Parameters);
        _text.Write(": ");
        var body = _file.Parse(header, new DiagnosticBag()).Body;
        var start = Lines.SkipBlanks(Source, header.Body.Start, header.Body.End);
        if (Source[start] == '{') Block(start, body, Statement);
        else Statement(body[0]);
    }

    private void Parameters(ImmutableArray<ParameterSyntax> parameters)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            _text.Write(i == 0 ? "(" : ", ");
            _text.Write(parameters[i].Name.Text);
            if (parameters[i].Default is not { } value) continue;
            _text.Write(" = ");
            Value(value);
        }
        _text.Write(")");
    }

    private void Statement(StatementSyntax statement)
    {
        switch (statement)
        {
            case ShellSyntax or ChainSyntax:
                _text.Raw(statement.Span);
                break;
            case ActionSyntax action:
                Decorator(action.Decorator);
                break;
            case BlockSyntax block:
                Decorator(block.Decorator);
                _text.Write(" ");
                Block(OpenAfter(block.Decorator), block.Body, Statement);
                return;
            case PatternSyntax pattern when pattern.Span == pattern.Decorator.Span:
                Decorator(pattern.Decorator);
                break;
            case PatternSyntax pattern:
                Decorator(pattern.Decorator);
                _text.Write(" ");
                Block(OpenAfter(pattern.Decorator), pattern.Branches, Branch);
                return;
            default:
                throw new InvalidOperationException($"no form for {statement.GetType().Name}");
        }
        _text.At = statement.Span.End;
    }

    private int OpenAfter(DecoratorSyntax decorator) => Lines.SkipBlanks(Source, decorator.Span.End, Source.Length);

    private void Branch(BranchSyntax branch)
    {
        _text.Raw(branch.Name.Span);
        _text.Write(": ");
        var colon = Source.IndexOf(':', branch.Name.Span.End);
        var start = Lines.SkipBlanks(Source, colon + 1, branch.Span.End);
        if (Source[start] == '{') Block(start, branch.Body, Statement);
        else OneLine(branch.Body, Statement);
    }

    private void Block<T>(int open, ImmutableArray<T> items, Action<T> write) where T : SyntaxNode
    {
        var first = Lines.SkipBlanks(Source, open + 1, Source.Length);
        // What stands in a block on one line is on that line too, so no comment can start there: its // is the shell's.
        var isInOneLine = _isInOneLine;
        var isOneLine = isInOneLine || (Source[first] != '\n' && !Lines.IsComment(Source, first, Source.Length));
        _text.Write("{");
        if (isOneLine)
        {
            _text.Write(" ");
            _text.At = first;
            _isInOneLine = true;
            OneLine(items, write);
            _isInOneLine = isInOneLine;
            _text.CloseLine(isEmpty: items.Length == 0);
        }
        else
        {
            _text.Open(open + 1);
            foreach (var item in items)
            {
                _text.Item(item.Span.Start);
                write(item);
            }
            _text.Close();
        }
    }

    private void OneLine<T>(ImmutableArray<T> items, Action<T> write)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) _text.Write("; ");
            write(items[i]);
        }
    }

    private void Decorator(DecoratorSyntax decorator)
    {
        // Who breaks a list of arguments over lines has laid it out.
        if (IsBrokenOverLines(decorator))
        {
            _text.Raw(decorator.Span);
            return;
        }
        _text.Write($"@{decorator.Name.Text}");
        if (!decorator.HasParentheses) return;
        _text.Write("(");
        for (var i = 0; i < decorator.Arguments.Length; i++)
        {
            var argument = decorator.Arguments[i];
            if (i > 0) _text.Write(", ");
            if (argument.Key is { } key)
            {
                _text.Raw(key.Span);
                _text.Write(argument.IsPattern ? ": " : " = ");
            }
            Value(argument.Value);
        }
        _text.Write(")");
    }

    private bool IsBrokenOverLines(DecoratorSyntax decorator)
    {
        var newlines = _file.Source.Slice(decorator.Span).Count('\n');
        if (newlines == 0) return false;
        foreach (var argument in decorator.Arguments)
            if (argument.Value is StringSyntax) newlines -= _file.Source.Slice(argument.Value.Span).Count('\n');
        return newlines > 0;
    }

    private void Value(ValueSyntax value)
    {
        if (value is DecoratorValueSyntax { Decorator: var decorator }) Decorator(decorator);
        else _text.Raw(value.Span);
    }
}
