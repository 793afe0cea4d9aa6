using System.Globalization;

namespace Lockstep.Processes.Limits;

/// <summary>What holds the process of one step to its limits. Disposing it ends what the process has left behind in its control group.</summary>
internal sealed class StepFence : IAsyncDisposable
{
    /// <summary>
    /// A shell that takes the limits upon itself and then becomes the program: so no moment of the program is without them, which there would be if they
    /// were set from outside once it runs.
    /// </summary>
    private const string Script =
        """
        g=$1 m=$2 p=$3
        shift 3
        [ -z "$g" ] || echo 0 >"$g/cgroup.procs" || exit 125
        [ -z "$p" ] || ulimit -u "$p" 2>/dev/null || ulimit -p "$p" || exit 125
        [ -z "$m" ] || ulimit -v "$m" || exit 125
        exec "$@"
        """;

    private readonly ControlGroup? _group;
    private readonly string _memory;
    private readonly string _processes;
    private readonly TimeProvider _clock;

    internal StepFence(LimitKinds kinds, ControlGroup? group, long? memory, long? processes, TimeProvider clock)
    {
        Kinds = kinds;
        _group = group;
        _memory = memory is { } bytes ? (bytes / 1024).ToString(CultureInfo.InvariantCulture) : "";
        _processes = processes?.ToString(CultureInfo.InvariantCulture) ?? "";
        _clock = clock;
    }

    /// <summary>What holds it to each limit.</summary>
    public LimitKinds Kinds { get; }

    /// <summary>What was counted so far, where a control group counts.</summary>
    public ControlGroupFindings Findings => _group?.Findings() ?? default;

    /// <summary>The start of a program within the limits. It is called by its path, whatever name it was to have.</summary>
    public ProcessSpec Around(ProcessSpec program)
        => _group is null && _memory.Length == 0 && _processes.Length == 0
            ? program
            : program with
            {
                Executable = "/bin/sh",
                Name = "sh",
                Arguments = ["-c", Script, "lockstep-limit", _group?.Folder ?? "", _memory, _processes, program.Executable, .. program.Arguments],
            };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _group?.RemoveAsync(_clock) ?? ValueTask.CompletedTask;
}
