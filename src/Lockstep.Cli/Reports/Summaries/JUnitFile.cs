using System.Globalization;
using System.Text;
using System.Xml;
using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Cli.Reports.Summaries;

/// <summary>Writes a run as a JUnit report: each step a test case, with the end of its output.</summary>
internal static class JUnitFile
{
    /// <summary>Opens the file before the run, so that a wrong name costs no run.</summary>
    public static Stream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Create, FileAccess.Write);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new CliException(new CliError(2, $"the JUnit report can't be written to {path}")
            {
                Why = failed is DirectoryNotFoundException ? "its folder does not exist" : "the file can't be opened for writing",
                Help = "name a file in a folder that exists and can be written to; nothing was run",
            });
        }
    }

    public static void Write(Stream file, Plan plan, RunLog log, RunResult result)
    {
        var ended = log.Leaves.Where(leaf => leaf.End is not null).ToList();
        using var xml = XmlWriter.Create(file, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false), NewLineChars = "\n" });
        xml.WriteStartElement("testsuites");
        Suite(xml, plan, log, result, ended);
        xml.WriteEndElement();
        xml.WriteRaw("\n");
    }

    private static void Suite(XmlWriter xml, Plan plan, RunLog log, RunResult result, List<LeafRecord> ended)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", Safe(plan.Command));
        xml.WriteAttributeString("tests", Number(ended.Count + log.Skipped.Count));
        xml.WriteAttributeString("failures", Number(ended.Count(leaf => leaf.End!.Outcome == Outcome.Failed)));
        xml.WriteAttributeString("errors", Number(ended.Count(leaf => leaf.End!.Outcome is not (Outcome.Failed or Outcome.Succeeded))));
        xml.WriteAttributeString("skipped", Number(log.Skipped.Count));
        xml.WriteAttributeString("time", Seconds(result.End.Duration));
        if (ended.Count > 0) xml.WriteAttributeString("timestamp", ended[0].StartedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        xml.WriteStartElement("properties");
        xml.WriteStartElement("property");
        xml.WriteAttributeString("name", "lockstep.run");
        xml.WriteAttributeString("value", result.Run.Text);
        xml.WriteEndElement();
        xml.WriteEndElement();
        foreach (var leaf in ended) Case(xml, leaf);
        foreach (var skipped in log.Skipped)
        {
            StartCase(xml, skipped.Step, skipped.Step.Label, TimeSpan.Zero);
            xml.WriteStartElement("skipped");
            xml.WriteAttributeString("message", Safe(skipped.Reason));
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static void Case(XmlWriter xml, LeafRecord leaf)
    {
        var end = leaf.End!;
        var attempt = leaf.Attempt.Length > 0 ? $" (attempt {leaf.Attempt})" : "";
        StartCase(xml, leaf.Step, leaf.Text + attempt, end.Duration);
        var output = leaf.Tail is { } tail ? Safe(Encoding.UTF8.GetString(tail.Bytes)) : "";
        if (end.Outcome != Outcome.Succeeded)
        {
            xml.WriteStartElement(end.Outcome == Outcome.Failed ? "failure" : "error");
            xml.WriteAttributeString("message", Safe(end.Reason ?? "failed"));
            xml.WriteAttributeString("type", end.Outcome.ToString());
            xml.WriteString(output);
            xml.WriteEndElement();
        }
        else if (output.Length > 0)
        {
            xml.WriteElementString("system-out", output);
        }
        xml.WriteEndElement();
    }

    private static void StartCase(XmlWriter xml, StepId step, string name, TimeSpan time)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Safe(step.Path.Replace('/', '.')));
        xml.WriteAttributeString("name", Safe(name));
        xml.WriteAttributeString("time", Seconds(time));
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>XML has no way to write most control characters, not even escaped.</summary>
    private static string Safe(string text)
    {
        StringBuilder? safe = null;
        for (var i = 0; i < text.Length; i++)
        {
            var pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (pair || XmlConvert.IsXmlChar(text[i]))
            {
                safe?.Append(text, i, pair ? 2 : 1);
                if (pair) i++;
                continue;
            }
            safe ??= new StringBuilder(text, 0, i, text.Length);
            safe.Append('\uFFFD');
        }
        return safe?.ToString() ?? text;
    }
}
