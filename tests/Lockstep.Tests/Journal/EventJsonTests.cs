using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lockstep.Expressions;
using Lockstep.Journal;

namespace Lockstep.Tests.Journal;

public sealed class EventJsonTests
{
    [Fact]
    public void An_event_reads_back_as_it_was_written()
        => Prop.ForAll<NonNull<string>, long>((text, number) =>
        {
            foreach (var happened in Story.OneOfEach(text.Get, number)) AssertSame(happened, EventJson.Read(EventJson.ToUtf8(happened)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_outcome_and_source_reads_back()
    {
        foreach (var outcome in Enum.GetValues<Lockstep.Journal.Outcome>())
        {
            var happened = new Story().StepEnded("a", outcome: outcome);
            Assert.Equal(happened, EventJson.Read(EventJson.ToUtf8(happened)));
        }

        foreach (var source in Enum.GetValues<ValueSource>())
        {
            var happened = new Story().Tell(new ValueWasResolved(1, "V", "v", source, null));
            Assert.Equal(happened, EventJson.Read(EventJson.ToUtf8(happened)));
        }
    }

    [Fact]
    public void The_samples_hold_every_kind_of_event()
        => Assert.Equal(
            typeof(RunEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(RunEvent)) && !type.IsAbstract).OrderBy(type => type.Name),
            Story.OneOfEach("x", 1).Select(happened => happened.GetType()).Distinct().OrderBy(type => type.Name));

    [Fact]
    public void The_list_of_types_names_every_one()
        => Assert.Equal(
            Story.OneOfEach("x", 1).Select(happened => EventJson.TypeOf(EventJson.ToUtf8(happened))).Distinct().Order(),
            EventJson.Types.Order());

    [Fact]
    public void An_event_is_one_line_with_its_type_and_version_first()
    {
        var story = new Story();

        var json = Encoding.UTF8.GetString(EventJson.ToUtf8(story.StepEnded("deploy/parallel/2", "2.1")));

        Assert.Equal(
            """{"type":"step:end","v":1,"sequence":1,"at":"2026-11-20T14:30:23+00:00","step":"deploy/parallel/2","attempt":"2.1","outcome":"succeeded","exit_code":0,"duration_ms":12.5,"output_bytes":3}""",
            json);
    }

    [Fact]
    public void A_line_break_in_an_event_does_not_break_its_line()
    {
        var json = EventJson.ToUtf8(Story.OneOfEach("a\nb\r\u2028", 1)[4]);

        Assert.Equal(-1, json.AsSpan().IndexOfAny((byte)'\n', (byte)'\r'));
    }

    [Fact]
    public void A_lone_surrogate_is_written_as_a_replacement_character()
    {
        var happened = new Story().Tell(new StepSkipped(new("s"), "", "a\ud800b"));

        Assert.Equal("a\ufffdb", Assert.IsType<StepSkipped>(EventJson.Read(EventJson.ToUtf8(happened))).Reason);
    }

    [Theory]
    [InlineData("""{"type":"step:teleported","v":1,"sequence":1}""", "this release does not know the event type 'step:teleported'")]
    [InlineData("""{"type":"step:end","v":2,"sequence":1}""", "in event format 2 and this release reads up to 1")]
    [InlineData("""{"v":1,"sequence":1}""", "it has no type")]
    [InlineData("""{"type":"step:end","sequence":1}""", "has no format version")]
    [InlineData("""{"type":"step:skipped","v":1,"sequ""", "an event can't be read")]
    [InlineData("[]", "it is no JSON object")]
    [InlineData("", "an event can't be read")]
    public void What_is_no_event_is_refused_with_a_reason(string json, string expected)
    {
        var refusal = Assert.Throws<JournalException>(() => EventJson.Read(Encoding.UTF8.GetBytes(json)));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_of_a_later_release_is_ignored()
    {
        var read = EventJson.Read("""{"type":"step:skipped","v":1,"sequence":7,"at":"2026-11-20T14:30:23+00:00","step":"a","attempt":"","reason":"r","mood":"good"}"""u8);

        Assert.Equal("r", Assert.IsType<StepSkipped>(read).Reason);
    }

    internal static void AssertSame(RunEvent expected, RunEvent actual)
    {
        // Lists compare by reference inside a record.
        if (expected is RunStarted a && actual is RunStarted b)
        {
            Assert.Equal(a.Arguments, b.Arguments);
            expected = a with { Arguments = b.Arguments };
        }

        if (expected is CacheMissed c && actual is CacheMissed d)
        {
            Assert.Equal(c.Warnings, d.Warnings);
            expected = c with { Warnings = d.Warnings };
        }

        if (expected is StepRestarted e && actual is StepRestarted f)
        {
            Assert.Equal(e.Files, f.Files);
            expected = e with { Files = f.Files };
        }

        if (expected is RunForked g && actual is RunForked h)
        {
            Assert.Equal(g.Changes, h.Changes);
            expected = g with { Changes = h.Changes };
        }

        Assert.Equal(expected, actual);
    }
}
