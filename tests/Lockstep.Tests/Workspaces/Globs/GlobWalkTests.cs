using FsCheck;
using FsCheck.Fluent;
using Lockstep.Workspaces.Globs;

namespace Lockstep.Tests.Workspaces.Globs;

public sealed class GlobWalkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string[] Find(string[] patterns, bool follow = true, string? skipped = null)
        => [.. GlobWalk.Find(_folder["work"], GlobSet.Parse([.. patterns], out _)!, skipped, follow, CancellationToken.None, out _)
            .Select(found => found.Kind switch { FoundKind.File => found.Path, FoundKind.Link => found.Path + "@", _ => found.Path + "/" })];

    private void Write(params string[] files)
    {
        foreach (var file in files) _folder.Write("work/" + file, file);
    }

    private void Link(string link, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder["work/" + link])!);
        File.CreateSymbolicLink(_folder["work/" + link], target);
    }

    [Fact]
    public void Files_come_sorted_and_once()
    {
        Write("b.c", "a.c", "src/z.c", "src/a.c", "src-x/a.c", "B.c");

        Assert.Equal(["B.c", "a.c", "b.c", "src-x/a.c", "src/a.c", "src/z.c"], Find(["**/*.c", "*.c", "src"]));
    }

    [Fact]
    public void Repositories_and_the_store_are_never_entered()
    {
        Write("a", ".git/config", "sub/.git/HEAD", "store/x", ".hidden");

        Assert.Equal([".hidden", "a"], Find(["**"], skipped: _folder["work/store"]));
    }

    [Fact]
    public void Names_above_the_folder_are_found_where_a_pattern_asks_for_them()
    {
        _folder.Write("shared/a.c", "");
        _folder.Write("shared/b.h", "");
        Write("a.c");

        Assert.Equal(["../shared/a.c", "a.c"], Find(["../shared/*.c", "*.c"]));
    }

    [Fact]
    public void A_folder_that_is_left_out_is_not_even_read()
    {
        Write("src/a", "node_modules/b");
        Directory.CreateDirectory(_folder["work/node_modules/c"]);
        var mode = File.GetUnixFileMode(_folder["work/node_modules"]);
        if (Environment.UserName != "root") File.SetUnixFileMode(_folder["work/node_modules"], UnixFileMode.None);

        Assert.Equal(["src/a"], Find(["**", "!node_modules"]));
        File.SetUnixFileMode(_folder["work/node_modules"], mode);
    }

    [Fact]
    public void Links_are_found_as_links_and_any_depth_does_not_follow_them()
    {
        Write("real/a");
        Link("real/loop", "..");
        Link("real/file", "a");
        Link("real/dangling", "nowhere");

        Assert.Equal(["real/a", "real/dangling@", "real/file@", "real/loop@"], Find(["**"]));
    }

    [Fact]
    public void A_link_that_a_pattern_names_is_followed()
    {
        Write("real/a");
        Link("named", "real");
        Link("packages/one", "../real");

        Assert.Equal(["named/a"], Find(["named/*"]));
        Assert.Equal(["named@", "named/a"], Find(["named"]));
        Assert.Equal(["named@"], Find(["named"], follow: false));
        Assert.Equal(["packages/one/a"], Find(["packages/*/a"]));
    }

    [Fact]
    public void Empty_folders_are_found_where_all_below_is_asked_for()
    {
        Write("dist/a");
        Directory.CreateDirectory(_folder["work/dist/empty/inner"]);
        Directory.CreateDirectory(_folder["work/other"]);

        Assert.Equal(["dist/a", "dist/empty/inner/"], Find(["dist"]));
        Assert.Equal(["dist/a"], Find(["dist", "!dist/empty"]));
    }

    [Fact]
    public void Patterns_that_take_nothing_are_told()
    {
        Write("src/a.c");

        GlobWalk.Find(
            _folder["work"], GlobSet.Parse(["src/*.c", "scr/*.c", "!lib", "*.{x,y}"], out _)!, null, true, CancellationToken.None, out var idle);

        Assert.Equal(["scr/*.c", "*.{x,y}"], idle.Select(glob => glob.Text));
    }

    [Fact]
    public void A_repository_in_a_folder_that_is_left_out_is_left_out_with_it()
    {
        Write("a/.git/x", "a/b", "b/.git/x", "b/b");

        Assert.Equal(["b/.git/x", "b/b"], Find(["?/.git", "{a,b}", "!a", "!*x"]));
    }

    [Fact]
    public void A_walk_finds_the_files_that_match()
    {
        string[] names = ["a", "b", "ab", ".git"];
        var all = from one in names from two in names from three in names select $"{one}/{two}/{three}x";
        Write([.. all]);
        var files = all.ToList();

        var part = Gen.Elements("a", "b", "*", "?", "a*", "**", ".git", "ax", "*x", "{a,b}");
        var pattern = part.NonEmptyListOf().Select(parts => string.Join('/', parts.Take(4)));
        var patterns = pattern.Zip(Gen.Elements("", "", "!")).Select(pair => pair.Item2 + pair.Item1).NonEmptyListOf().Select(list => list.Take(4).ToArray());
        Prop.ForAll(patterns.ToArbitrary(), list =>
        {
            var set = GlobSet.Parse([.. list], out _)!;
            return files.Where(file => set.IsMatch(file)).Order(StringComparer.Ordinal).SequenceEqual(Find(list));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }
}
