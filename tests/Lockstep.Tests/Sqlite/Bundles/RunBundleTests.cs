using System.IO.Compression;
using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Bundles;
using Lockstep.Sqlite.Upkeep;
using Lockstep.Tests.Execution;

namespace Lockstep.Tests.Sqlite.Bundles;

public sealed class RunBundleTests : IDisposable
{
    private static readonly DateTimeOffset _now = new(2026, 11, 20, 14, 30, 22, TimeSpan.Zero);
    private readonly Stage _stage = new("""
        good: @retry(attempts = 2) {
          echo first
          seq 2000
        }
        bad: sh -c 'echo broken; exit 3'
        """);

    private string Bundle => _stage.Folder["run.zip"];

    private string Other => _stage.Folder["other"];

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData("good")]
    [InlineData("bad")]
    public void A_run_is_the_same_in_another_store(string command)
    {
        var run = Export(command);

        Assert.Equal((run, true), RunBundle.Import(Other, Bundle, _now));

        using var here = History.Open(_stage.Folder["store"]);
        using var there = History.Open(Other);
        Assert.Equal(here.Events(run).Select(EventJson.ToUtf8), there.Events(run).Select(EventJson.ToUtf8));
        Assert.Equal(here.Plan(run), there.Plan(run));
        Assert.Equal(here.Find("last")! with { Key = 1 }, there.Find("last")! with { Key = 1 });
        Assert.Equal(Texts(here, run), Texts(there, run));
        Assert.NotEmpty(Texts(there, run));
        Assert.Empty(StoreCheck.Of(there).Damage);
    }

    [Fact]
    public void Importing_twice_changes_nothing()
    {
        var run = Export("good");

        Assert.True(RunBundle.Import(Other, Bundle, _now).Added);
        Assert.False(RunBundle.Import(Other, Bundle, _now).Added);
        Assert.Equal((run, false), RunBundle.Import(_stage.Folder["store"], Bundle, _now));
        using var there = History.Open(Other);
        Assert.Single(there.Runs());
    }

    [Fact]
    public void Another_run_of_the_same_name_is_not_replaced()
    {
        var run = Export("good");
        RunBundle.Import(Other, Bundle, _now);
        using (var history = History.Open(_stage.Folder["store"]))
            RewriteWithoutLastEvent(history, run);

        Assert.Contains("there is another run", Assert.Throws<JournalException>(() => RunBundle.Import(Other, Bundle, _now)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_had_not_ended_can_be_looked_at_and_goes_on_only_where_it_began()
    {
        var run = Export("good");
        using (var history = History.Open(_stage.Folder["store"])) RewriteWithoutLastEvent(history, run);

        RunBundle.Import(Other, Bundle, _now);

        using var there = History.Open(Other);
        Assert.Equal(RunStatus.Crashed, there.Find("last")!.Status);
        Assert.Equal($"{run} was imported from another store: only there can it go on", Assert.Throws<JournalException>(() => SqliteRunJournal.Resume(Other, run, there.Events(run), "0.1.0")).Message);
    }

    [Fact]
    public void Damage_at_any_byte_is_refused_or_changes_nothing()
    {
        var run = Export("bad");
        var whole = File.ReadAllBytes(Bundle);
        using var here = History.Open(_stage.Folder["store"]);
        var events = here.Events(run).Select(EventJson.ToUtf8).ToList();
        var damaged = _stage.Folder["damaged.zip"];
        var refused = 0;
        for (var at = 0; at < whole.Length; at += 3)
        {
            var bytes = (byte[])whole.Clone();
            bytes[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(damaged, bytes);
            var store = _stage.Folder[$"store-{at}"];
            try
            {
                RunBundle.Import(store, damaged, _now);
            }
            catch (JournalException)
            {
                refused++;
                Assert.False(File.Exists(StoreFolder.Database(store)), $"byte {at}");
                continue;
            }

            using var there = History.Open(store);
            Assert.Equal(events, there.Events(run).Select(EventJson.ToUtf8));
            Assert.Equal(here.Plan(run), there.Plan(run));
            Assert.Equal(Texts(here, run), Texts(there, run));
        }

        Assert.InRange(refused, whole.Length / 3 / 2, whole.Length);
    }

    [Fact]
    public void A_bundle_that_is_cut_off_is_refused()
    {
        Export("good");
        var whole = File.ReadAllBytes(Bundle);
        for (var length = 0; length < whole.Length; length += 101)
        {
            File.WriteAllBytes(Bundle, whole[..length]);
            Assert.Equal(Bundle, Assert.Throws<JournalException>(() => RunBundle.Import(Other, Bundle, _now)).Where);
        }

        Assert.False(Directory.Exists(Other));
    }

    [Fact]
    public void A_bundle_of_a_newer_release_says_so()
    {
        Export("good");
        Rewrite(manifest => manifest with { Format = 2 });

        Assert.Contains("it is in bundle format 2 and this release reads up to 1", Assert.Throws<JournalException>(() => RunBundle.Import(Other, Bundle, _now)).Message, StringComparison.Ordinal);
    }

    private RunId Export(string command)
    {
        var run = _stage.Run(command).Result.Run;
        using var history = History.Open(_stage.Folder["store"]);
        RunBundle.Write(history, run, Bundle, "0.1.0", _now);
        return run;
    }

    private void RewriteWithoutLastEvent(History history, RunId run)
    {
        var lines = history.Events(run).SkipLast(1).SelectMany(happened => (byte[])[.. EventJson.ToUtf8(happened), (byte)'\n']).ToArray();
        Rewrite(
            manifest => manifest with
            {
                Events = manifest.Events - 1,
                Files = [.. manifest.Files.Select(file => file.Name == "events.jsonl" ? file with { Bytes = lines.Length, Sha256 = Lockstep.Source.Sha256.Hex(lines) } : file)],
            },
            lines);
    }

    private void Rewrite(Func<BundleManifest, BundleManifest> change, byte[]? lines = null)
    {
        using var zip = ZipFile.Open(Bundle, ZipArchiveMode.Update);
        byte[] old;
        using (var read = zip.GetEntry("manifest.json")!.Open())
        using (var all = new MemoryStream())
        {
            read.CopyTo(all);
            old = all.ToArray();
        }

        var manifest = change(BundleManifest.Read(old)).ToUtf8();
        Put("manifest.json", manifest);
        Put("manifest.sha256", System.Text.Encoding.ASCII.GetBytes(Lockstep.Source.Sha256.Hex(manifest)));
        if (lines is not null) Put("events.jsonl", lines);

        void Put(string name, byte[] content)
        {
            zip.GetEntry(name)!.Delete();
            using var entry = zip.CreateEntry(name).Open();
            entry.Write(content);
        }
    }

    private static List<string> Texts(History history, RunId run) => [.. history.Logs(run).Select(log => $"{log.Step}@{log.Attempt}: {File.ReadAllText(log.Path)}")];
}
