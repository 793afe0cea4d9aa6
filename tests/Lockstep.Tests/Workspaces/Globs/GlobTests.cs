using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Lockstep.Workspaces.Globs;

namespace Lockstep.Tests.Workspaces.Globs;

public sealed class GlobTests
{
    private static GlobSet Set(params string[] patterns)
    {
        var set = GlobSet.Parse([.. patterns], out var error);
        Assert.Null(error);
        return set!;
    }

    [Theory]
    [InlineData("*.c", "a.c .c", "a.h d/a.c")]
    [InlineData("src/*.c", "src/a.c", "a.c src/d/a.c")]
    [InlineData("**/*.c", "a.c d/a.c d/e/a.c", "a.h")]
    [InlineData("src/**", "src/a src/d/e/f src/.hidden", "src a srcs/a")]
    [InlineData("src/**/test/*.c", "src/test/a.c src/x/y/test/a.c", "src/x/a.c test/a.c")]
    [InlineData("**", "a d/e/f", ".git/config d/.git/HEAD .git")]
    [InlineData("?.c", "a.c 🦄.c", "ab.c .c")]
    [InlineData("a?c*e", "abce abcde", "ace abc")]
    [InlineData("*a*b*", "ab xaxbx", "ba")]
    [InlineData("{src,lib}/**/*.{c,h}", "src/a.c lib/d/a.h", "bin/a.c src/a.o")]
    [InlineData("a{b,{c,d}e,}f", "abf acef adef af", "acf abef")]
    [InlineData("{src/a,b}/*", "src/a/x b/x", "src/x")]
    [InlineData("{a}", "{a}", "a")]
    [InlineData("src", "src src/a src/d/e", "srcs a/src")]
    [InlineData("./src/", "src src/a", "")]
    [InlineData("a/../b", "b b/c", "a")]
    [InlineData("../shared/*.c", "../shared/a.c", "shared/a.c")]
    [InlineData("**/**/a", "a x/a x/y/a", "b")]
    [InlineData("pages/[id].tsx", "pages/[id].tsx", "pages/i.tsx")]
    [InlineData(@"\*.c", "*.c", "a.c")]
    [InlineData(@"\{a,b\}", "{a,b}", "a b")]
    [InlineData(@"\!important", "!important", "important")]
    [InlineData(".git/HEAD", ".git/HEAD", ".git/config")]
    [InlineData("a**b", "ab axxb", "a/b")]
    public void A_pattern_takes_what_its_wildcards_mean(string pattern, string takes, string leaves)
    {
        var set = Set(pattern);
        Assert.All(takes.Split(' ', StringSplitOptions.RemoveEmptyEntries), path => Assert.True(set.IsMatch(path), path));
        Assert.All(leaves.Split(' ', StringSplitOptions.RemoveEmptyEntries), path => Assert.False(set.IsMatch(path), path));
    }

    [Fact]
    public void The_last_pattern_that_takes_a_path_decides()
    {
        var set = Set("src/**", "!src/generated", "src/generated/keep.c");

        Assert.True(set.IsMatch("src/a.c"));
        Assert.False(set.IsMatch("src/generated/a.c"));
        Assert.True(set.IsMatch("src/generated/keep.c"));
    }

    [Fact]
    public void Patterns_that_only_leave_out_take_everything_else()
    {
        var set = Set("!*.o", "!dist");

        Assert.True(set.IsMatch("src/a.c"));
        Assert.False(set.IsMatch("a.o"));
        Assert.False(set.IsMatch("dist/a"));
    }

    [Fact]
    public void A_pattern_that_leaves_out_leaves_out_repositories_too()
        => Assert.False(Set("*/.git/HEAD", "!a").IsMatch("a/.git/HEAD"));

    [Theory]
    [InlineData("", "the pattern '' is empty")]
    [InlineData("!", "the pattern '!' is empty")]
    [InlineData("/etc/*", "the pattern '/etc/*' begins with '/'; write it relative to the working directory")]
    [InlineData("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", "the pattern '{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}' stands for more than 1000 patterns")]
    public void A_pattern_that_can_not_be_one_says_why(string pattern, string cause)
    {
        Assert.Null(GlobSet.Parse([pattern], out var error));
        Assert.Equal(cause, error);
    }

    [Fact]
    public void A_match_is_what_the_same_pattern_as_a_regular_expression_says()
    {
        var pattern = Gen.Elements("a", "b", "*", "?", "ab", "a*", "*b", "**", ".git").NonEmptyListOf().Select(parts => string.Join('/', parts.Take(6)));
        var path = Gen.Elements("a", "b", "ab", "aab", ".git", "ba").NonEmptyListOf().Select(parts => string.Join('/', parts.Take(6)));
        Prop.ForAll(pattern.Zip(path).ToArbitrary(), pair =>
        {
            var (glob, name) = pair;
            return Set(glob).IsMatch(name) == Regex.IsMatch(name, AsRegex(glob), RegexOptions.CultureInvariant);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Fact]
    public void Any_text_is_a_pattern_or_an_error()
        => Prop.ForAll<string?, string?>((pattern, path) => GlobSet.Parse([pattern ?? ""], out var error)?.IsMatch(path ?? "") is not null ^ error is not null)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void No_pattern_takes_exponential_time()
    {
        var path = string.Join('/', Enumerable.Repeat(new string('a', 100), 200));

        Assert.False(Set(string.Concat(Enumerable.Repeat("**/*a*a*a*a*/", 40)) + "b").IsMatch(path));
    }

    private static string AsRegex(string glob)
    {
        const string Name = "(?!\\.git(/|$))[^/]+";
        var segments = glob.Split('/').ToList();
        for (var i = segments.Count - 1; i > 0; i--)
            if (segments[i] == "**" && segments[i - 1] == "**") segments.RemoveAt(i);

        var regex = new StringBuilder("^");
        for (var i = 0; i < segments.Count; i++)
        {
            var last = i == segments.Count - 1;
            if (segments[i] == "**")
            {
                regex.Append(last ? $"{Name}(/{Name})*" : $"({Name}/)*");
                continue;
            }

            var wild = segments[i].IndexOfAny(['*', '?']) >= 0;
            regex.Append(wild ? "(?!\\.git(/|$))" : "").Append(Regex.Escape(segments[i]).Replace("\\*", "[^/]*").Replace("\\?", "[^/]"));
            if (!last) regex.Append('/');
            else if (!wild) regex.Append($"(/{Name}(/{Name})*)?");
        }

        return regex.Append('$').ToString();
    }
}
