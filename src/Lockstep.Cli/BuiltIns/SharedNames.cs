using Lockstep.Plans;

namespace Lockstep.Cli.BuiltIns;

/// <summary>Names that both the file and lockstep itself have: by itself such a name is lockstep's, and who expects the other is told.</summary>
internal static class SharedNames
{
    /// <summary>Says how the file's commands of such names are run.</summary>
    public static void Note(IReadOnlyList<CommandSummary> commands, Host host)
    {
        var ours = BuiltInList.Groups.SelectMany(group => group.Names).ToHashSet();
        var shared = new List<string>();
        foreach (var command in commands)
            if (command.Mode == PlanMode.Run && ours.Contains(command.Name)) shared.Add(command.Name);
        if (shared is []) return;
        host.Note($"{string.Join(", ", shared)}: also {(shared.Count == 1 ? "a command" : "commands")} of lockstep itself; {string.Join(", ", shared.Select(name => $"lockstep run {name}"))} {(shared.Count == 1 ? "runs" : "run")} the file's");
    }

    /// <summary>Says, when a built-in is used, that the file has a command of its name.</summary>
    public static void Note(string builtIn, Host host)
    {
        if (host.Settings.Json || !ProjectAccess.HasCommand(host, builtIn)) return;
        host.Note($"This is lockstep's own {builtIn}; lockstep run {builtIn} runs the file's.");
    }
}
