using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Source;

namespace Lockstep.Tests.Execution.Resume;

/// <summary>A resume that comes to nothing leaves the run as it stood.</summary>
public sealed class FailedResumeTests
{
    [Fact]
    public void A_paused_run_whose_resume_is_asked_for_wrongly_stays_paused()
    {
        using var stage = new Stage("w: {\n echo a >> trace\n echo b >> trace\n}\n");
        var run = Paused(stage);
        stage.With("LOCKSTEP_MAX_STEPS", "abc");
        Assert.Throws<ArgumentException>(() => stage.Resume(run));
        Assert.Equal(RunStatus.Paused, stage.Listed(run).Status);

        stage.With("LOCKSTEP_MAX_STEPS", "");
        stage.Folder.Write("project/lockstep.yaml", "webhooks: 7\n");
        Assert.Throws<DefinitionException>(() => stage.Resume(run));
        Assert.Equal(RunStatus.Paused, stage.Listed(run).Status);

        File.Delete(stage["lockstep.yaml"]);
        Assert.Equal(ExitCode.Success, stage.Resume(run).ExitCode);
        Assert.Equal("a\nb\n", stage.Read("trace"));
    }

    [Fact]
    public void The_time_until_a_resume_that_failed_uses_up_no_time_out()
    {
        var clock = new ManualTime();
        using var stage = new Stage("w: @timeout(10s) {\n echo a\n echo b\n}\n") { Clock = clock };
        var life = new Life(stage, "w");
        life.Begin();
        life.CrashAfter(life.Kept().OfType<StepEnded>().First().Sequence);
        stage.Folder.Write("project/lockstep.yaml", "webhooks: 7\n");
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Throws<DefinitionException>(() => life.Resume());
        File.Delete(stage["lockstep.yaml"]);
        clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(ExitCode.Success, life.Resume().ExitCode);
    }

    private static RunId Paused(Stage stage) => stage.Run("w", happened =>
    {
        if (happened is StepEnded { Step.Path: "w/1" }) stage.Options.Control.Ask(new PauseRequest("anna", null));
    }).Result.Run;
}
