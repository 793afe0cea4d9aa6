using Lockstep.Cli.Reports;
using Lockstep.Configuration;
using Lockstep.Execution;
using Lockstep.Source;

namespace Lockstep.Cli.BuiltIns.Definitions;

/// <summary><c>lockstep validate</c>: reads all definitions and runs nothing.</summary>
internal sealed class ValidateCommand() : BuiltIn("validate", "Check the definitions and lockstep.yaml without running anything")
{
    public override int Run(Request request, Host host)
    {
        var project = ProjectAccess.Open(host);
        var configured = ConfigurationFile.Check(project.Directory).Diagnostics;
        IReadOnlyList<Diagnostic> diagnostics = [.. project.Check(), .. configured];
        var errors = diagnostics.Count(diagnostic => diagnostic.Severity == Severity.Error);
        var exitCode = errors == 0 ? ExitCode.Success : ExitCode.Usage;
        if (host.Settings.Json) WriteJson(host, project, diagnostics, errors == 0);
        DiagnosticWriter.Write(host.Screen.Error, diagnostics, host.Screen.ErrorStyle.Colour);
        var file = Path.GetRelativePath(host.Settings.Directory, project.File);
        if (errors > configured.Length) host.Screen.Error.WriteLine($"{host.Screen.ErrorStyle.BoldRed("Error:")} {file} has {Counted(errors - configured.Length, "error")}");
        if (!configured.IsEmpty) host.Screen.Error.WriteLine($"{host.Screen.ErrorStyle.BoldRed("Error:")} {ConfigurationFile.FileName} has {Counted(configured.Length, "error")}");
        if (errors == 0) host.Note($"{host.Screen.ErrorStyle.Green("✓")} {file}: {Counted(project.Commands.Count, "command")}, no errors");
        if (!host.Settings.Json) SharedNames.Note(project.Commands, host);
        return exitCode;
    }

    private static string Counted(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static void WriteJson(Host host, Project project, IReadOnlyList<Diagnostic> diagnostics, bool valid)
        => JsonOutput.Write(host.Screen.OutBytes, json =>
        {
            json.WriteStartObject();
            json.WriteString("file", project.File);
            json.WriteBoolean("valid", valid);
            json.WriteNumber("commands", project.Commands.Count);
            json.WriteStartArray("diagnostics");
            foreach (var diagnostic in diagnostics) ErrorReport.Write(json, diagnostic);
            json.WriteEndArray();
            json.WriteEndObject();
        });
}
