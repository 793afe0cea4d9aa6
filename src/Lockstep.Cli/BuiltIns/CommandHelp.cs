using Lockstep.Cli.BuiltIns.Definitions;
using Lockstep.Cli.Terminal;
using Lockstep.Plans;

namespace Lockstep.Cli.BuiltIns;

/// <summary><c>lockstep NAME --help</c>: help on a command of the file, from its comment and its parameters.</summary>
internal static class CommandHelp
{
    public static int Write(Request request, Host host)
    {
        var name = request.Name!;
        var project = ProjectAccess.Open(host);
        var command = project.Commands.FirstOrDefault(known => known.Name == name && known.Mode != PlanMode.Stop) ?? throw ProjectAccess.Unknown(project, host, name);
        var style = host.Screen.OutStyle;
        var output = host.Screen.Out;
        var run = BuiltInList.Find(name) is null ? $"lockstep {name}" : $"lockstep run {name}";
        if (command.Description is { } description)
        {
            foreach (var line in description.Split('\n')) output.WriteLine(TextWidth.Printable(line));
            output.WriteLine();
        }
        output.WriteLine(style.Bold("Usage"));
        output.WriteLine($"  {run}{ListCommand.Signature(command)[name.Length..]}");
        if (command.Parameters.Count > 0)
        {
            output.WriteLine();
            output.WriteLine(style.Bold("Arguments"));
            var width = command.Parameters.Max(parameter => parameter.Name.Length) + 2;
            foreach (var parameter in command.Parameters)
                output.WriteLine($"  {style.Cyan("--" + parameter.Name)}{new string(' ', width - parameter.Name.Length)}{(parameter.Default is { } text ? $"default {TextWidth.Printable(text)}" : "required")}");
        }
        output.WriteLine();
        output.WriteLine(style.Dim($"Defined in {Path.GetRelativePath(host.Settings.Directory, project.File)}, line {command.Line}. {run} --dry-run shows what it would do; lockstep run --help lists lockstep's own flags."));
        return 0;
    }
}
