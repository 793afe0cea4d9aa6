using System.Text;
using Lockstep.Execution.Steps;
using Lockstep.Journal;
using Lockstep.Tests.Shape;

namespace Lockstep.Tests.Journals;

/// <summary>
/// Journals of real runs, as the release of their format wrote them, and beside each what it says: read by every later release, for ever. The
/// journals are never written anew; LOCKSTEP_ACCEPT=1 writes what is said of one where nothing is said yet.
/// </summary>
public sealed class GoldenJournalTests
{
    public static TheoryData<string> Names => [.. Files];

    private static IEnumerable<string> Files => Directory.GetFiles(Folder, "*.jsonl", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal);

    private static string Folder { get; } = Repository.PathOf("tests", "Lockstep.Tests", "Journals");

    [Theory]
    [MemberData(nameof(Names))]
    public void A_journal_of_an_earlier_format_tells_the_same_story(string name)
    {
        var told = Tell(Read(name));
        var beside = Path.ChangeExtension(Path.Combine(Folder, name), ".txt");
        if (!File.Exists(beside) && Environment.GetEnvironmentVariable("LOCKSTEP_ACCEPT") == "1") File.WriteAllText(beside, told);
        Assert.Equal(File.ReadAllText(beside), told);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_of_an_earlier_format_can_be_taken_up_after_any_event(string name)
    {
        var events = Read(name);
        for (var kept = 1; kept <= events.Count; kept++)
        {
            var earlier = Earlier.Of([.. events.Take(kept)], events[kept - 1].At, _ => throw new InvalidOperationException("no command of these runs twice in an attempt"));
            Assert.Equal(kept, earlier.Last);
            Assert.InRange(earlier.Executed, TimeSpan.Zero, events[^1].At - events[0].At);
        }
    }

    [Fact]
    public void Every_kind_of_event_is_in_some_journal()
    {
        var kinds = Files.SelectMany(Read).Select(happened => happened.GetType()).ToHashSet();
        Assert.Empty(typeof(RunEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(RunEvent)) && !type.IsAbstract && !kinds.Contains(type)).Select(type => type.Name));
    }

    private static List<RunEvent> Read(string name) => [.. File.ReadLines(Path.Combine(Folder, name)).Select(line => EventJson.Read(Encoding.UTF8.GetBytes(line)))];

    private static string Tell(List<RunEvent> events)
    {
        var state = RunState.Of(events);
        var text = new StringBuilder();
        text.Append($"{state.Started!.Command}: {state.Status}, exit code {state.Ended?.ExitCode.ToString() ?? "none"}, root cause {state.RootCause?.Path ?? "none"}, {state.Sequence} events\n");
        if (state.Ended?.Reason is { } reason) text.Append($"  {reason}\n");
        foreach (var value in state.Values.Values.OrderBy(value => value.Index)) text.Append($"value {value.Name} = {value.Text} ({value.Source})\n");
        foreach (var step in state.Steps.Values.OrderBy(step => step.FirstSequence))
        {
            text.Append($"{step.Step}: {step.Status}, attempt '{step.Attempt}' of {step.Attempts}, exit code {step.ExitCode?.ToString() ?? "none"}, {step.OutputBytes} bytes, {step.Duration?.TotalMilliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no"} ms\n");
            if (step.Text is { } run) text.Append($"  $ {run}\n");
            if (step.Reason is { } why) text.Append($"  {why}\n");
        }

        foreach (var ((step, attempt), end) in state.Ends.OrderBy(end => end.Value.Sequence)) text.Append($"end of {step} '{attempt}': {end.Outcome}{(end.Output is null ? "" : $", output '{end.Output}'")}\n");
        return text.ToString();
    }
}
