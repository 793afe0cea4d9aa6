using System.Collections.Immutable;
using Lockstep.Commands.Syntax;

namespace Lockstep.Commands.Parsing;

/// <content>The branches of pattern decorators, in a block or in the arguments.</content>
internal sealed partial class BodyParser
{
    private BranchSyntax? Branch(bool isOneLine, DecoratorSyntax decorator, ref bool isReported)
    {
        var start = _cursor.Position;
        var isWhole = _outline.IsBranch(start, _cursor.End, isOneLine, out _, out var colon);
        if (!isWhole && colon < 0 && !isOneLine && _outline.IsBranchWithoutColon(start, _cursor.End, out var brace))
        {
            var header = _cursor.ReadName()!;
            Bag.Add(SyntaxDiagnostics.ColonWanted(_cursor.Source, header.Span, $"{header.Text}", "{ … }"));
            _cursor.Position = brace;
            return new BranchSyntax(header, Statements(isOneLine), _cursor.At(start, _cursor.Position));
        }
        if (!isWhole && !IsAttached(colon))
        {
            var length = _cursor.Word().Length;
            // What follows one line without a name is probably meant to belong to it.
            if (!isReported) Bag.Add(SyntaxDiagnostics.BranchWanted(_cursor.Source, _cursor.At(start, start + length), decorator.Name.Text));
            isReported = true;
            Statement(isOneLine);
            return null;
        }
        if (!isWhole) BlankWanted(start, colon);
        var name = _cursor.Current is '"' or '\'' ? _values.ParseBranchName() : _cursor.ReadName()!;
        _cursor.Position = colon + 1;
        _cursor.SkipBlanks();
        if (_cursor.AtLineEnd || _cursor.Current == ';' || (!isOneLine && _cursor.AtComment))
        {
            Bag.Add(SyntaxDiagnostics.EmptyBranch(_cursor.Source, name.Span, name.Text));
            isReported = true;
            return null;
        }
        var body = _cursor.Current == '{' ? Statements(isOneLine) : BranchStatements(isOneLine);
        return new BranchSyntax(name, body, _cursor.At(start, _cursor.Position));
    }

    // On one line a branch goes on over `;` until the next branch's name.
    private ImmutableArray<StatementSyntax> BranchStatements(bool isOneLine)
    {
        var statements = ImmutableArray.CreateBuilder<StatementSyntax>();
        while (true)
        {
            if (Statement(isOneLine) is { } statement) statements.Add(statement);
            if (!isOneLine || IsDone) return statements.ToImmutable();
            var next = Lines.SkipBlanks(Text, _cursor.Position, _cursor.End);
            while (next < _cursor.End && Text[next] == ';') next = Lines.SkipBlanks(Text, next + 1, _cursor.End);
            if (next == _cursor.Position || next >= _cursor.End) return statements.ToImmutable();
            if (_outline.IsBranch(next, _cursor.End, true, out _, out var colon) || IsAttached(colon)) return statements.ToImmutable();
            _cursor.Position = next;
        }
    }

    // `linux:make`, where a blank would make a branch of it; but `https://…` and `C:\…` are text.
    private bool IsAttached(int colon) => colon >= 0 && colon + 1 < _cursor.End && Text[colon + 1] is not ('/' or '\\' or ':');

    private void BlankWanted(int start, int colon)
    {
        var length = Lines.NameLength(Text, colon + 1, _cursor.End);
        var branch = SyntaxDiagnostics.Cut(Text.AsSpan(start, colon + 1 - start));
        Bag.Add(SyntaxDiagnostics.BlankWanted(
            _cursor.Source, _cursor.At(start, colon + 1 + length), colon, branch, SyntaxDiagnostics.Cut(Text.AsSpan(colon + 1, length))));
    }

    private static bool HasPatterns(DecoratorSyntax decorator)
    {
        foreach (var argument in decorator.Arguments)
            if (argument.IsPattern) return true;
        return false;
    }

    private ImmutableArray<BranchSyntax> BranchesOf(DecoratorSyntax decorator)
    {
        var branches = ImmutableArray.CreateBuilder<BranchSyntax>();
        foreach (var argument in decorator.Arguments)
        {
            if (!argument.IsPattern || argument.Key is not { } name) continue;
            if (argument.Value is not StringSyntax command)
            {
                var text = _cursor.Source.Slice(argument.Value.Span).ToString();
                Bag.Add(SyntaxDiagnostics.NotAValue(_cursor.Source, argument.Value.Span, text, $"\"{SyntaxDiagnostics.Cut(text)}\""));
                continue;
            }
            branches.Add(new BranchSyntax(name, ParseString(command), argument.Span));
        }
        return branches.ToImmutable();
    }
}
