namespace Lockstep.Plans.Views;

/// <summary>How a plan's tree is printed.</summary>
public sealed record TreeOptions
{
    /// <summary>Whether markers and lines are Unicode's, as in <c>├─ push myapp¹</c>; else <c>|- push myapp(1)</c>. Default true.</summary>
    public bool Unicode { get; init; } = true;

    /// <summary>Whether it is coloured with ANSI sequences. Default false.</summary>
    public bool Color { get; init; }

    /// <summary>Whether commands and values over 80 columns are printed whole. Default false.</summary>
    public bool Verbose { get; init; }

    /// <summary>Whether only the structure is printed: no braces, no markers, no mapping. Default false.</summary>
    public bool Quiet { get; init; }

    /// <summary>Something of the caller's own in braces behind a step that nothing stands below, such as how long it usually takes; null for nothing. Default none.</summary>
    public Func<PlanNode, string?>? Note { get; init; }
}

/// <summary>Prints a plan as the tree that <c>--dry-run</c> shows.</summary>
public static class PlanTree
{
    private const int Columns = 80;

    /// <summary>Prints a plan; each line ends with a line feed. Any depth.</summary>
    /// <remarks>Values stand in their commands with a number, and once below with their source. Control characters are escaped.</remarks>
    public static void Write(TextWriter output, Plan plan, TreeOptions options)
    {
        var outline = new PlanOutline(plan, new(options.Unicode, Markers: !options.Quiet, Facts: !options.Quiet, Cut: !options.Verbose));
        WriteHead(output, plan, options);

        var indent = new Indent(options.Unicode);
        while (outline.Next())
        {
            output.Write(indent.Of(outline.Depth));
            output.Write(indent.Branch(outline.IsLast));
            AddNote(outline, options);
            WriteLine(output, outline.View.Line, options);
            indent.Enter(outline.Depth, outline.IsLast);
        }

        if (outline.Leaves == 0)
        {
            output.Write(indent.Branch(isLast: true));
            output.Write("(no steps)\n");
        }

        if (!options.Quiet && Array.IndexOf(outline.View.ShownValues, true) >= 0) WriteMapping(output, plan, outline, options);
    }

    private static void WriteHead(TextWriter output, Plan plan, TreeOptions options)
    {
        var line = new LineText();
        if (plan.Mode != PlanMode.Run)
        {
            line.Add(plan.Mode.Word());
            line.Add(" ");
        }

        line.AddSafe(plan.Command);
        line.Add(":");
        WriteLine(output, line, options);
    }

    private static void AddNote(PlanOutline outline, TreeOptions options)
    {
        if (options.Quiet || outline.Step is not { } step || !(outline.IsLeaf || outline.View.IsChainLine) || options.Note?.Invoke(step) is not { } note) return;
        outline.View.Line.Add(" {", Ink.Grey);
        outline.View.Line.AddSafe(note, Ink.Grey);
        outline.View.Line.Add("}", Ink.Grey);
    }

    private static void WriteMapping(TextWriter output, Plan plan, PlanOutline outline, TreeOptions options)
    {
        var line = new LineText();
        if (outline.Leaves == 1)
        {
            for (var i = 0; i <= outline.Depth; i++) output.Write("   ");
        }
        else
        {
            line.Add(options.Unicode ? "Legend: Variable mappings (¹ ² ³) shown below" : "Legend: Variable mappings (1) (2) (3) shown below", Ink.Grey);
            output.Write('\n');
            WriteLine(output, line, options);
            line.Clear();
        }

        PlannedText.AddMapping(line, plan.Values, outline.View.ShownValues, options.Unicode, options.Verbose ? int.MaxValue : Columns);
        WriteLine(output, line, options);
    }

    private static void WriteLine(TextWriter output, LineText line, TreeOptions options)
    {
        if (options.Color)
        {
            for (var i = 0; i < line.Runs.Count; i++)
            {
                var start = Ansi(line.Runs[i].Ink);
                output.Write(start);
                output.Write(line.Chars[line.Runs[i].Start..line.EndOf(i)]);
                if (start.Length > 0) output.Write("\u001b[0m");
            }
        }
        else
        {
            output.Write(line.Chars);
        }

        output.Write('\n');
    }

    private static string Ansi(Ink ink) => ink switch
    {
        Ink.Plain => "",
        Ink.Yellow => "\u001b[33m",
        Ink.Cyan => "\u001b[36m",
        Ink.Grey => "\u001b[90m",
        Ink.Marker => "\u001b[2m",
        Ink.Error => "\u001b[31m",
        _ => throw new ArgumentOutOfRangeException(nameof(ink)),
    };

    /// <summary>The lines left of a step: what its ancestors draw, kept from line to line.</summary>
    private sealed class Indent(bool unicode)
    {
        private const int Width = 3;

        private char[] _chars = new char[64 * Width];

        public ReadOnlySpan<char> Of(int depth) => _chars.AsSpan(0, depth * Width);

        public ReadOnlySpan<char> Branch(bool isLast) => (unicode, isLast) switch
        {
            (true, false) => "├─ ",
            (true, true) => "└─ ",
            (false, false) => "|- ",
            (false, true) => "`- ",
        };

        public void Enter(int depth, bool isLast)
        {
            if ((depth + 1) * Width > _chars.Length) Array.Resize(ref _chars, _chars.Length * 2);
            var own = isLast ? "   " : unicode ? "│  " : "|  ";
            own.CopyTo(_chars.AsSpan(depth * Width));
        }
    }
}
