using System.Globalization;
using System.Text;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Cli.Reports.Summaries;

/// <summary>Writes a run as a JUnit report: each step a test case, with the end of its output.</summary>
/// <remarks>Written by hand: for these few elements the native program need not carry the platform's XML stack.</remarks>
internal static class JUnitFile
{
    /// <summary>Opens the file before the run, so that a wrong name costs no run.</summary>
    public static Stream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new CliException(new CliError(ExitCode.Usage, $"the JUnit report can't be written to {path}")
            {
                Why = failed is DirectoryNotFoundException ? "its folder does not exist" : "the file can't be opened for writing",
                Help = "name a file in a folder that exists and can be written to; nothing was run",
            });
        }
    }

    /// <summary>Writes the report; the result says why it could not be written, null when it was.</summary>
    public static string? Write(Stream file, Plan plan, RunLog log, RunResult result)
    {
        try
        {
            using var xml = new StreamWriter(file, new UTF8Encoding(false)) { NewLine = "\n" };
            xml.WriteLine("""<?xml version="1.0" encoding="utf-8"?>""");
            xml.WriteLine("<testsuites>");

            // A step counts as its latest attempt ended, and what was made good is no failure.
            List<LeafRecord> ended = [.. log.Leaves.Where(leaf => leaf.End is not null).GroupBy(leaf => leaf.Step).Select(attempts => attempts.Last())];
            if (log.EndedBy(plan, result.End) is { } reason) ended.Add(reason);
            Suite(xml, plan, log, result, ended);
            xml.WriteLine("</testsuites>");
            return null;
        }
        catch (IOException failed)
        {
            return $"the JUnit report was not written: {failed.Message}";
        }
    }

    private static void Suite(TextWriter xml, Plan plan, RunLog log, RunResult result, List<LeafRecord> ended)
    {
        var failures = ended.Count(leaf => Counts(leaf, result) && leaf.End!.Outcome == Outcome.Failed);
        var errors = ended.Count(leaf => Counts(leaf, result) && leaf.End!.Outcome != Outcome.Failed);
        var timestamp = ended.Count == 0 ? "" : $" timestamp=\"{ended[0].StartedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)}\"";
        xml.Write($"  <testsuite name=\"{JUnitText.Attribute(plan.Command)}\" tests=\"{ended.Count + log.Skipped.Count}\" failures=\"{failures}\"");
        xml.WriteLine($" errors=\"{errors}\" skipped=\"{log.Skipped.Count}\" time=\"{JUnitText.Seconds(result.End.Duration)}\"{timestamp}>");
        xml.WriteLine($"    <properties><property name=\"lockstep.run\" value=\"{result.Run}\"/></properties>");
        foreach (var leaf in ended) Case(xml, leaf, Counts(leaf, result));
        foreach (var skipped in log.Skipped)
        {
            StartCase(xml, skipped.Step, skipped.Step.Label, TimeSpan.Zero);
            xml.WriteLine($"<skipped message=\"{JUnitText.Attribute(skipped.Reason)}\"/></testcase>");
        }
        xml.WriteLine("  </testsuite>");
    }

    private static bool Counts(LeafRecord leaf, RunResult result)
        => leaf.End!.Outcome != Outcome.Succeeded && result.End.Outcome is not (Outcome.Succeeded or Outcome.Stopped);

    private static void Case(TextWriter xml, LeafRecord leaf, bool counts)
    {
        var end = leaf.End!;
        StartCase(xml, leaf.Step, (leaf.Text.Length > 0 ? leaf.Text : leaf.Step.Label) + (leaf.Attempt.Length > 0 ? $" (attempt {leaf.Attempt})" : ""), end.Duration);
        var output = leaf.Tail is { } tail ? JUnitText.Text(Encoding.UTF8.GetString(tail.Bytes)) : "";
        if (counts)
        {
            var element = end.Outcome == Outcome.Failed ? "failure" : "error";
            xml.Write($"<{element} message=\"{JUnitText.Attribute(end.Reason ?? "failed")}\" type=\"{OutcomeWord.Of(end.Outcome)}\">{output}</{element}>");
        }
        else if (end.Outcome != Outcome.Succeeded || output.Length > 0)
        {
            var madeGood = end.Outcome == Outcome.Succeeded ? "" : $"made good: {JUnitText.Text(end.Reason ?? "failed")}\n";
            xml.Write($"<system-out>{madeGood}{output}</system-out>");
        }
        xml.WriteLine("</testcase>");
    }

    private static void StartCase(TextWriter xml, StepId step, string name, TimeSpan time)
        => xml.Write($"    <testcase classname=\"{JUnitText.Attribute(step.Path.Replace('/', '.'))}\" name=\"{JUnitText.Attribute(name)}\" time=\"{JUnitText.Seconds(time)}\">");
}
