using System.Globalization;

namespace Lockstep.Plans.Views;

/// <summary>Prints a plan as a Mermaid flow chart, which GitHub and GitLab draw in Markdown.</summary>
public static class PlanMermaid
{
    /// <summary>Prints a plan with every branch; those not taken are dashed. Sensitive values are redacted.</summary>
    public static void Write(TextWriter output, Plan plan) => PlanGraph.Draw(plan, new MermaidWriter(output));

    private sealed class MermaidWriter(TextWriter output) : GraphWriter
    {
        private readonly List<int> _notTaken = [];

        public override void Begin(string title) => output.Write("flowchart TD\n");

        public override void OpenBox(int id, ReadOnlySpan<char> title, bool taken)
        {
            if (!taken) _notTaken.Add(id);
            output.Write("  subgraph s");
            WriteLabel(id, title);
        }

        public override void CloseBox() => output.Write("  end\n");

        public override void Node(int id, ReadOnlySpan<char> text)
        {
            output.Write("  s");
            WriteLabel(id, text);
        }

        public override void Arrow(GraphEnd from, GraphEnd to, EdgeKind kind)
        {
            output.Write("  s");
            WriteNumber(from.Box ?? from.Node);
            output.Write(" -->");
            if (kind.Sign().Length > 0)
            {
                output.Write("|\"");
                WriteText(kind.Sign());
                output.Write("\"|");
            }

            output.Write(" s");
            WriteNumber(to.Box ?? to.Node);
            output.Write('\n');
        }

        public override void End()
        {
            foreach (var id in _notTaken)
            {
                output.Write("  style s");
                WriteNumber(id);
                output.Write(" stroke-dasharray: 4 4,opacity:0.6\n");
            }
        }

        private void WriteLabel(int id, ReadOnlySpan<char> text)
        {
            WriteNumber(id);
            output.Write("[\"");
            WriteText(text);
            output.Write("\"]\n");
        }

        private void WriteNumber(int number) => output.Write(number.ToString(CultureInfo.InvariantCulture));

        // Mermaid reads Markdown, HTML, entities and its own brackets in labels, so all ASCII that is no letter, digit or plain mark goes by its number.
        private void WriteText(ReadOnlySpan<char> text)
        {
            foreach (var c in text)
            {
                if (char.IsAsciiLetterOrDigit(c) || c > '\u007f' || " .,:/=@+()".Contains(c, StringComparison.Ordinal))
                {
                    output.Write(c);
                    continue;
                }

                output.Write('#');
                WriteNumber(c);
                output.Write(';');
            }
        }
    }
}
