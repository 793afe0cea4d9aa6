using System.Collections.Immutable;
using Lockstep.Expressions;
using Lockstep.Plans.Nodes;
using Lockstep.Source;

namespace Lockstep.Plans.Views;

/// <summary>What a view wants of a line.</summary>
/// <param name="Unicode">Whether markers and arrows may be Unicode's.</param>
/// <param name="Markers">Whether values have their numbers.</param>
/// <param name="Facts">Whether there are braces.</param>
/// <param name="Cut">Whether commands over 80 columns are cut.</param>
/// <param name="Describing">Whether one step is described by itself, without those inside it.</param>
internal readonly record struct ViewOptions(bool Unicode = true, bool Markers = true, bool Facts = true, bool Cut = true, bool Describing = false);

/// <summary>A link of a chain, with what stands before it and the file its output is appended to.</summary>
internal readonly record struct ChainLink(PlanNode Step, string? Before, ShellTemplate? Append);

/// <summary>A step to show below another.</summary>
/// <param name="Link">The step, as a link where it is one.</param>
/// <param name="Label">A line of its own above it, such as a branch's pattern.</param>
/// <param name="Alone">Whether a sequence needs a line of its own here, because its steps would read as its siblings' equals.</param>
internal readonly record struct ShownStep(ChainLink Link, string? Label, bool Alone);

/// <summary>Takes from a step its line and the steps below it; each kind tells them in <see cref="PlanNode.Show"/>.</summary>
internal sealed class StepView(ImmutableArray<PlannedValue> values, ViewOptions options)
{
    private const int Columns = 80;

    private readonly bool[] _shown = new bool[values.Length];
    private bool _inChain;
    private bool _chainIsTooLong;
    private int _chainColumns;
    private string? _error;
    private int _arguments;
    private int _facts;

    public ImmutableArray<PlannedValue> Values => values;

    /// <summary>The line. Valid until the next one.</summary>
    public LineText Line { get; } = new();

    /// <summary>The steps below it. Valid until the next line.</summary>
    public List<ShownStep> Below { get; } = [];

    /// <summary>Which values stand in any line so far.</summary>
    public bool[] ShownValues => _shown;

    /// <summary>Whether the line is a whole chain, its links' commands and all.</summary>
    public bool IsChainLine { get; private set; }

    public bool Describing => options.Describing;

    public string Arrow => options.Unicode ? "→" : "->";

    public string Times => options.Unicode ? "×" : "x";

    private int Limit => options.Cut ? Columns : int.MaxValue;

    /// <summary>Makes the line of a step.</summary>
    public void Show(ShownStep step)
    {
        Line.Clear();
        Below.Clear();
        IsChainLine = false;
        if (step.Label is { } label)
        {
            Line.AddSafe(label);
            Line.Add(":");
            Child(step.Link.Step);
            return;
        }

        AddLink(step.Link);
    }

    public int Mark() => Line.Length;

    public void Rewind(int mark) => Line.Rewind(mark);

    /// <summary><c>@name</c>.</summary>
    public void Decorator(string name, Ink ink = Ink.Plain)
    {
        Line.Add("@", ink);
        Line.Add(name, ink);
        CountInChain(name.Length + 3);
        if (_error is null) return;
        Line.Add("(");
        AddError();
        Line.Add(")");
    }

    /// <summary>A word of our own, for a step that no decorator made.</summary>
    public void Word(string word)
    {
        Line.Add(word);
        if (_error is null) return;
        Line.Add(" ");
        AddError();
    }

    /// <summary>Shell text.</summary>
    public void Command(ShellTemplate text)
    {
        AddTemplate(text, Ink.Plain);
        if (_error is null) return;
        Line.Add(" ");
        AddError();
    }

    /// <summary>Something between the decorator's parentheses.</summary>
    public void Argument(string text)
    {
        if (_error is not null) return;
        Line.Add(_arguments++ == 0 ? "(" : ", ");
        var start = Line.Length;
        Line.AddCut(text, Ink.Plain, Limit);
        CountInChain(Line.Length - start);
    }

    /// <summary>A message between the decorator's parentheses.</summary>
    public void Argument(ShellTemplate text)
    {
        if (_error is not null) return;
        Line.Add(_arguments++ == 0 ? "(\"" : ", \"");
        AddTemplate(text, Ink.Plain);
        Line.Add("\"");
    }

    /// <summary>Something between braces.</summary>
    public void Fact(string text)
    {
        if (NextFact()) Line.AddCut(text, Ink.Grey, Limit);
    }

    public void Fact(TimeSpan duration, string after)
    {
        if (!NextFact()) return;
        Line.Add(HumanDuration.Format(duration), Ink.Grey);
        Line.Add(after, Ink.Grey);
    }

    public void Fact(ShellTemplate text) => Fact("", text);

    public void Fact(string before, ShellTemplate text)
    {
        if (!NextFact()) return;
        Line.AddSafe(before, Ink.Grey);
        AddTemplate(text, Ink.Grey);
    }

    /// <summary>A step below this one, under a line for its label if it has one.</summary>
    public void Child(PlanNode step, string? label = null, bool alone = false)
    {
        if (!_inChain) Below.Add(new(new(step, null, null), label, alone));
    }

    public void Child(ChainLink link) => Below.Add(new(link, null, Alone: true));

    /// <summary>All links in one line, if they are leaves and calls and fit; if not, the line is to be rewound.</summary>
    public bool Chain(List<ChainLink> links)
    {
        if (_error is not null) return false;
        _inChain = true;
        _chainColumns = 0;
        _chainIsTooLong = false;
        var fits = true;
        foreach (var link in links)
        {
            fits = link.Step is ShellNode or LogNode or CallNode or NeedsNode && link.Step.Error is null;
            if (!fits) break;
            if (link.Before is not null) Line.Add(" ");
            AddLink(link);
            fits = !_chainIsTooLong;
            if (!fits) break;
        }

        _inChain = false;
        IsChainLine = fits;
        return fits;
    }

    private void AddLink(ChainLink link)
    {
        if (link.Before is { } before)
        {
            Line.Add(before);
            Line.Add(" ");
            CountInChain(before.Length + 2);
        }

        var outer = (_arguments, _facts, _error);
        (_arguments, _facts, _error) = (0, 0, link.Step.Error);
        link.Step.Show(this);
        if (_facts > 0) Line.Add("}", Ink.Grey);
        else if (_arguments > 0) Line.Add(")");
        (_arguments, _facts, _error) = outer;
        if (link.Append is { } file)
        {
            Line.Add(" >> ");
            CountInChain(4);
            AddTemplate(file, Ink.Plain);
        }
    }

    private bool NextFact()
    {
        if (!options.Facts || _error is not null) return false;
        if (_facts == 0 && _arguments > 0) Line.Add(")");
        Line.Add(_facts++ == 0 ? " {" : ", ", Ink.Grey);
        return true;
    }

    private void AddError()
    {
        Line.Add("<error: ", Ink.Error);
        Line.AddSafe(_error, Ink.Error);
        Line.Add(">", Ink.Error);
    }

    // A cut must not depend on what a value happens to be, so only the author's own text counts.
    private void AddTemplate(ShellTemplate text, Ink ink)
    {
        var columns = 0;
        var start = Line.Length;
        foreach (var piece in text.Pieces)
        {
            if (piece is ValueUse use) AddValue(use, ink);
            else if (!Line.AddSafe(((LiteralText)piece).Text, ink, ref columns, Limit))
            {
                if (_inChain) _chainIsTooLong = true;
                else AddCutTemplate(text, ink, start);
                return;
            }
        }

        CountInChain(columns);
    }

    private void AddCutTemplate(ShellTemplate text, Ink ink, int start)
    {
        Line.Rewind(start);
        var columns = 0;
        foreach (var piece in text.Pieces)
        {
            if (piece is ValueUse use) AddValue(use, ink);
            else if (!Line.AddSafe(((LiteralText)piece).Text, ink, ref columns, Limit - 3)) break;
        }

        Line.Add("...", ink);
    }

    private void AddValue(ValueUse use, Ink ink)
    {
        var value = values[use.Value];
        _shown[use.Value] = true;
        PlannedText.AddValue(Line, value, use.Quoting, ink, Limit);
        if (options.Markers) PlannedText.AddMarker(Line, value.Marker, use.Quoting == Quoting.Raw, options.Unicode);
    }

    private void CountInChain(int columns)
    {
        _chainColumns += columns;
        if (_inChain && _chainColumns > Limit) _chainIsTooLong = true;
    }
}
