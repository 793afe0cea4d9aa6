using Lockstep.Cli.Reports;
using Lockstep.Execution;

namespace Lockstep.Cli.BuiltIns.Setup;

/// <summary><c>lockstep doctor</c>: whether what lockstep builds on is there, and how to mend what is not.</summary>
internal sealed class DoctorCommand() : BuiltIn("doctor", "Check the surroundings and say how to mend what is wrong")
{
    public override int Run(Request request, Host host)
    {
        var findings = new DoctorChecks(host).All();
        var failed = findings.Any(finding => finding.Status == FindingStatus.Failure);
        if (host.Settings.Json) WriteJson(host, findings);
        else Write(host, findings);
        return failed ? ExitCode.Failed : ExitCode.Success;
    }

    private static void Write(Host host, IReadOnlyList<Finding> findings)
    {
        var style = host.Screen.OutStyle;
        var width = findings.Max(finding => finding.Name.Length);
        foreach (var finding in findings)
        {
            var mark = finding.Status switch
            {
                FindingStatus.Ok => style.Green(host.Screen.Unicode ? "✓" : "ok"),
                FindingStatus.Warning => style.Yellow("!"),
                FindingStatus.Failure => style.Red(host.Screen.Unicode ? "✗" : "x"),
                _ => throw new InvalidOperationException($"no sign for {finding.Status}"),
            };
            host.Screen.Out.WriteLine($"{mark} {style.Bold(finding.Name.PadRight(width))}  {finding.Found}");
            if (finding.Mend is { } mend) host.Screen.Out.WriteLine($"  {new string(' ', width)}  {style.Cyan("mend:")} {mend}");
        }
    }

    private static void WriteJson(Host host, IReadOnlyList<Finding> findings) => JsonOutput.Write(host.Screen.OutBytes, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("checks");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("name", finding.Name);
            json.WriteString("status", finding.Status switch
            {
                FindingStatus.Ok => "ok",
                FindingStatus.Warning => "warning",
                FindingStatus.Failure => "failure",
                _ => throw new InvalidOperationException($"no word for {finding.Status}"),
            });
            json.WriteString("found", finding.Found);
            json.Optional("mend", finding.Mend);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
