using System.Text.Json;
using Lockstep.Cli.Terminal;
using Lockstep.Execution;

namespace Lockstep.Cli;

/// <summary>What went wrong, in the one form all errors have: what, where, why, and what to do next.</summary>
/// <param name="ExitCode">The program's exit code.</param>
/// <param name="What">One sentence without a final stop.</param>
internal sealed record CliError(int ExitCode, string What)
{
    public string? Where { get; init; }

    public string? Why { get; init; }

    /// <summary>A command line to type instead.</summary>
    public string? Use { get; init; }

    /// <summary>A sentence on what to do, where no single command line does it.</summary>
    public string? Help { get; init; }

    public void Write(TextWriter output, Style style)
    {
        output.WriteLine($"{style.BoldRed("Error:")} {TextWidth.Brief(What)}");
        if (Where is not null) output.WriteLine($"  {style.Dim("where:")} {TextWidth.Brief(Where)}");
        if (Why is not null) output.WriteLine($"  {style.Dim("why:")} {TextWidth.Brief(Why)}");
        if (Use is not null) output.WriteLine($"{style.Cyan("Use:")} {TextWidth.Brief(Use)}");
        if (Help is not null) output.WriteLine($"{style.Cyan("Help:")} {TextWidth.Brief(Help)}");
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteNumber("code", ExitCode);
        json.WriteString("what", What);
        if (Where is not null) json.WriteString("where", Where);
        if (Why is not null) json.WriteString("why", Why);
        if ((Use ?? Help) is { } next) json.WriteString("next", next);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <summary>Ends the program with an error that is the user's to mend.</summary>
internal sealed class CliException(CliError error) : Exception(error.What)
{
    public CliError Error { get; } = error;

    public static CliException Usage(string what, string? use = null, string? help = null)
        => new(new CliError(ExitCode.Usage, what) { Use = use, Help = help });
}
