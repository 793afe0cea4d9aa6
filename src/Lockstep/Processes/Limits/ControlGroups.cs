using System.Globalization;
using Lockstep.Processes.Native;

namespace Lockstep.Processes.Limits;

/// <summary>The folder in which control groups (cgroup v2) for steps can be made, with the controllers that it has.</summary>
internal sealed class ControlGroups
{
    /// <summary>The environment variable that names a folder, where the one of this process is not to be used.</summary>
    public const string Variable = "LOCKSTEP_CGROUP";

    private const string Own = "lockstep.self";
    private const string Prefix = "lockstep-";
    private const long FileSystemMagic = 0x63677270;
    private const int MayWrite = 2;

    private static int _made;

    private readonly string _folder;

    private ControlGroups(string folder, string[] controllers)
    {
        _folder = folder;
        Memory = controllers.Contains("memory");
        Cpu = controllers.Contains("cpu");
        Processes = controllers.Contains("pids");
    }

    public bool Memory { get; }

    public bool Cpu { get; }

    public bool Processes { get; }

    /// <inheritdoc/>
    public override string ToString() => _folder;

    /// <summary>Finds the folder.</summary>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="enter">Whether to make it ready, which moves this process to a group inside it: false only looks whether that would do.</param>
    /// <returns>The folder, or null with why there is none.</returns>
    public static (ControlGroups? Groups, string? WhyNot) Find(Func<string, string?> environment, bool enter)
    {
        try
        {
            var current = Current();
            if (environment(Variable) is { Length: > 0 } named) return Open(Path.GetFullPath(named), current, enter);
            if (current is not { } own) return (null, "this system has no cgroup v2");
            if (Path.GetFileName(own.Folder) == Own) return Open(Path.GetDirectoryName(own.Folder)!, null, enter);
            return own.Folder != own.Mount && Environment.IsPrivilegedProcess && !IsDelegated(own.Folder)
                ? (null, $"{own.Folder} is not delegated to this process")
                : Open(own.Folder, null, enter);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, error.Message);
        }
    }

    /// <summary>Makes a group for a step, with the limits there are controllers for.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    public ControlGroup Create(ResourceLimits limits) => ControlGroup.Create(
        Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref _made)}")),
        new(Memory ? limits.Memory : null, Cpu ? limits.Cpu : null, Processes ? limits.Processes : null));

    private static (ControlGroups?, string?) Open(string folder, (string Folder, string Mount)? from, bool enter)
    {
        if (!IsControlGroup(folder)) return (null, $"{folder} is no cgroup v2");
        string[] controllers = [.. Words(folder, "cgroup.controllers").Where(name => name is "memory" or "cpu" or "pids")];
        if (controllers.Length == 0) return (null, $"{folder} has none of the controllers memory, cpu and pids");
        if (!MayChange(folder, "") || !MayChange(folder, "cgroup.procs") || !MayChange(folder, "cgroup.subtree_control")) return (null, $"{folder} may not be written");
        if (from is { } own && Shared(own.Folder, folder) is var shared && !MayChange(shared, "cgroup.procs")) return (null, $"processes may not be moved to {folder}: {shared} may not be written");

        string[] missing = [.. controllers.Except(Words(folder, "cgroup.subtree_control"))];
        if (missing.Length > 0)
        {
            // Only the root may hold processes and groups with controllers at once, and only the root has no type.
            var members = File.Exists(Path.Combine(folder, "cgroup.type")) ? Words(folder, "cgroup.procs") : [];
            var us = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            if (members.Any(member => member != us)) return (null, $"{folder} holds other processes than this one");
            if (enter) Enter(folder, members, missing);
        }

        if (enter) RemoveAbandoned(folder);
        return (new(folder, controllers), null);
    }

    private static void Enter(string folder, string[] members, string[] controllers)
    {
        var own = Path.Combine(folder, Own);
        if (members.Length > 0)
        {
            Directory.CreateDirectory(own);
            ControlGroup.Write(Path.Combine(own, "cgroup.procs"), "0");
        }

        try
        {
            ControlGroup.Write(Path.Combine(folder, "cgroup.subtree_control"), string.Join(' ', controllers.Select(name => $"+{name}")));
        }
        catch (IOException) when (members.Length > 0)
        {
            ControlGroup.Write(Path.Combine(folder, "cgroup.procs"), "0");
            _ = LibC.RemoveFolder(own);
            throw;
        }
    }

    /// <summary>Removes what programs that were killed have left; the kernel keeps what is in use.</summary>
    private static void RemoveAbandoned(string folder)
    {
        foreach (var group in Directory.EnumerateDirectories(folder, $"{Prefix}*"))
        {
            var maker = group[(group.LastIndexOf(Prefix, StringComparison.Ordinal) + Prefix.Length)..].Split('-')[0];
            if (!Directory.Exists($"/proc/{maker}")) _ = LibC.RemoveFolder(group);
        }
    }

    /// <summary>The folder of this process's own group and where its file system begins; null without cgroup v2.</summary>
    private static (string Folder, string Mount)? Current()
    {
        var path = File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal))?[3..];
        if (path is null) return null;
        foreach (var line in File.ReadLines("/proc/self/mountinfo"))
        {
            // "36 35 98:0 /root /mount options … - type source …"
            var fields = line.Split(' ');
            if (Array.IndexOf(fields, "-") is not (> 4 and var end) || fields[end + 1] != "cgroup2") continue;
            var (root, mount) = (fields[3], fields[4]);
            if (root != "/" && path.StartsWith(root, StringComparison.Ordinal)) path = path[root.Length..];
            return (Path.TrimEndingDirectorySeparator(Path.Join(mount, path)), mount);
        }

        return null;
    }

    private static unsafe bool IsControlGroup(string folder)
    {
        var answer = stackalloc long[64];
        return LibC.FileSystem(folder, answer) == 0 && answer[0] == FileSystemMagic;
    }

    /// <summary>Whether systemd has handed the group to what runs in it: root may write to all groups, and may not meddle with those of others.</summary>
    private static unsafe bool IsDelegated(string folder)
    {
        byte value;
        return (LibC.ExtendedAttribute(folder, "trusted.delegate", &value, 1) == 1 && value == '1')
            || (LibC.ExtendedAttribute(folder, "user.delegate", &value, 1) == 1 && value == '1');
    }

    private static bool MayChange(string folder, string file) => LibC.Access(Path.Combine(folder, file), MayWrite) == 0;

    private static string Shared(string one, string other)
    {
        while (!$"{other}/".StartsWith($"{one}/", StringComparison.Ordinal)) one = Path.GetDirectoryName(one) ?? "/";
        return one;
    }

    private static string[] Words(string folder, string file)
        => File.ReadAllText(Path.Combine(folder, file)).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
