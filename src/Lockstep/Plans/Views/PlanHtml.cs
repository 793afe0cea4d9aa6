using System.Globalization;
using Lockstep.Expressions;
using Lockstep.Source;

namespace Lockstep.Plans.Views;

/// <summary>Prints a plan as one web page that needs nothing else: no script, no request, light and dark.</summary>
public static class PlanHtml
{
    /// <summary>Prints a plan with its values and where it comes from. Everything is escaped, sensitive values are redacted.</summary>
    public static void Write(TextWriter output, Plan plan)
    {
        var summary = PlanSummary.Of(plan);
        output.Write(PlanHtmlPage.BeforeTitle);
        Encode(output, LineOf(plan.Command).Chars);
        output.Write(PlanHtmlPage.AfterTitle);
        WriteHead(output, plan, summary);
        WriteSteps(output, plan);
        if (plan.Values.Length > 0) WriteValues(output, plan);
        WriteOrigin(output, plan);
        output.Write(PlanHtmlPage.End);
    }

    private static void WriteHead(TextWriter output, Plan plan, PlanSummary summary)
    {
        output.Write("<header><p class=\"kind\">");
        output.Write(plan.Mode == PlanMode.Run ? "plan" : plan.Mode.Word());
        output.Write("</p><h1>");
        Encode(output, LineOf(plan.Command).Chars);
        output.Write("</h1><ul class=\"counts\">");
        Count(output, summary.Steps, "step", "steps");
        Count(output, summary.Leaves, "leaf", "leaves");
        Count(output, summary.Values, "value", "values");
        if (summary.Unresolved > 0) Count(output, summary.Unresolved, "resolved at run time", "resolved at run time");
        if (summary.Sensitive > 0) Count(output, summary.Sensitive, "redacted", "redacted");
        if (summary.Errors > 0) Count(output, summary.Errors, "error", "errors", "bad");
        if (summary.LongestTimeout is { } longest)
        {
            output.Write("<li><b>");
            output.Write(HumanDuration.Format(longest));
            output.Write("</b> longest time-out</li>");
        }

        output.Write("</ul><p class=\"hash\">graph hash <code>");
        output.Write(GraphHash.Of(plan));
        output.Write("</code></p></header>\n");
    }

    private static void Count(TextWriter output, int count, string one, string many, string? style = null)
    {
        output.Write(style is null ? "<li><b>" : "<li class=\"bad\"><b>");
        output.Write(count.ToString(CultureInfo.InvariantCulture));
        output.Write("</b> ");
        output.Write(count == 1 ? one : many);
        output.Write("</li>");
    }

    private static void WriteSteps(TextWriter output, Plan plan)
    {
        output.Write("<section><h2>Steps</h2>\n<div class=\"tree\"><ul>\n");
        var outline = new PlanOutline(plan, new ViewOptions(Cut: false));
        var open = 0;
        while (outline.Next())
        {
            for (; open > outline.Depth; open--) output.Write("</ul></details></li>\n");
            output.Write(outline.IsLeaf ? "<li class=\"leaf\"><span class=\"line\"" : "<li><details open><summary class=\"line\"");
            if (outline.Step?.Place is { } place)
            {
                output.Write(" title=\"");
                Encode(output, LineOf(place.ToString()).Chars);
                output.Write('"');
            }

            output.Write('>');
            WriteLine(output, outline.View.Line);
            output.Write(outline.IsLeaf ? "</span></li>\n" : "</summary><ul>\n");
            if (!outline.IsLeaf) open = outline.Depth + 1;
        }

        for (; open > 0; open--) output.Write("</ul></details></li>\n");
        if (outline.Leaves == 0) output.Write("<li class=\"leaf\"><span class=\"line\">(no steps)</span></li>");
        output.Write("</ul></div></section>\n");
    }

    private static void WriteLine(TextWriter output, LineText line)
    {
        for (var i = 0; i < line.Runs.Count; i++)
        {
            var style = Style(line.Runs[i].Ink);
            var text = line.Chars[line.Runs[i].Start..line.EndOf(i)];
            if (style is null)
            {
                Encode(output, text);
                continue;
            }

            output.Write("<span class=\"");
            output.Write(style);
            output.Write("\">");
            Encode(output, text);
            output.Write("</span>");
        }
    }

    private static string? Style(Ink ink) => ink switch
    {
        Ink.Plain => null,
        Ink.Yellow => "y",
        Ink.Cyan => "c",
        Ink.Grey => "g",
        Ink.Marker => "m",
        Ink.Error => "e",
        _ => throw new ArgumentOutOfRangeException(nameof(ink)),
    };

    private static void WriteValues(TextWriter output, Plan plan)
    {
        output.Write("<section><h2>Values</h2>\n<div class=\"table\"><table><thead><tr><th>#</th><th>Name</th><th>Value</th><th>Source</th><th>From</th><th>Known</th></tr></thead><tbody>\n");
        foreach (var value in plan.Values)
        {
            output.Write("<tr><td>");
            output.Write(value.Marker.ToString(CultureInfo.InvariantCulture));
            output.Write("</td><td><code>");
            Encode(output, LineOf(value.Name).Chars);
            output.Write("</code></td><td>");
            WriteValue(output, value);
            output.Write("</td><td>");
            if (!value.Sensitive && value.Resolved is { } resolved) output.Write(resolved.Source.Word());
            output.Write("</td><td><code>");
            var from = LineOf("@");
            from.Add(value.Expression.Decorator);
            from.Add("(");
            from.AddSafe(value.ShownArgument);
            from.Add(")");
            Encode(output, from.Chars);
            output.Write("</code></td><td>");
            Encode(output, Known(value));
            output.Write("</td></tr>\n");
        }

        output.Write("</tbody></table></div></section>\n");
    }

    private static void WriteValue(TextWriter output, PlannedValue value)
    {
        var (style, text) = value switch
        {
            { Sensitive: true } => ("g", PlannedText.Redacted),
            { Resolved: { } resolved } => ("v", resolved.Text),
            { Error: { } error } => ("e", error),
            _ => ("g", PlannedText.AtRuntime),
        };
        output.Write($"<code class=\"{style}\">");
        Encode(output, LineOf(text).Chars);
        output.Write("</code>");
    }

    private static string Known(PlannedValue value) => value switch
    {
        { Sensitive: true } => "when run",
        { Resolved: null } => "when run",
        { Pinned: true } => "now, frozen",
        { Resolved.CacheAge: { } age } => $"now, cached {HumanDuration.Format(age)} ago",
        _ => "now",
    };

    private static void WriteOrigin(TextWriter output, Plan plan)
    {
        output.Write("<section><h2>Made from</h2><dl>");
        foreach (var file in plan.Context.Files) Term(output, file.Path, $"sha256 {file.Sha256}");
        Term(output, "directory", plan.Context.Directory);
        Term(output, "machine", $"{plan.Context.Os} {plan.Context.Arch}");
        output.Write("</dl></section>\n");
    }

    private static void Term(TextWriter output, string name, string text)
    {
        output.Write("<dt>");
        Encode(output, LineOf(name).Chars);
        output.Write("</dt><dd><code>");
        Encode(output, LineOf(text).Chars);
        output.Write("</code></dd>");
    }

    private static LineText LineOf(string text)
    {
        var line = new LineText();
        line.AddSafe(text);
        return line;
    }

    private static void Encode(TextWriter output, ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            switch (c)
            {
                case '<': output.Write("&lt;"); break;
                case '>': output.Write("&gt;"); break;
                case '&': output.Write("&amp;"); break;
                case '"': output.Write("&quot;"); break;
                case '\'': output.Write("&#39;"); break;
                default: output.Write(c); break;
            }
        }
    }
}
