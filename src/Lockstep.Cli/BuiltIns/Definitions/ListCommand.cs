using System.Text;
using Lockstep.Cli.Reports;
using Lockstep.Cli.Terminal;
using Lockstep.Execution;
using Lockstep.Plans;
using Lockstep.Source;

namespace Lockstep.Cli.BuiltIns.Definitions;

/// <summary><c>lockstep</c> alone: what can be run here.</summary>
internal sealed class ListCommand() : BuiltIn("", "List what can be run here")
{
    /// <summary>How many diagnostics a check reports at most.</summary>
    private const int MostErrors = 20;

    private const int WidestName = 32;
    private const int WidestDefault = 16;

    public override int Run(Request request, Host host)
    {
        var project = ProjectAccess.Open(host);
        if (host.Settings.Json)
        {
            WriteJson(host, project);
            return Judge(host, project);
        }

        if (project.IsReadable || project.Commands.Count > 0) Write(host, project);
        return Judge(host, project);
    }

    /// <summary>Says what a list of a file with errors may lack; what could not be read at all is an error.</summary>
    private static int Judge(Host host, Project project)
    {
        if (project.IsReadable) return ExitCode.Success;
        var errors = project.Check().Count(diagnostic => diagnostic.Severity == Severity.Error);
        var found = errors switch { 1 => "an error", >= MostErrors => $"{errors} errors or more", _ => $"{errors} errors" };
        var error = new CliError(ExitCode.Usage, $"{Path.GetRelativePath(host.Settings.Directory, project.File)} has {found}, so {(project.Commands.Count == 0 ? "nothing of it can be run" : "something may be missing here")}")
        {
            Use = "lockstep validate",
        };
        if (project.Commands.Count == 0) throw new CliException(error);
        host.Note($"{error.What}: lockstep validate");
        return ExitCode.Success;
    }

    private static void Write(Host host, Project project)
    {
        var style = host.Screen.OutStyle;
        var output = host.Screen.Out;
        var commands = project.Commands;
        var file = Path.GetRelativePath(host.Settings.Directory, project.File);
        if (commands.Count == 0)
        {
            output.WriteLine($"{file} defines no commands yet.");
            return;
        }
        var width = 0;
        foreach (var command in commands) width = Math.Max(width, Math.Min(WidestName, Signature(command).Length));
        var columns = Screen.OutIsTerminal ? Screen.Columns : int.MaxValue;

        WriteGroup("Commands", PlanMode.Run);
        WriteGroup("Watches", PlanMode.Watch);
        SharedNames.Note(commands, host);
        if (!Screen.OutIsTerminal) return;
        output.WriteLine();
        output.WriteLine(style.Dim($"lockstep NAME runs one, lockstep NAME --dry-run shows what it would do, lockstep --help says the rest."));

        void WriteGroup(string title, PlanMode mode)
        {
            var first = true;
            foreach (var command in commands)
            {
                if (command.Mode != mode) continue;
                if (first) output.WriteLine($"{style.Bold(title)} {style.Dim($"in {file}")}");
                first = false;
                WriteOne(command);
            }
        }

        void WriteOne(CommandSummary command)
        {
            var signature = Signature(command);
            output.Write("  ");
            output.Write(style.Cyan(command.Name));
            output.Write(signature[command.Name.Length..]);
            if (FirstLine(command.Description) is { } description)
            {
                for (var i = signature.Length; i < width; i++) output.Write(' ');
                output.Write("  ");
                output.Write(style.Dim(columns == int.MaxValue ? description : TextWidth.Cut(description, columns - Math.Max(width, signature.Length) - 5)));
            }
            output.WriteLine();
        }
    }

    /// <summary>A command's name with its parameters: <c>deploy env=staging TAG</c>, the required ones in capitals.</summary>
    public static string Signature(CommandSummary command)
    {
        if (command.Parameters.Count == 0) return command.Name;
        var signature = new StringBuilder(command.Name);
        foreach (var parameter in command.Parameters)
            signature.Append(' ').Append(parameter.Default is null ? parameter.Name.ToUpperInvariant() : $"[{parameter.Name}={TextWidth.Cut(TextWidth.Printable(parameter.Default), WidestDefault)}]");
        return signature.ToString();
    }

    /// <summary>A description's first line, safe to print.</summary>
    public static string? FirstLine(string? description)
    {
        if (description is null) return null;
        var end = description.IndexOf('\n');
        return TextWidth.Printable(end < 0 ? description : description.AsSpan(0, end));
    }

    private static void WriteJson(Host host, Project project) => JsonOutput.Write(host.Screen.OutBytes, json =>
    {
        json.WriteStartObject();
        json.WriteString("file", project.File);
        json.WriteStartArray("commands");
        foreach (var command in project.Commands)
        {
            json.WriteStartObject();
            json.WriteString("name", command.Name);
            json.WriteString("mode", Word(command.Mode));
            json.Optional("description", command.Description);
            json.WriteNumber("line", command.Line);
            json.WriteStartArray("parameters");
            foreach (var parameter in command.Parameters)
            {
                json.WriteStartObject();
                json.WriteString("name", parameter.Name);
                json.Optional("default", parameter.Default);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static string Word(PlanMode mode) => mode switch
    {
        PlanMode.Run => "run",
        PlanMode.Watch => "watch",
        PlanMode.Stop => "stop",
        _ => throw new InvalidOperationException($"no word for {mode}"),
    };
}
