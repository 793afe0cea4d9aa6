using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lockstep.Workspaces;

/// <summary>A watch that runs now.</summary>
/// <param name="Name">The command's name.</param>
/// <param name="Directory">The folder of its definition file.</param>
/// <param name="ProcessId">The process that supervises it.</param>
/// <param name="Run">Its run.</param>
/// <param name="Since">When it started, in UTC.</param>
public sealed record RunningWatch(string Name, string Directory, int ProcessId, string Run, DateTimeOffset Since);

/// <summary>The watches of this machine: a small file each, locked and filled while it runs. A file whose process is gone counts for nothing.</summary>
internal sealed class WatchRegistry(string folder)
{
    private static readonly TimeSpan TurnOver = TimeSpan.FromSeconds(1);

    /// <summary>The watches that run now, by directory and name.</summary>
    public IReadOnlyList<RunningWatch> All()
    {
        if (!Directory.Exists(folder)) return [];
        var watches = new List<RunningWatch>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.watch"))
            if (TryRead(path) is { } watch) watches.Add(watch);
        watches.Sort((a, b) => string.CompareOrdinal(a.Directory + "\0" + a.Name, b.Directory + "\0" + b.Name));
        return watches;
    }

    /// <summary>The watch of that name and directory, when it runs.</summary>
    public RunningWatch? Find(string name, string directory) => TryRead(PathOf(name, directory));

    /// <summary>Enters a watch; disposing takes it out again. Null when one of that name and directory runs already.</summary>
    /// <exception cref="IOException">The folder can't be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be used.</exception>
    public async Task<IDisposable?> EnterAsync(RunningWatch watch, TimeProvider clock)
    {
        PrivateFolder.Create(folder);
        var path = PathOf(watch.Name, watch.Directory);

        // One that has just begun or is about to end holds the lock, too, and can't be named.
        var held = FileLock.TryTake(path);
        if (held is null && TryRead(path) is null)
            held = await FileLock.TakeAsync(path, shared: false, TurnOver, clock, busy: null, CancellationToken.None);
        if (held is null) return null;
        held.Write(string.Join('\n',
            watch.Name, watch.Directory, watch.ProcessId.ToString(CultureInfo.InvariantCulture), watch.Run,
            watch.Since.ToString("O", CultureInfo.InvariantCulture), Start(watch.ProcessId)));
        return new Entry(held);
    }

    private string PathOf(string name, string directory)
        => Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{directory}\0{name}")))[..24]}.watch");

    private static RunningWatch? TryRead(string path)
    {
        try
        {
            var lines = FileLock.ReadText(path).Split('\n');
            if (lines.Length < 6 || !int.TryParse(lines[2], CultureInfo.InvariantCulture, out var processId)) return null;
            if (!DateTimeOffset.TryParse(lines[4], CultureInfo.InvariantCulture, out var since)) return null;
            return lines[5].Length > 0 && Start(processId) == lines[5] ? new RunningWatch(lines[0], lines[1], processId, lines[3], since) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Start(int process) => ProcessStatus.StartOf(process)?.ToString(CultureInfo.InvariantCulture) ?? "";

    private sealed class Entry(FileLock file) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                file.Write("");
            }
            catch (IOException)
            {
                // A file left as it is counts for nothing once this process is gone.
            }
            file.Dispose();
        }
    }
}
