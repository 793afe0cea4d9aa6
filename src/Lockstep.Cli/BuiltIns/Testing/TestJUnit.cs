using System.Text;
using Lockstep.Cli.Reports.Summaries;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Simulation;

namespace Lockstep.Cli.BuiltIns.Testing;

/// <summary>A simulated run as a JUnit report: the run is a test case, and each point it was crashed at.</summary>
internal static class TestJUnit
{
    /// <summary>Writes the report; the result says why it could not be written, null when it was.</summary>
    public static string? Write(Stream file, Plan plan, SimulatedRun run, CrashFindings? crashes)
    {
        try
        {
            using var xml = new StreamWriter(file, new UTF8Encoding(false)) { NewLine = "\n" };
            xml.WriteLine("""<?xml version="1.0" encoding="utf-8"?>""");
            xml.WriteLine("<testsuites>");
            Suite(xml, plan, run, crashes);
            xml.WriteLine("</testsuites>");
            return null;
        }
        catch (IOException failed)
        {
            return $"the JUnit report was not written: {failed.Message}";
        }
    }

    private static void Suite(TextWriter xml, Plan plan, SimulatedRun run, CrashFindings? crashes)
    {
        var points = crashes?.Points ?? [];
        var succeeded = run.End.Outcome == Outcome.Succeeded;
        var failures = points.Count(point => point.Differences.Length > 0) + (succeeded ? 0 : 1);
        xml.WriteLine($"  <testsuite name=\"{JUnitText.Attribute(plan.Command)}\" tests=\"{points.Length + 1}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">");
        Case(xml, plan, "without a crash", JUnitText.Seconds(run.End.Duration), succeeded ? [] : [run.End.Reason ?? OutcomeWord.Of(run.End.Outcome)]);
        foreach (var point in points) Case(xml, plan, $"crash {point.Fault} ({point.Where})", "0.000", [.. point.Differences]);
        xml.WriteLine("  </testsuite>");
    }

    private static void Case(TextWriter xml, Plan plan, string name, string time, string[] problems)
    {
        xml.Write($"    <testcase classname=\"{JUnitText.Attribute(plan.Command)}\" name=\"{JUnitText.Attribute(name)}\" time=\"{time}\">");
        if (problems.Length > 0)
            xml.Write($"<failure message=\"{JUnitText.Attribute(problems[0])}\">{JUnitText.Text(string.Join('\n', problems))}</failure>");
        xml.WriteLine("</testcase>");
    }
}
