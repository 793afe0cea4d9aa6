using System.Text.Json;
using Lockstep.Cli.Terminal;
using Lockstep.Execution;
using Lockstep.Source;

namespace Lockstep.Cli.Reports;

/// <summary>Prints errors: in words on standard error, and with <c>--json</c> as a document on standard output too.</summary>
internal static class ErrorReport
{
    public static int Write(CliError error, Screen screen, bool json) => Print(error.ExitCode, screen,
        () => error.Write(screen.Error, screen.ErrorStyle),
        json ? error.WriteJson : null);

    public static int Write(IReadOnlyList<Diagnostic> diagnostics, Screen screen, bool json) => Print(ExitCode.Usage, screen,
        () => DiagnosticWriter.Write(screen.Error, diagnostics, screen.ErrorStyle.Colour),
        json ? writer => WriteJson(writer, diagnostics) : null);

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

    private static void WriteJson(Utf8JsonWriter json, IReadOnlyList<Diagnostic> diagnostics)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteNumber("code", ExitCode.Usage);
        json.WriteString("what", diagnostics.Count == 1 ? diagnostics[0].Message : $"the definition has {diagnostics.Count} errors");
        json.WriteStartArray("diagnostics");
        foreach (var diagnostic in diagnostics) Write(json, diagnostic);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static int Print(int exitCode, Screen screen, Action words, Action<Utf8JsonWriter>? document)
    {
        Attempt(words);
        Attempt(screen.Flush);
        if (document is not null) Attempt(() => JsonOutput.Write(screen.OutBytes, document));
        return exitCode;

        static void Attempt(Action print)
        {
            try
            {
                print();
            }
            catch (IOException)
            {
                // One of the two streams may still take it; the exit code tells in any case.
            }
        }
    }
}
