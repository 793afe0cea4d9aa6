using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Search;
using Lockstep.Tests.Execution;

namespace Lockstep.Tests.Sqlite;

public sealed class TextSearchTests : IDisposable
{
    private readonly Stage _stage = new("""
        say(what): {
          printf '%s\n' @var(what)
          seq 20000 | tr 0-9 a-j
        }
        fail: sh -c 'exit 41'
        """);

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData("needle")]
    [InlineData("a \"quoted\" text")]
    [InlineData("ü→\t/\\")]
    public void Runs_are_found_by_what_they_printed(string text)
    {
        var run = _stage.Run("say", null, $"before {text} after").Result.Run;
        _stage.Run("say", null, "something else");

        Assert.Equal([run], Find(text).Runs.Select(found => found.Id));
        Assert.Empty(Find(text + "X").Runs);
    }

    [Fact]
    public void Runs_are_found_by_their_reasons_and_commands_but_not_by_names_of_members()
    {
        var run = _stage.Run("fail").Result.Run;

        Assert.Equal([run], Find("exit code 41").Runs.Select(found => found.Id));
        Assert.Equal([run], Find("sh -c 'exit 41'").Runs.Select(found => found.Id));
        Assert.Empty(Find("output_bytes").Runs);
        Assert.Empty(Find("step:end").Runs);
    }

    [Fact]
    public void A_text_is_found_wherever_it_lies_in_a_long_log()
    {
        _stage.Run("say", null, "x");
        string log;
        using (var history = History.Open(_stage.Folder["store"])) log = history.Logs(Assert.Single(history.Runs()).Id)[1].Path;
        for (var at = 131072 - 30; at < 131072 + 30; at += 3)
        {
            File.WriteAllText(log, new string('.', at) + "needle" + new string('.', 200_000));
            Assert.Single(Find("needle").Runs);
        }
    }

    [Fact]
    public void A_search_says_how_far_it_looked()
    {
        for (var i = 0; i < 4; i++) _stage.Run("say", null, "needle");

        Assert.Equal((4, 4, true), Of(Find("needle")));
        Assert.Equal((2, 2, true), Of(Find("needle", limit: 2)));
        Assert.Equal((3, 3, false), Of(Find("needle", mostRuns: 3)));
        Assert.Equal((1, 1, false), Of(Find("needle", mostBytes: 1)));
        Assert.Equal((0, 4, true), Of(Find("other")));

        static (int, int, bool) Of(FoundText found) => (found.Runs.Count, found.Looked, found.Complete);
    }

    private FoundText Find(string text, int limit = 50, int mostRuns = 100, long mostBytes = 1 << 30)
    {
        using var history = History.Open(_stage.Folder["store"]);
        return TextSearch.Of(history, text, new RunFilter { Limit = limit }, mostRuns, mostBytes);
    }
}
