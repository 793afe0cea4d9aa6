using Lockstep.Workspaces;
using Lockstep.Workspaces.Globs;

namespace Lockstep.Tests.Workspaces;

public sealed class FileChangesTests : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Changes_that_the_system_lost_count_as_changes()
    {
        using var changes = Watch(new HastyTime());
        changes.Missed(new InternalBufferOverflowException());
        var changed = await changes.NextAsync(CancellationToken.None);
        Assert.Empty(changed.Files);
        Assert.Equal("files changed, too many at once for the system to name them", changed.ToString());
    }

    [Fact]
    public async Task A_limit_of_the_system_is_an_error_that_says_what_to_raise()
    {
        using var changes = Watch(new HastyTime());
        var waiting = changes.NextAsync(CancellationToken.None);
        changes.Missed(new IOException("The configured user limit (8192) on the number of inotify watches has been reached."));
        foreach (var next in (Task[])[waiting, changes.NextAsync(CancellationToken.None)])
        {
            var error = await Assert.ThrowsAsync<IOException>(() => next);
            Assert.StartsWith($"can't watch {_folder.Path} and the folders in it for changes: The configured user limit (8192)", error.Message, StringComparison.Ordinal);
            Assert.Contains("sysctl fs.inotify.max_user_watches=", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_file_that_changed_first_is_named_first_and_others_that_do_not_match_are_not()
    {
        var time = new ManualTime();
        using var changes = Watch(time);
        _folder.Write("b.txt", "");
        _folder.Write("a.txt", "");
        _folder.Write("b.txt", "more");
        _folder.Write("a.log", "");
        var next = changes.NextAsync(CancellationToken.None);
        while (!next.IsCompleted)
        {
            time.Advance(TimeSpan.FromHours(1));
            await Task.Yield();
        }
        Assert.StartsWith("b.txt", (await next).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("a.log", (await next).Files);
    }

    [Fact]
    public void Many_files_are_counted_after_the_first()
    {
        Assert.Equal("a changed", new ChangedFiles(["a"], More: false).ToString());
        Assert.Equal("a and 2 more changed", new ChangedFiles(["a", "b", "c"], More: false).ToString());
        Assert.Equal("a and over 1 more changed", new ChangedFiles(["a", "b"], More: true).ToString());
    }

    private FileChanges Watch(TimeProvider clock) => new(_folder.Path, GlobSet.Parse(["**/*.txt"], out _)!, Quiet, clock);
}
