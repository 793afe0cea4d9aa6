using System.Text;
using Lockstep.Commands.Planning;
using Lockstep.Expressions;
using Lockstep.Processes;
using Lockstep.Values;
using Lockstep.Workspaces;

namespace Lockstep;

/// <summary>The values of a project: wires what resolves them to its surroundings.</summary>
internal sealed class ProjectValues : IDisposable
{
    private readonly ValueResolver _resolver;

    private ProjectValues(ValueResolver resolver) => _resolver = resolver;

    /// <summary>For quick plans, which start nothing.</summary>
    public static ProjectValues Quick(ProjectOptions options, string directory, string store)
        => new(Resolver(options, directory, store, (_, _) => throw new InvalidOperationException("a quick plan starts no process")));

    /// <summary>For runs and resolved plans: shell commands start on the loop.</summary>
    public static ValueResolver OnLoop(ProcessLoop loop, ProjectOptions options, string directory, string store)
    {
        var environment = StepEnvironment(options);
        return Resolver(options, directory, store, (command, cancel) => Shell(loop, command, directory, environment, cancel));
    }

    /// <summary>The environment that the host gave for what is started; null for this process's own.</summary>
    public static EnvironmentBlock? StepEnvironment(ProjectOptions options) => options.Variables is { } variables ? EnvironmentBlock.Of(variables) : null;

    /// <summary>What a quick plan shows. A time or an id would be another one in the run, so they stay placeholders.</summary>
    public Resolution Cheap(ValueExpression expression) => expression is TimestampExpression or UuidExpression ? default : _resolver.ResolveCheap(expression) switch
    {
        null => default,
        ValueKnown known => new Resolution(known.Value),
        ValueFailed failed => new Resolution(null, failed.Cause, failed.Help),
        _ => throw new InvalidOperationException("no such resolution"),
    };

    public void Dispose() => _resolver.Dispose();

    private static ValueResolver Resolver(
        ProjectOptions options, string directory, string store, Func<string, CancellationToken, Task<ShellAnswer>> shell)
        => new(new ValueSurroundings
        {
            Environment = options.Environment,
            Clock = options.Clock,
            Directory = directory,
#pragma warning disable RS0030 // The composition root is where chance comes from.
            NewUuid = () => Guid.CreateVersion7(options.Clock.GetUtcNow()),
#pragma warning restore RS0030
            Shell = shell,
            Cache = new ValueCache(Path.Combine(store, "cache", "values"), options.Clock, PrivateFolder.Create),
        });

    private static async Task<ShellAnswer> Shell(ProcessLoop loop, string command, string directory, EnvironmentBlock? environment, CancellationToken cancel)
    {
        var output = new MemoryStream();
        var errors = new Tail();
        var tooLong = false;
        RunningProcess? process = null;
        process = loop.Start(new ProcessSpec("/bin/sh", ["-c", command])
        {
            Name = "sh",
            Directory = directory,
            Environment = environment,
            OnOutput = (stream, bytes) =>
            {
                if (stream == OutputStream.Errors) errors.Write(bytes);
                else if (tooLong) return;
                else if (output.Length + bytes.Length <= ValueText.MaxBytes) output.Write(bytes);
                else
                {
                    tooLong = true;
                    output.SetLength(0);
                    process?.Kill();
                }
            },
        });

        // Who cancels may do so on any thread; a process is its loop's.
        await using var registration = cancel.Register(() => loop.Post(static state => ((RunningProcess)state!).Kill(), process));
        var exit = await process.Exit;
        cancel.ThrowIfCancellationRequested();
        return new ShellAnswer(exit.ShellCode, Text(output), errors.ToString()) { TooLong = tooLong };
    }

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));

    /// <summary>The last 4 KiB of what is written.</summary>
    private sealed class Tail
    {
        private const int Longest = 4096;

        private readonly byte[] _bytes = new byte[Longest];
        private int _count;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length > Longest) bytes = bytes[^Longest..];
            var kept = Math.Min(_count, Longest - bytes.Length);
            _bytes.AsSpan(_count - kept, kept).CopyTo(_bytes);
            bytes.CopyTo(_bytes.AsSpan(kept));
            _count = kept + bytes.Length;
        }

        public override string ToString() => Encoding.UTF8.GetString(_bytes, 0, _count);
    }
}
