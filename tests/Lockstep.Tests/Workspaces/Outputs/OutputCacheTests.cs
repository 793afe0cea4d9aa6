using System.Diagnostics;
using Lockstep.Workspaces.Outputs;

namespace Lockstep.Tests.Workspaces.Outputs;

public sealed class OutputCacheTests : IDisposable
{
    private const UnixFileMode Script = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead;

    private readonly CachedStep _step = new();

    public OutputCacheTests()
    {
        _step.Write("src/a.c", "int a;");
        _step.Write("src/b.c", "int b;");
    }

    public void Dispose() => _step.Dispose();

    private void Build() => _step.Write("dist/app", File.ReadAllText(_step["src/a.c"]) + File.ReadAllText(_step["src/b.c"]));

    [Fact]
    public async Task A_result_comes_back_when_nothing_it_depends_on_has_changed()
    {
        Assert.Equal("no result of these commands, key and patterns is kept", await _step.MissedAsync());
        Assert.Equal(new OutputsSaved(1, 12, []), await _step.RunAsync(Build));
        Directory.Delete(_step["dist"], recursive: true);

        Assert.Equal(new OutputsRestored(1, 0, 12), await _step.RestoreAsync());
        Assert.Equal("int a;int b;", File.ReadAllText(_step["dist/app"]));
    }

    [Fact]
    public async Task Contents_modes_links_and_empty_folders_come_back_as_they_were()
    {
        await _step.RunAsync(() =>
        {
            _step.Write("dist/run.sh", "#!/bin/sh");
            File.SetUnixFileMode(_step["dist/run.sh"], Script);
            _step.Write("dist/data", "");
            File.SetUnixFileMode(_step["dist/data"], UnixFileMode.UserRead);
            File.CreateSymbolicLink(_step["dist/current"], "run.sh");
            File.CreateSymbolicLink(_step["dist/dangling"], "../nowhere");
            Directory.CreateDirectory(_step["dist/logs/old"]);
        });
        Directory.Delete(_step["dist"], recursive: true);

        Assert.Equal(5, (await _step.RestoredAsync()).Written);
        Assert.Equal(Script, File.GetUnixFileMode(_step["dist/run.sh"]));
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(_step["dist/data"]));
        Assert.Equal("run.sh", new FileInfo(_step["dist/current"]).LinkTarget);
        Assert.Equal("../nowhere", new FileInfo(_step["dist/dangling"]).LinkTarget);
        Assert.True(Directory.Exists(_step["dist/logs/old"]));
        Assert.Equal(6, Directory.GetFileSystemEntries(_step["dist"], "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task Outputs_that_are_there_already_keep_their_times_and_others_are_left_alone()
    {
        await _step.RunAsync(() =>
        {
            Build();
            _step.Write("dist/other", "x");
        });
        var old = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(_step["dist/app"], old);
        _step.Write("dist/other", "changed");
        _step.Write("dist/mine", "mine");

        Assert.Equal(new OutputsRestored(1, 1, 1), await _step.RestoreAsync());
        Assert.Equal(old, File.GetLastWriteTimeUtc(_step["dist/app"]));
        Assert.Equal("x", File.ReadAllText(_step["dist/other"]));
        Assert.Equal("mine", File.ReadAllText(_step["dist/mine"]));
    }

    [Fact]
    public async Task A_miss_names_the_input_that_is_different()
    {
        await _step.RunAsync(Build);

        _step.Write("src/a.c", "long a;");
        Assert.Equal("src/a.c has changed", await _step.MissedAsync());
        _step.Write("src/c.c", "");
        Assert.Equal("src/a.c has changed, and 1 more inputs differ", await _step.MissedAsync());
        _step.Write("src/a.c", "int a;");
        Assert.Equal("src/c.c is new", await _step.MissedAsync());
        File.Delete(_step["src/c.c"]);
        File.Delete(_step["src/b.c"]);
        Assert.Equal("src/b.c is gone", await _step.MissedAsync());
    }

    [Fact]
    public async Task Commands_patterns_and_the_executable_bit_are_part_of_the_key()
    {
        await _step.RunAsync(Build);

        _step.Commands = "build --fast";
        await _step.MissedAsync();
        _step.Commands = "build";
        _step.Outputs = ["dist", "bin"];
        await _step.MissedAsync();
        _step.Outputs = ["dist"];
        await _step.RestoredAsync();
        File.SetUnixFileMode(_step["src/a.c"], Script);
        Assert.Equal("src/a.c has changed", await _step.MissedAsync());
    }

    [Fact]
    public async Task A_time_alone_is_no_change()
    {
        await _step.RunAsync(Build);
        File.SetLastWriteTimeUtc(_step["src/a.c"], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        await _step.RestoredAsync();
    }

    [Fact]
    public async Task The_content_behind_a_linked_input_counts()
    {
        _step.Write("shared.h", "1");
        File.CreateSymbolicLink(_step["src/shared.h"], "../shared.h");
        await _step.RunAsync(Build);
        await _step.RestoredAsync();

        _step.Write("shared.h", "2");
        Assert.Equal("src/shared.h has changed", await _step.MissedAsync());
    }

    [Fact]
    public async Task Links_to_folders_and_to_nothing_are_inputs_by_their_targets()
    {
        File.CreateSymbolicLink(_step["src/nowhere"], "gone");
        File.CreateSymbolicLink(_step["src/up"], "..");
        File.CreateSymbolicLink(_step["src/self"], "self");
        await _step.RunAsync(Build);
        await _step.RestoredAsync();

        File.Delete(_step["src/nowhere"]);
        File.CreateSymbolicLink(_step["src/nowhere"], "lost");
        Assert.Equal("src/nowhere has changed", await _step.MissedAsync());
    }

    [Fact]
    public async Task A_named_pipe_among_the_inputs_does_not_hang()
    {
        using (var made = Process.Start("mkfifo", [_step["src/pipe"]])) made.WaitForExit();
        await _step.RunAsync(Build);

        await _step.RestoredAsync();
    }

    [Fact]
    public async Task An_input_pattern_that_matches_nothing_is_told()
    {
        _step.Inputs = ["scr/**", "src/**"];

        var key = await _step.KeyAsync();

        Assert.Equal($"no file matches the input 'scr/**' in {_step.Work}, so its changes can't be seen", Assert.Single(key.Warnings));
        Assert.NotNull(key.Id);
    }

    [Fact]
    public async Task A_pattern_that_can_not_be_one_keeps_and_restores_nothing()
    {
        _step.Inputs = ["/etc/*"];

        const string Why = "the pattern '/etc/*' begins with '/'; write it relative to the working directory";
        Assert.Equal(Why, await _step.MissedAsync());
        Assert.Equal(Why, Assert.IsType<OutputsNotSaved>(await _step.RunAsync(Build)).Reason);
    }

    [Fact]
    public async Task Without_output_patterns_success_alone_is_remembered()
    {
        _step.Outputs = [];
        await _step.RunAsync(() => { });

        Assert.Equal(new OutputsRestored(0, 0, 0), await _step.RestoreAsync());
    }

    [Fact]
    public async Task Outputs_that_do_not_exist_are_not_kept_as_a_result()
    {
        Assert.Equal($"nothing matches the outputs 'dist' in {_step.Work}", Assert.IsType<OutputsNotSaved>(await _step.RunAsync(() => { })).Reason);

        _step.Outputs = ["dist", "bin"];
        var saved = Assert.IsType<OutputsSaved>(await _step.RunAsync(Build));
        Assert.Equal($"nothing matches the output 'bin' in {_step.Work}", Assert.Single(saved.Warnings));
    }

    [Fact]
    public async Task A_result_is_not_kept_when_an_input_changed_while_it_was_made()
    {
        var saved = await _step.RunAsync(() =>
        {
            Build();
            _step.Write("src/a.c", "edited meanwhile");
        });

        Assert.Equal("the input src/a.c changed while the commands ran", Assert.IsType<OutputsNotSaved>(saved).Reason);
    }

    [Fact]
    public async Task A_step_that_changes_its_inputs_in_place_never_undoes_an_edit()
    {
        _step.Inputs = ["src/*.c"];
        _step.Outputs = ["src/*.c"];
        var saved = await _step.RunAsync(() => _step.Write("src/a.c", "int  a;"));
        Assert.Equal(
            "src/a.c and 1 more are both input and output, so a run changes its own key; leave outputs out of the inputs with a pattern such as '!src/a.c'",
            Assert.Single(saved.Warnings));

        _step.Write("src/a.c", "int edited;");
        await _step.MissedAsync();
        Assert.Equal("int edited;", File.ReadAllText(_step["src/a.c"]));
    }

    [Fact]
    public async Task The_store_is_no_input_even_inside_the_folder()
    {
        _step.Cache = new OutputCache(_step["store"], _step.Clock);
        _step.Inputs = ["**", "!dist"];
        await _step.RunAsync(Build);

        await _step.RestoredAsync();
    }

    [Fact]
    public async Task Pruning_removes_what_was_used_longest_ago()
    {
        foreach (var text in (string[])["one", "two", "three"])
        {
            _step.Write("src/a.c", text);
            await _step.RunAsync(() => _step.Write("dist/app", new string('x', 1000) + text));
            _step.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        _step.Write("src/a.c", "one");
        await _step.RestoredAsync();

        var pruned = await _step.Cache.PruneAsync(2500, CancellationToken.None);
        Assert.Equal(1, pruned!.Removed.Entries);
        Assert.Equal(pruned.Left, await _step.Cache.MeasureAsync());

        await _step.RestoredAsync();
        _step.Write("src/a.c", "three");
        await _step.RestoredAsync();
        _step.Write("src/a.c", "two");
        await _step.MissedAsync();
    }

    [Fact]
    public async Task Pruning_to_nothing_leaves_nothing()
    {
        await _step.RunAsync(Build);
        _step.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(new CacheSize(0, 0), (await _step.Cache.PruneAsync(0, CancellationToken.None))!.Left);
        Assert.Equal("lock", Path.GetFileName(Assert.Single(_step.StoredFiles("."))));
    }

    [Fact]
    public async Task Equal_contents_are_kept_once()
    {
        await _step.RunAsync(() =>
        {
            _step.Write("dist/a", "same");
            _step.Write("dist/b", "same");
        });

        Assert.Single(_step.StoredFiles("blobs"));
    }
}
