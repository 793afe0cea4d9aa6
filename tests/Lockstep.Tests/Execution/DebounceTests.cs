using Lockstep.Execution;
using Lockstep.Journal;

namespace Lockstep.Tests.Execution;

public sealed class DebounceTests
{
    [Fact]
    public void A_change_ends_what_runs_and_begins_a_new_round_that_names_the_file()
    {
        var report = Watched("cat a.txt; sleep 600");
        Assert.Equal("one\ntwo\n", report.Output);
        var restart = Assert.Single(report.Events.OfType<StepRestarted>());
        Assert.Equal((2, "a.txt changed"), (restart.Round, restart.Reason));
        Assert.Equal(["a.txt"], restart.Files);
        Assert.Equal(["1", "2"], report.Events.OfType<StepEnded>().Select(ended => ended.Attempt));
        Assert.Empty(report.Events.OfType<StepRetried>());
    }

    [Fact]
    public void A_body_that_has_ended_runs_again_after_a_change()
    {
        var report = Watched("cat a.txt");
        Assert.Equal("one\ntwo\n", report.Output);
        Assert.Single(report.Events.OfType<StepRestarted>());
    }

    /// <summary>A watch of a.txt, which says "one", then "two" once that was printed; it ends when that was.</summary>
    private static Report Watched(string body)
    {
        var control = new RunControl();
        using var stage = new Stage($"watch serve: @debounce(20ms, \"*.txt\") {{ sh -c '{body}' }}\n") { Options = new RunOptions { Control = control } };
        File.WriteAllText(stage["a.txt"], "one\n");
        File.WriteAllText(stage["other"], "two\n");
        stage.OnOutput = text =>
        {
            if (text == "one\n") File.Move(stage["other"], stage["a.txt"], overwrite: true);
            else control.Interrupt("Ctrl-C");
        };
        return stage.Run("serve");
    }
}
