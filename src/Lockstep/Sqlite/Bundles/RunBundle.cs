using System.IO.Compression;
using System.Text;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Source;
using Lockstep.Sqlite.Logs;
using Lockstep.Workspaces;

namespace Lockstep.Sqlite.Bundles;

/// <summary>One run in one file: a zip with its plan, its events, its redacted logs, and a manifest with the checksum of each.</summary>
public static class RunBundle
{
    /// <summary>More than any event has: a damaged file must not make us ask for all memory.</summary>
    private const long LongestText = int.MaxValue / 2;

    /// <summary>Whether a file begins as a bundle does.</summary>
    public static bool Looks(string file)
    {
        try
        {
            using var handle = File.OpenHandle(file);
            Span<byte> head = stackalloc byte[4];
            return RandomAccess.Read(handle, head, 0) == 4 && head.SequenceEqual("PK\x03\x04"u8);
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Writes a run as it is now. The file appears whole or not at all, in place of one that was there.</summary>
    /// <param name="history">The store.</param>
    /// <param name="run">The run.</param>
    /// <param name="file">The path of the bundle.</param>
    /// <param name="version">The program's version, for the manifest.</param>
    /// <param name="now">The time, for the manifest.</param>
    /// <exception cref="JournalException">There is no such run, it is damaged, or the file can't be written.</exception>
    public static void Write(History history, RunId run, string file, string version, DateTimeOffset now)
    {
        var events = history.Events(run);
        var plan = history.Plan(run);
        var draft = $"{file}.{Environment.ProcessId}.new";
        _ = Ask(file, "written", () =>
        {
            try
            {
                WriteWhole();
                return true;
            }
            finally
            {
                File.Delete(draft);
            }
        });

        void WriteWhole()
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var output = new FileStream(draft, options))
            {
                Write(output, history, run, events, plan, version, now);
                output.Flush(flushToDisk: true);
            }

            File.Move(draft, file, overwrite: true);
        }
    }

    private static void Write(Stream output, History history, RunId run, IReadOnlyList<RunEvent> events, byte[] plan, string version, DateTimeOffset now)
    {
        using var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        var files = new List<BundledFile> { Add(zip, BundleManifest.Plan, new MemoryStream(plan)), Add(zip, BundleManifest.EventLines, Lines(events)) };
        foreach (var log in history.Logs(run))
        {
            using var content = log.Open();
            files.Add(Add(zip, BundleManifest.Logs + LogName.Of(log.Step, log.Attempt), content) with { Step = log.Step.Path, Attempt = log.Attempt });
        }

        var manifest = new BundleManifest(BundleManifest.Version, run.Text, version, now, events.Count, files).ToUtf8();
        _ = Add(zip, BundleManifest.FileName, new MemoryStream(manifest));
        _ = Add(zip, BundleManifest.Seal, new MemoryStream(Encoding.ASCII.GetBytes(Sha256.Hex(manifest))));
    }

    private static MemoryStream Lines(IReadOnlyList<RunEvent> events)
    {
        var lines = new MemoryStream();
        using var json = new EventWriter();
        foreach (var happened in events)
        {
            lines.Write(json.Write(happened));
            lines.WriteByte((byte)'\n');
        }

        lines.Position = 0;
        return lines;
    }

    /// <summary>Adds a file, whose hash is of what was read, also where it grows meanwhile.</summary>
    private static BundledFile Add(ZipArchive zip, string name, Stream content)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var hash = new Sha256();
        using var into = entry.Open();
        var buffer = new byte[81920];
        var length = 0L;
        for (int read; (read = content.Read(buffer)) > 0; length += read)
        {
            hash.Append(buffer.AsSpan(0, read));
            into.Write(buffer, 0, read);
        }

        return new(name, length, hash.FinishHex());
    }

    /// <summary>Takes a bundle's run into a store, whole or not at all. One that is there already stays as it is.</summary>
    /// <param name="folder">The folder of the store; made when it is not there.</param>
    /// <param name="file">The path of the bundle.</param>
    /// <param name="now">The time, for the record.</param>
    /// <returns>The run, and whether it was not there before.</returns>
    /// <exception cref="JournalException">The bundle is damaged, no bundle, or there is another run of the same name.</exception>
    public static (RunId Run, bool Added) Import(string folder, string file, DateTimeOffset now) => Ask(file, "imported", () =>
    {
        using var input = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var zip = new ZipArchive(input, ZipArchiveMode.Read);
        var sealedManifest = ReadAll(zip, BundleManifest.FileName, LongestText);
        if (Encoding.ASCII.GetString(ReadAll(zip, BundleManifest.Seal, 64)) != Sha256.Hex(sealedManifest)) throw new JournalException("its manifest is not the one that was written");
        var manifest = BundleManifest.Read(sealedManifest);
        var run = new RunId(manifest.Run);
        var plan = Checked(zip, manifest, BundleManifest.Plan);
        var events = ReadEvents(run, manifest, Checked(zip, manifest, BundleManifest.EventLines));
        if (IsThere(folder, run, events, plan)) return (run, false);

        // The logs first: a run in the list has all of its own.
        foreach (var log in manifest.Files)
            if (log.Step is { } step) Unpack(zip, log, StepLogs.PathOf(StoreFolder.Logs(folder, run), new StepId(step), log.Attempt ?? ""));
        RunWriter.Import(folder, run, plan, events, now);
        return (run, true);
    });

    private static List<RunEvent> ReadEvents(RunId run, BundleManifest manifest, ReadOnlySpan<byte> lines)
    {
        var events = new List<RunEvent>();
        foreach (var range in lines.Split((byte)'\n'))
        {
            if (range.Start.Value == lines.Length) break;
            var happened = EventJson.Read(lines[range]);
            if (happened.Sequence != events.Count + 1) throw new JournalException($"event {events.Count + 1} of {run} is missing");
            events.Add(happened);
        }

        if (events.Count != manifest.Events || events is not [RunStarted, ..]) throw new JournalException($"it should have {manifest.Events} events and has {events.Count}");
        return events;
    }

    private static bool IsThere(string folder, RunId run, List<RunEvent> events, byte[] plan)
    {
        using var history = History.Open(folder);
        if (history.Database is null || history.Find(run.Text)?.Id != run) return false;
        var same = history.Plan(run).AsSpan().SequenceEqual(plan) && Lines(history.Events(run)).ToArray().AsSpan().SequenceEqual(Lines(events).ToArray());
        return same ? true : throw new JournalException($"there is another run {run} in {StoreFolder.Database(folder)}: what it did is not what the bundle says");
    }

    private static void Unpack(ZipArchive zip, BundledFile log, string path)
    {
        var content = Checked(zip, log);
        PrivateFolder.Create(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    private static byte[] Checked(ZipArchive zip, BundleManifest manifest, string name)
        => Checked(zip, manifest.Files.FirstOrDefault(file => file.Name == name) ?? throw new JournalException($"its manifest names no {name}"));

    private static byte[] Checked(ZipArchive zip, BundledFile file)
    {
        var content = ReadAll(zip, file.Name, file.Bytes);
        return content.Length == file.Bytes && Sha256.Hex(content) == file.Sha256 ? content : throw new JournalException($"{file.Name} in it is not the one that was written");
    }

    private static byte[] ReadAll(ZipArchive zip, string name, long longest)
    {
        var entry = zip.GetEntry(name) ?? throw new JournalException($"there is no {name} in it");
        using var content = entry.Open();
        using var all = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = content.Read(buffer)) > 0 && all.Length <= longest;) all.Write(buffer, 0, read);
        return all.ToArray();
    }

    private static T Ask<T>(string file, string what, Func<T> question)
    {
        try
        {
            return question();
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException or UnauthorizedAccessException or JournalException or NotSupportedException)
        {
            var why = problem is not InvalidDataException ? problem.Message.TrimEnd('.')
                : Looks(file) ? "it is damaged or cut off: it can't be unpacked" : "it is no bundle";
            throw new JournalException($"{file} can't be {what}: {why}", problem)
            {
                Where = file,
                Why = why,
                Help = problem is InvalidDataException && !Looks(file) ? "name a file that lockstep export wrote" : problem is InvalidDataException or JournalException ? "export the run again, and compare the two files' checksums after they were sent" : "look whether the file and its folder are there and can be used",
            };
        }
    }
}
