using System.Text.Json;
using Lockstep.Cli.Terminal;
using Lockstep.Execution;
using Lockstep.Source;

namespace Lockstep.Cli.Reports;

/// <summary>Prints errors: in words on standard error, and with <c>--json</c> as a document on standard output too.</summary>
internal static class ErrorReport
{
    public static int Write(CliError error, Screen screen, bool json) => Print(error.ExitCode, screen, () =>
    {
        if (json) JsonOutput.Write(screen.OutBytes, error.WriteJson);
        error.Write(screen.Error, screen.ErrorStyle);
    });

    public static int Write(IReadOnlyList<Diagnostic> diagnostics, Screen screen, bool json) => Print(ExitCode.Usage, screen, () =>
    {
        if (json)
        {
            JsonOutput.Write(screen.OutBytes, writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartObject("error");
                writer.WriteNumber("code", ExitCode.Usage);
                writer.WriteString("what", diagnostics.Count == 1 ? diagnostics[0].Message : $"the definition has {diagnostics.Count} errors");
                writer.WriteStartArray("diagnostics");
                foreach (var diagnostic in diagnostics) Write(writer, diagnostic);
                writer.WriteEndArray();
                writer.WriteEndObject();
                writer.WriteEndObject();
            });
        }
        DiagnosticWriter.Write(screen.Error, diagnostics, screen.ErrorStyle.Colour);
    });

    public static void Write(Utf8JsonWriter json, Diagnostic diagnostic)
    {
        var place = diagnostic.Source.PositionAt(diagnostic.Span.Start);
        json.WriteStartObject();
        json.WriteString("id", diagnostic.Id);
        json.WriteString("severity", diagnostic.Severity == Severity.Error ? "error" : "warning");
        json.WriteString("message", diagnostic.Message);
        json.WriteString("help", diagnostic.Help);
        json.WriteString("file", diagnostic.Source.Path);
        json.WriteNumber("line", place.Line);
        json.WriteNumber("column", place.Column);
        json.WriteEndObject();
    }

    private static int Print(int exitCode, Screen screen, Action print)
    {
        try
        {
            print();
            screen.Flush();
        }
        catch (OutputClosedException)
        {
            // The exit code still tells.
        }
        return exitCode;
    }
}
