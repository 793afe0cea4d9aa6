using System.Globalization;
using System.Text;
using Lockstep.Processes.Native;

namespace Lockstep.Processes;

/// <summary>
/// A small shell in a session of its own that outlives us when we are killed, and then ends the groups that it was told of: SIGTERM, up to
/// 5 seconds, SIGKILL. It learns of our death by the end of a pipe that only we hold open.
/// </summary>
internal sealed class Guardian : IDisposable
{
    private const string Script =
        """
        trap '' HUP INT TERM
        g=' '
        while read -r l; do
          p=" ${l#?} "
          case $l in
            +*) g="$g${l#+} " ;;
            *) case $g in *"$p"*) g="${g%%"$p"*} ${g#*"$p"}" ;; esac ;;
          esac
        done
        alive() {
          a=' '
          for p in $g; do kill -0 "-$p" && a="$a$p "; done
          g=$a
          [ "$g" != ' ' ]
        }
        for p in $g; do kill -TERM "-$p"; kill -CONT "-$p"; done
        i=0
        while alive && [ "$i" -lt 50 ]; do i=$((i + 1)); sleep 0.1 || sleep 1; done
        for p in $g; do kill -KILL "-$p"; done
        """;

    private readonly int _pipe;
    private readonly int _process;

    private Guardian(int pipe, int process)
    {
        _pipe = pipe;
        _process = process;
    }

    /// <summary>Starts one; null when the system is out of processes or descriptors, which is no reason to stop a run.</summary>
    public static unsafe Guardian? Start(ProcessLoop loop)
    {
        var ends = stackalloc int[2];
        if (LibC.Pipe(ends, LibC.CloseOnExec) < 0) return null;
        // A guardian that hangs must not hang us.
        _ = LibC.FileControl(ends[1], LibC.SetFlags, LibC.NonBlocking | 1);
        var error = loop.Spawner.Start(
            new SpawnRequest
            {
                Executable = "/bin/sh",
                Name = "sh",
                Arguments = ["-c", Script, "lockstep-guardian"],
                Environment = loop.OurEnvironment.Pointer,
                Directory = "/",
                NewSession = true,
                Input = ends[0],
                Output = loop.NullDevice(),
                Errors = loop.NullDevice(),
            },
            out var process);
        _ = LibC.Close(ends[0]);
        if (error == 0) return new(ends[1], process);
        _ = LibC.Close(ends[1]);
        return null;
    }

    public void Add(ProcessGroup group) => Tell('+', group);

    public void Remove(ProcessGroup group) => Tell('-', group);

    /// <summary>Ends it at once: all groups are gone, so it has nothing left to do.</summary>
    public unsafe void Dispose()
    {
        _ = LibC.Kill(_process, Signals.Kill);
        int status;
        _ = LibC.WaitProcess(_process, &status, 0);
        _ = LibC.Close(_pipe);
    }

    private unsafe void Tell(char what, ProcessGroup group)
    {
        var line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{what}{group.Id}\n"));
        fixed (byte* start = line) _ = LibC.Write(_pipe, start, (nuint)line.Length);
    }
}
