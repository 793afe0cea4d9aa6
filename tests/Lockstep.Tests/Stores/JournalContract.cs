using System.Text;
using Lockstep.Journal;
using Lockstep.Tests.Journal;

namespace Lockstep.Tests.Stores;

/// <summary>What every journal does, whatever it keeps its events in.</summary>
public abstract class JournalContract
{
    private readonly Story _story = new();

    /// <summary>A journal for the run <see cref="Story.Id"/>.</summary>
    private protected abstract IRunJournal Begin();

    /// <summary>What has been kept of the run, read in the way others read it.</summary>
    private protected abstract IReadOnlyList<RunEvent> Kept();

    private protected abstract string KeptOutput(string step, string attempt);

    [Fact]
    public async Task Flushed_events_are_kept_in_order_while_the_run_goes_on()
    {
        await using var journal = Begin();
        RunEvent[] events = [_story.Started(), _story.StepStarted("a"), _story.StepEnded("a")];
        foreach (var happened in events) journal.Append(happened);
        await journal.Flush();

        AssertSame(events, Kept());
        Assert.Null(journal.Lost);
    }

    [Fact]
    public async Task Events_that_nobody_flushed_are_kept_when_the_journal_is_closed()
    {
        RunEvent[] events = [_story.Started(), _story.StepStarted("a"), _story.StepEnded("a"), _story.Ended()];
        await using (var journal = Begin())
            foreach (var happened in events) journal.Append(happened);

        AssertSame(events, Kept());
    }

    [Fact]
    public async Task Every_kind_of_event_is_kept_with_any_text()
    {
        var events = Story.OneOfEach("ü\n\"'\0\t \u2028 ; DROP TABLE runs; --" + new string('x', 10_000), 123_456_789);
        await using (var journal = Begin())
        {
            foreach (var happened in events)
            {
                journal.Append(happened);
                await journal.Flush();
            }
        }

        AssertSame(events, Kept());
    }

    [Fact]
    public async Task Synced_events_are_kept_whether_they_were_flushed_before_or_not()
    {
        await using var journal = Begin();
        RunEvent[] events = [_story.Started(), _story.StepStarted("a"), _story.StepEnded("a"), _story.StepStarted("b")];
        journal.Append(events[0]);
        await journal.Flush();
        await journal.Sync();
        foreach (var happened in events[1..]) journal.Append(happened);
        var flush = journal.Flush().AsTask();
        await journal.Sync();

        Assert.True(flush.IsCompleted);
        AssertSame(events, Kept());
        Assert.Null(journal.Lost);
        await journal.Sync();
    }

    [Fact]
    public async Task A_flush_with_nothing_new_completes_at_once()
    {
        await using var journal = Begin();
        journal.Append(_story.Started());
        await journal.Flush();

        var again = journal.Flush().AsTask();

        Assert.True(again.IsCompletedSuccessfully);
    }

    [Fact]
    public void All_flushes_of_one_turn_complete_together()
        => OneThread.Run(async _ =>
        {
            await using var journal = Begin();
            journal.Append(_story.Started());
            await journal.Flush();
            var flushes = new List<Task>();
            for (var i = 0; i < 10; i++)
            {
                journal.Append(_story.StepStarted($"s{i}"));
                flushes.Add(journal.Flush().AsTask());
            }

            await flushes[0];

            Assert.All(flushes, flush => Assert.True(flush.IsCompletedSuccessfully));
            Assert.Equal(11, Kept().Count);
        });

    [Fact]
    public async Task Output_is_kept_for_each_step_and_attempt_in_the_order_printed()
    {
        await using var journal = Begin();
        journal.Append(_story.Started());
        journal.AppendOutput(new("a/1"), "", "one "u8);
        journal.AppendOutput(new("a/2"), "1", "first"u8);
        journal.AppendOutput(new("a/2"), "2", "second"u8);
        journal.AppendOutput(new("a/1"), "", "two"u8);
        await journal.Flush();

        Assert.Equal("one two", KeptOutput("a/1", ""));
        Assert.Equal("first", KeptOutput("a/2", "1"));
        Assert.Equal("second", KeptOutput("a/2", "2"));
        Assert.Equal("", KeptOutput("a/3", ""));
    }

    [Fact]
    public async Task Output_after_the_end_of_a_step_is_kept_too()
    {
        await using var journal = Begin();
        journal.Append(_story.Started());
        journal.AppendOutput(new("a"), "", "one "u8);
        journal.Append(_story.StepEnded("a"));
        journal.AppendOutput(new("a"), "", "two"u8);
        await journal.Flush();

        Assert.Equal("one two", KeptOutput("a", ""));
    }

    [Fact]
    public async Task Closing_twice_is_closing_once()
    {
        var journal = Begin();
        journal.Append(_story.Started());
        await journal.DisposeAsync();
        await journal.DisposeAsync();

        Assert.Single(Kept());
    }

    private protected static void AssertSame(IReadOnlyList<RunEvent> expected, IReadOnlyList<RunEvent> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++) EventJsonTests.AssertSame(expected[i], actual[i]);
    }

    private protected static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
