using Lockstep.Cli.Options;
using Lockstep.Execution;
using Lockstep.Plans;
using Lockstep.Source;

namespace Lockstep.Cli.BuiltIns;

/// <summary>Opens the definitions that the settings name and asks them for plans; what goes wrong becomes an error of the command line.</summary>
internal static class ProjectAccess
{
    public static Project Open(Host host)
    {
        try
        {
            return Project.Open(Options(host.Settings, host.Environment, host.Clock, host.Random));
        }
        catch (ProjectNotFoundException missing)
        {
            throw new CliException(new CliError(ExitCode.NotFound, missing.Message));
        }
    }

    /// <summary>The names of a command's parameters; none where there is no such command.</summary>
    public static IReadOnlyList<string> Parameters(Settings settings, Func<string, string?> environment, TimeProvider clock, Random random, string name)
    {
        try
        {
            return [.. Project.Open(Options(settings, environment, clock, random)).Commands
                .Where(command => command.Name == name).SelectMany(command => command.Parameters).Select(parameter => parameter.Name)];
        }
        catch (ProjectNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Whether there are definitions that have a command of this name.</summary>
    public static bool HasCommand(Host host, string name)
    {
        try
        {
            return Project.Open(Options(host.Settings, host.Environment, host.Clock, host.Random)).Commands.Any(command => command.Name == name && command.Mode == PlanMode.Run);
        }
        catch (ProjectNotFoundException)
        {
            return false;
        }
    }

    /// <summary>The folder that this project's runs are listed under; where there are no definitions, the directory itself.</summary>
    public static string Folder(Host host)
        => Path.GetDirectoryName(Project.Find(Options(host.Settings, host.Environment, host.Clock, host.Random))) ?? host.Settings.Directory;

    /// <summary>The runs of this machine.</summary>
    public static Runs Runs(Host host) => new(Options(host.Settings, host.Environment, host.Clock, host.Random));

    private static ProjectOptions Options(Settings settings, Func<string, string?> environment, TimeProvider clock, Random random) => new()
    {
        Directory = settings.Directory,
        File = settings.File,
        Environment = environment,
        Clock = clock,
        Random = random,
    };

    /// <summary>The plan of a command or a watch, that may be run; warnings are printed.</summary>
    public static Plan Plan(Project project, Host host, string name, IReadOnlyList<string> arguments)
        => Usable(host, Ask(project, host, name, arguments));

    /// <summary>The plan of what stops a watch; null when the file has nothing that does.</summary>
    public static Plan? StopPlan(Project project, Host host, string name, IReadOnlyList<string> arguments)
    {
        var planned = project.Plan(name, PlanMode.Stop, arguments);
        return planned.UnknownName ? null : Usable(host, planned);
    }

    /// <summary>A plan to show: it may have errors, then it must not be run.</summary>
    public static Planned Ask(Project project, Host host, string name, IReadOnlyList<string> arguments)
    {
        var planned = project.Plan(name, PlanMode.Run, arguments);
        if (planned.UnknownName) throw Unknown(project, host, name);
        return planned.Plan is null ? throw new DefinitionException(planned.Diagnostics) : planned;
    }

    private static Plan Usable(Host host, Planned planned)
    {
        if (!planned.IsUsable) throw new DefinitionException(planned.Diagnostics);
        if (host.Settings.Verbosity != Verbosity.Quiet) DiagnosticWriter.Write(host.Screen.Error, planned.Diagnostics, host.Screen.ErrorStyle.Colour);
        return planned.Plan!;
    }

    /// <summary>The error for a name that nothing bears.</summary>
    public static CliException Unknown(Project project, Host host, string name)
    {
        var names = project.Commands.Where(command => command.Mode != PlanMode.Stop).Select(command => command.Name).ToList();
        if (name switch { "help" => "lockstep --help", "version" => "lockstep --version", "list" or "ls" => "lockstep", _ => null } is { } meant)
            return new CliException(new CliError(ExitCode.NotFound, $"there is no command '{name}' in {Path.GetRelativePath(host.Settings.Directory, project.File)}") { Use = meant });
        var nearest = NearestName.Of(name, names) ?? NearestName.Of(name, BuiltInList.Groups.SelectMany(group => group.Names));
        var file = Path.GetRelativePath(host.Settings.Directory, project.File);
        return new CliException(new CliError(ExitCode.NotFound, $"there is no command '{name}' in {file}")
        {
            Why = names.Count == 0 ? "the file defines no commands" : $"it has {Listed(names)}",
            Use = nearest is null ? null : $"lockstep {nearest}",
            Help = nearest is null ? "lockstep alone lists what can be run here" : null,
        });
    }

    private static string Listed(List<string> names)
    {
        const int Most = 20;
        var shown = string.Join(", ", names.Take(Most));
        return names.Count > Most ? $"{shown} and {names.Count - Most} more" : shown;
    }
}
