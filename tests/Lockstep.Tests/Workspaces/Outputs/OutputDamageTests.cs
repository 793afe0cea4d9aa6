using System.Diagnostics;
using Lockstep.Workspaces.Outputs;

namespace Lockstep.Tests.Workspaces.Outputs;

public sealed class OutputDamageTests : IDisposable
{
    private readonly CachedStep _step = new();

    public OutputDamageTests() => _step.Write("src/a.c", "int a;");

    public void Dispose() => _step.Dispose();

    private Task<OutputSave> BuildAsync() => _step.RunAsync(() =>
    {
        _step.Write("dist/a", "output a");
        _step.Write("dist/b", "output b");
    });

    private string[] Files() => [.. Directory.GetFiles(_step["dist"]).Order()];

    [Fact]
    public async Task A_damaged_content_is_a_miss_that_leaves_the_folder_as_it_was_and_is_kept_anew()
    {
        await BuildAsync();
        foreach (var blob in _step.StoredFiles("blobs"))
        {
            Directory.Delete(_step["dist"], recursive: true);
            _step.Write("dist/a", "mine");
            var bytes = File.ReadAllBytes(blob);
            bytes[0] ^= 1;
            File.WriteAllBytes(blob, bytes);

            Assert.EndsWith("is missing or damaged", await _step.MissedAsync());
            Assert.Equal([_step["dist/a"]], Files());
            Assert.Equal("mine", File.ReadAllText(_step["dist/a"]));

            Assert.IsType<OutputsSaved>(await BuildAsync());
            Directory.Delete(_step["dist"], recursive: true);
            await _step.RestoredAsync();
        }
    }

    [Fact]
    public async Task A_missing_content_is_a_miss()
    {
        await BuildAsync();
        File.Delete(_step.StoredFiles("blobs").First());
        Directory.Delete(_step["dist"], recursive: true);

        Assert.EndsWith("is missing or damaged", await _step.MissedAsync());
    }

    [Fact]
    public async Task A_result_damaged_at_any_byte_is_a_miss()
    {
        await BuildAsync();
        var entry = Assert.Single(_step.StoredFiles("entries"));
        var whole = File.ReadAllBytes(entry);
        for (var i = 0; i < whole.Length; i += 7)
        {
            var damaged = whole.ToArray();
            damaged[i] ^= 0x80;
            File.WriteAllBytes(entry, damaged);
            Assert.Equal("the kept result is damaged", await _step.MissedAsync());
            File.WriteAllBytes(entry, whole[..i]);
            Assert.Equal("the kept result is damaged", await _step.MissedAsync());
        }
    }

    [Fact]
    public async Task A_folder_where_a_file_was_is_a_miss()
    {
        await BuildAsync();
        File.Delete(_step["dist/a"]);
        Directory.CreateDirectory(_step["dist/a/below"]);

        Assert.Equal("dist/a is to be restored as a file, but there is a folder of that name", await _step.MissedAsync());
    }

    [Fact]
    public async Task A_link_where_a_file_was_is_replaced_and_what_it_points_to_is_not()
    {
        await BuildAsync();
        _step.Write("elsewhere", "output a");
        File.Delete(_step["dist/a"]);
        File.CreateSymbolicLink(_step["dist/a"], _step["elsewhere"]);

        await _step.RestoredAsync();
        Assert.Null(new FileInfo(_step["dist/a"]).LinkTarget);
        Assert.Equal("output a", File.ReadAllText(_step["elsewhere"]));
    }

    [Fact]
    public async Task A_store_that_can_not_be_written_fails_nothing()
    {
        _step.Write("store", "");
        _step.Cache = new OutputCache(_step["store"], _step.Clock);

        await _step.MissedAsync();
        Assert.StartsWith("the outputs can't be kept: ", Assert.IsType<OutputsNotSaved>(await BuildAsync()).Reason);
    }

    [Fact]
    public async Task A_cancelled_restore_leaves_the_folder_as_it_was()
    {
        await BuildAsync();
        Directory.Delete(_step["dist"], recursive: true);
        var key = await _step.KeyAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _step.Cache.RestoreAsync(key, new CancellationToken(canceled: true)));
        Assert.False(Directory.Exists(_step["dist"]));
    }

    [Fact]
    public async Task Pruning_waits_for_other_processes_and_gives_up_in_the_end()
    {
        await BuildAsync();
        var start = new ProcessStartInfo("flock", ["-s", Path.Combine(_step.Store, "cache/outputs/lock"), "sh", "-c", "echo held; read line"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var other = Process.Start(start)!;
        Assert.Equal("held", other.StandardOutput.ReadLine());

        await _step.RestoredAsync();
        var pruning = _step.Cache.PruneAsync(0, CancellationToken.None);
        while (!pruning.IsCompleted)
        {
            _step.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Null(await pruning);
        other.StandardInput.Close();
        await other.WaitForExitAsync();
        Assert.NotNull(await _step.Cache.PruneAsync(0, CancellationToken.None));
    }

    [Fact]
    public async Task Many_at_once_keep_restore_and_prune_without_harm()
    {
        var time = TimeProvider.System;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var cache = new OutputCache(_step.Store, time);
            for (var round = 0; round < 10; round++)
            {
                var folder = _step[$"worker{worker}"];
                Directory.CreateDirectory(folder);
                await File.WriteAllTextAsync(Path.Combine(folder, "in"), $"{round % 3}");
                var key = await cache.KeyAsync(new OutputRequest(folder, ["in"], ["out"], "c", ""), CancellationToken.None);
                if (await cache.RestoreAsync(key, CancellationToken.None) is OutputsMissed)
                {
                    await File.WriteAllTextAsync(Path.Combine(folder, "out"), $"result {round % 3}");
                    await cache.SaveAsync(key, CancellationToken.None);
                }

                Assert.Equal($"result {round % 3}", await File.ReadAllTextAsync(Path.Combine(folder, "out")));
                if (worker == 0) await cache.PruneAsync(round % 2 == 0 ? 0 : 10_000, CancellationToken.None);
            }
        })));
    }
}
