using System.Globalization;

namespace Lockstep.Plans.Views;

/// <summary>Prints a plan as a graph for Graphviz: <c>dot -Tsvg</c>.</summary>
public static class PlanDot
{
    /// <summary>Prints a plan with every branch; those not taken are dashed. Sensitive values are redacted.</summary>
    public static void Write(TextWriter output, Plan plan) => PlanGraph.Draw(plan, new DotWriter(output));

    private sealed class DotWriter(TextWriter output) : GraphWriter
    {
        public override void Begin(string title)
        {
            output.Write("digraph plan {\n  label=\"");
            WriteText(LineOf(title));
            output.Write("\";\n  labelloc=t; compound=true; rankdir=TB; fontname=\"Helvetica\"; fontsize=11;\n");
            output.Write("  node [shape=box, style=rounded, fontname=\"Courier\", fontsize=10];\n  edge [fontname=\"Helvetica\", fontsize=9];\n");
        }

        public override void OpenBox(int id, ReadOnlySpan<char> title, bool taken)
        {
            output.Write("  subgraph cluster_");
            WriteNumber(id);
            output.Write(" { label=\"");
            WriteText(title);
            output.Write(taken ? "\"; style=\"rounded\"; color=gray50;\n" : "\"; style=\"rounded,dashed\"; color=gray75; fontcolor=gray60;\n");
        }

        public override void CloseBox() => output.Write("  }\n");

        public override void Node(int id, ReadOnlySpan<char> text)
        {
            output.Write("  n");
            WriteNumber(id);
            output.Write(" [label=\"");
            WriteText(text);
            output.Write("\"];\n");
        }

        public override void Arrow(GraphEnd from, GraphEnd to, EdgeKind kind)
        {
            output.Write("  n");
            WriteNumber(from.Node);
            output.Write(" -> n");
            WriteNumber(to.Node);
            output.Write(" [label=\"");
            output.Write(kind.Sign());
            output.Write('"');
            WriteBox(", ltail=cluster_", from.Box);
            WriteBox(", lhead=cluster_", to.Box);
            output.Write("];\n");
        }

        public override void End() => output.Write("}\n");

        private void WriteBox(string attribute, int? box)
        {
            if (box is null) return;
            output.Write(attribute);
            WriteNumber(box.Value);
        }

        private void WriteNumber(int number) => output.Write(number.ToString(CultureInfo.InvariantCulture));

        private void WriteText(ReadOnlySpan<char> text)
        {
            foreach (var c in text)
            {
                if (c is '"' or '\\') output.Write('\\');
                output.Write(c);
            }
        }

        private static ReadOnlySpan<char> LineOf(string text)
        {
            var line = new LineText();
            line.AddSafe(text);
            return line.Chars;
        }
    }
}
