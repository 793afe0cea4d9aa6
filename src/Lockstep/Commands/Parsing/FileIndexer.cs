using System.Collections.Immutable;
using Lockstep.Commands.Syntax;
using Lockstep.Source;

namespace Lockstep.Commands.Parsing;

/// <summary>Reads a file's top level in one pass: variables whole, commands up to their bodies, which <see cref="BodyOutline"/> skips.</summary>
internal sealed class FileIndexer
{
    private readonly Cursor _cursor;
    private readonly ValueParser _values;
    private readonly BodyOutline _outline;
    private readonly Dictionary<string, CommandHeader> _commands = new(StringComparer.Ordinal);
    private Dictionary<string, CommandHeader>? _stops;
    private Dictionary<string, VariableSyntax>? _variableNames;
    private Span _comment;
    private CommandHeader? _last;
    private bool _isBroken;
    private bool _junkBefore;
    private bool _junkDirectlyBefore;

    public FileIndexer(SourceText source, DiagnosticBag bag)
    {
        _cursor = new Cursor(source, bag);
        _values = new ValueParser(_cursor);
        _outline = new BodyOutline(source.Text);
    }

    public ImmutableArray<VariableSyntax>.Builder Variables { get; } = ImmutableArray.CreateBuilder<VariableSyntax>();

    public ImmutableArray<CommandHeader>.Builder Headers { get; } = ImmutableArray.CreateBuilder<CommandHeader>();

    /// <summary>The <c>var ( … )</c> groups.</summary>
    public ImmutableArray<Span>.Builder Groups { get; } = ImmutableArray.CreateBuilder<Span>();

    /// <summary>The first of each name, <c>stop</c> bodies aside.</summary>
    public Dictionary<string, CommandHeader> Commands => _commands;

    /// <summary>The <c>stop</c> bodies; null without any.</summary>
    public Dictionary<string, CommandHeader>? Stops => _stops;

    private string Text => _cursor.Text;

    private int End => _cursor.End;

    /// <summary>Reads the whole file.</summary>
    public void Run()
    {
        while (_cursor.Position < End)
        {
            var start = _cursor.Position;
            _cursor.SkipBlanks();
            if (_cursor.AtLineEnd)
            {
                _comment = default;
                _junkDirectlyBefore = false;
                _cursor.Accept('\n');
                continue;
            }
            if (_cursor.AtComment) Comment();
            else Declaration(isIndented: _cursor.Position > start);
            if (!_cursor.Accept('\n') && _cursor.Position < End) _cursor.Position = EndOfLine();
        }
    }

    private void Comment()
    {
        var start = _cursor.Position;
        _cursor.Position = Lines.PhysicalEnd(Text, start, End);
        _comment = Span.FromBounds(_comment.Length > 0 ? _comment.Start : start, _cursor.Position);
    }

    private void Declaration(bool isIndented)
    {
        var start = _cursor.Position;
        var length = Lines.NameLength(Text, start, End);
        if (length == 0)
        {
            Junk(start, isIndented);
            return;
        }
        var name = new Span(start, length);
        if (Text[start] == 'e' && Exported(start, name, isIndented)) return;
        if (Text[start] is not ('v' or 'w' or 's') || name.End >= End || Text[name.End] == ':') Command(start, CommandKind.Run, name, isIndented);
        else if (_cursor.Source.Slice(name) is "var") Variable(start);
        else if (_cursor.Source.Slice(name) is "watch") Prefixed(CommandKind.Watch, name, isIndented);
        else if (_cursor.Source.Slice(name) is "stop") Prefixed(CommandKind.Stop, name, isIndented);
        else Command(start, CommandKind.Run, name, isIndented);
    }

    private void Prefixed(CommandKind kind, Span word, bool isIndented)
    {
        var start = Lines.SkipBlanks(Text, word.End, End);
        var length = Lines.NameLength(Text, start, End);
        // `watch: …` and `stop(x): …` declare commands of those names.
        if (length > 0 && start > word.End) Command(word.Start, kind, new Span(start, length), isIndented);
        else Command(word.Start, CommandKind.Run, word, isIndented);
    }

    private void Command(int start, CommandKind kind, Span name, bool isIndented)
    {
        _cursor.Position = name.End;
        ImmutableArray<ParameterSyntax> parameters = [];
        var errors = _cursor.Bag.Count;
        if (_cursor.Current == '(') parameters = _values.ParseParameters();
        _cursor.SkipBlanks();
        if (parameters.IsEmpty && !isIndented && _cursor.Bag.Count == errors && AssignmentAt(_cursor.Position) is > 0 and var value)
        {
            AssignmentWithoutVar(start, name, value, isExported: false);
            return;
        }
        if (!_cursor.Accept(':'))
        {
            if (_cursor.Bag.Count > errors) (_junkBefore, _junkDirectlyBefore) = (true, true);
            else if (parameters.Length > 0 || _cursor.AtLineEnd || _cursor.Current == '{') NoColon(start, name, isIndented);
            Junk(_cursor.Current == '{' ? _cursor.Position : start, isIndented);
            return;
        }
        (_junkBefore, _junkDirectlyBefore) = (false, false);
        var text = Text.Substring(name.Start, name.Length);
        var body = Body(name, text);
        var header = new CommandHeader(kind, text, name, Span.FromBounds(start, body.End), body) { Parameters = parameters, Comment = _comment };
        _comment = default;
        _last = header;
        Headers.Add(header);
        Declare(header);
    }

    // The offset just past `=`, `:=`, `?=` or `+=`; 0 without one.
    private int AssignmentAt(int at)
    {
        if (at < End && Text[at] is ':' or '?' or '+') at++;
        return at < End && Text[at] == '=' ? at + 1 : 0;
    }

    // It is declared all the same: its uses are no errors of their own.
    private void AssignmentWithoutVar(int start, Span name, int value, bool isExported)
    {
        _cursor.Position = value;
        _cursor.SkipBlanks();
        var from = Math.Min(_cursor.Position, EndOfLine());
        var text = Text[from..Lines.TrimEnd(Text, from, EndOfLine())];
        var read = new ValueParser(new Cursor(_cursor.Source, new DiagnosticBag()) { Position = from, End = from + text.Length });
        var literal = text.Length == 0 ? null : read.ParseDeclared(isParameter: false);
        var shown = text.Length == 0 ? "\"…\"" : literal is null ? $"\"{text}\"" : text;
        var declared = new NameSyntax(Text.Substring(name.Start, name.Length), name);
        _cursor.Bag.Add(SyntaxDiagnostics.AssignmentWithoutVar(_cursor.Source, Span.FromBounds(start, value), declared.Text, shown, isExported));
        _cursor.Position = EndOfLine();
        (_comment, _last) = (default, null);
        (_junkBefore, _junkDirectlyBefore) = (false, false);
        Declare(new VariableSyntax(declared, literal ?? new StringSyntax("", name), Span.FromBounds(start, from + text.Length)));
    }

    private bool Exported(int start, Span word, bool isIndented)
    {
        if (isIndented || _cursor.Source.Slice(word) is not "export") return false;
        var at = Lines.SkipBlanks(Text, word.End, End);
        var length = Lines.NameLength(Text, at, End);
        if (length == 0 || at == word.End || AssignmentAt(Lines.SkipBlanks(Text, at + length, End)) is not (> 0 and var value)) return false;
        AssignmentWithoutVar(start, new Span(at, length), value, isExported: true);
        return true;
    }

    private void NoColon(int start, Span name, bool isIndented)
    {
        if (isIndented) return;
        _cursor.Bag.Add(SyntaxDiagnostics.ColonWanted(_cursor.Source, name, Text[start.._cursor.Position]));
        (_junkBefore, _junkDirectlyBefore) = (true, true);
    }

    /// <summary>Passes over what is no declaration; reports it, unless it belongs to what was reported before: lines that follow, and all that are indented.</summary>
    private void Junk(int start, bool isIndented)
    {
        _cursor.Position = start;
        _comment = default;
        var isReported = isIndented ? _junkBefore : _junkDirectlyBefore;
        (_junkBefore, _junkDirectlyBefore) = (true, true);
        var end = EndOfBody(start);
        var lineEnd = Lines.TrimEnd(Text, start, EndOfLine());
        if (!isReported && !(FollowsBody(start, isIndented) && (IsBrokenBody() || HasEarlyBrace())))
            _cursor.Bag.Add(JunkAt(start, Span.FromBounds(start, Math.Max(start + 1, lineEnd)), isIndented));
        _cursor.Position = Math.Max(end, start);
    }

    private Diagnostic JunkAt(int start, Span line, bool isIndented)
    {
        if (Text[start] == '}') return SyntaxDiagnostics.StrayBrace(_cursor.Source, line);
        return isIndented && _last is { } last && Text[last.Body.End - 1] != '}'
            ? SyntaxDiagnostics.LinesWithoutBraces(_cursor.Source, line, last.Name)
            : SyntaxDiagnostics.NotADeclaration(_cursor.Source, line);
    }

    // What a mistake in a body leaves over is no mistake of its own.
    private bool FollowsBody(int start, bool isIndented) => _last is not null && (isIndented || Text[start] == '}');

    private bool IsBrokenBody()
    {
        var bag = new DiagnosticBag();
        new BodyParser(new Cursor(_cursor.Source, bag)).Parse(_last!.Body);
        return bag.HasErrors;
    }

    private bool HasEarlyBrace()
    {
        if (_last is not { Body.End: var end } || end < 2 || Text[end - 1] != '}' || !Lines.IsBlank(Text[end - 2])) return false;
        var line = Text.LastIndexOf('\n', end - 1) + 1;
        if (!Text.AsSpan(line, end - 1 - line).IsWhiteSpace() || line <= _last.Span.Start) return false;
        _cursor.Bag.Add(SyntaxDiagnostics.EarlyBrace(_cursor.Source, Span.FromBounds(end - 1, end), _last.Name));
        return true;
    }

    private Span Body(Span name, string text)
    {
        var start = _cursor.Position;
        var first = Lines.SkipBlanks(Text, start, End);
        if (first >= End || Text[first] == '\n' || Lines.IsComment(Text, first, End))
        {
            _cursor.Bag.Add(SyntaxDiagnostics.NoBody(_cursor.Source, name, text));
            _cursor.Position = Lines.PhysicalEnd(Text, first, End);
            // What make would take for the body.
            (_junkBefore, _junkDirectlyBefore) = (true, true);
            return Span.FromBounds(start, _cursor.Position);
        }
        var end = Text[first] is '{' or '@' ? EndOfBody(start) : Lines.LogicalEnd(Text, first, End);
        _cursor.Position = end;
        return Span.FromBounds(start, Lines.TrimEnd(Text, start, end));
    }

    private int EndOfBody(int start)
    {
        var end = _outline.EndOfBody(start, End, stopAtHeaders: _isBroken);
        if (end < 0 && !_isBroken)
        {
            _isBroken = true;
            end = _outline.EndOfBody(start, End, stopAtHeaders: true);
        }
        return end < 0 ? End : end;
    }

    private void Declare(CommandHeader header)
    {
        if (header.Kind == CommandKind.Stop)
        {
            _stops ??= new Dictionary<string, CommandHeader>(StringComparer.Ordinal);
            if (!_stops.TryAdd(header.Name, header)) Duplicate(header, _stops[header.Name]);
            else if (_commands.TryGetValue(header.Name, out var other) && other.Kind == CommandKind.Run) Duplicate(header, other);
            return;
        }
        if (!_commands.TryAdd(header.Name, header)) Duplicate(header, _commands[header.Name]);
        else if (header.Kind == CommandKind.Run && _stops is not null && _stops.TryGetValue(header.Name, out var stop)) Duplicate(header, stop);
    }

    private void Duplicate(CommandHeader header, CommandHeader first)
        => _cursor.Bag.Add(SyntaxDiagnostics.DuplicateCommand(_cursor.Source, header.NameSpan, header.Name, first.NameSpan));

    private void Variable(int start)
    {
        _comment = default;
        _cursor.Position = start + "var".Length;
        _cursor.SkipBlanks();
        if (_cursor.Current == '(') Group(start);
        else if (_cursor.Current == ':') Command(start, CommandKind.Run, new Span(start, "var".Length), isIndented: false);
        else Assignment(start);
    }

    private void Group(int start)
    {
        var open = _cursor.Position++;
        while (true)
        {
            _cursor.SkipBlanks();
            if (_cursor.AtComment) _cursor.Position = Lines.PhysicalEnd(Text, _cursor.Position, End);
            if (_cursor.Accept('\n')) continue;
            if (_cursor.Accept(')'))
            {
                Groups.Add(Span.FromBounds(start, _cursor.Position));
                AfterValue();
                return;
            }
            var startsLine = _cursor.Position == 0 || Text[_cursor.Position - 1] == '\n';
            if (_cursor.Position >= End || (startsLine && IsHeader()))
            {
                _cursor.Bag.Add(SyntaxDiagnostics.GroupNotClosed(_cursor.Source, Span.FromBounds(open, open + 1)));
                // The line is the next declaration's.
                if (_cursor.Position > 0 && _cursor.Position < End) _cursor.Position--;
                return;
            }
            Assignment(_cursor.Position);
        }
    }

    private bool IsHeader()
    {
        var after = _cursor.Position + Lines.NameLength(Text, _cursor.Position, End);
        return after > _cursor.Position && after < End && (Text[after] == ':' || Text.AsSpan(_cursor.Position, after - _cursor.Position) is "var");
    }

    private void Assignment(int start)
    {
        var reported = _cursor.Bag.Count;
        if (_cursor.ReadName() is not { } name)
        {
            var length = _cursor.AtLineEnd ? 0 : _cursor.Word().Length;
            _cursor.Bag.Add(SyntaxDiagnostics.NameWanted(_cursor.Source, new Span(_cursor.Position, length), "what follows var", "var NAME = VALUE"));
            // `var` alone: a `(` is missing, and the lines below are its group.
            if (length == 0) (_junkBefore, _junkDirectlyBefore) = (true, true);
            _cursor.Position = EndOfLine();
            return;
        }
        _cursor.SkipBlanks();
        ValueSyntax? value = null;
        var hasValue = _cursor.Accept('=');
        _cursor.SkipBlanks();
        if (!hasValue || _cursor.AtLineEnd || _cursor.AtComment)
            _cursor.Bag.Add(SyntaxDiagnostics.NoValue(_cursor.Source, name.Span, name.Text));
        else
            value = _values.ParseDeclared(isParameter: false);
        // Uses of the variable are no errors of their own.
        value ??= new StringSyntax("", name.Span);
        var variable = new VariableSyntax(name, value, Span.FromBounds(start, Math.Max(name.Span.End, _cursor.Position)));
        if (_cursor.Bag.Count == reported) AfterValue();
        _cursor.Position = EndOfLine();
        (_junkBefore, _junkDirectlyBefore, _last) = (false, false, null);
        Declare(variable);
    }

    private void Declare(VariableSyntax variable)
    {
        _variableNames ??= new Dictionary<string, VariableSyntax>(StringComparer.Ordinal);
        if (_variableNames.TryAdd(variable.Name.Text, variable)) Variables.Add(variable);
        else
        {
            var first = _variableNames[variable.Name.Text].Name.Span;
            _cursor.Bag.Add(SyntaxDiagnostics.DuplicateVariable(_cursor.Source, variable.Name.Span, variable.Name.Text, first));
        }
    }

    private void AfterValue()
    {
        _cursor.SkipBlanks();
        if (_cursor.AtLineEnd || _cursor.AtComment) return;
        _cursor.Bag.Add(SyntaxDiagnostics.AfterValue(_cursor.Source, Span.FromBounds(_cursor.Position, EndOfLine())));
    }

    private int EndOfLine() => Lines.LogicalEnd(Text, _cursor.Position, End);
}
