using Lockstep.Execution;
using Lockstep.Journal;

namespace Lockstep.Tests.Execution.Resume;

/// <summary>Once a run is to stand still, nothing more is done to the world, started, or asked of a person, by whatever kind of step.</summary>
public sealed class PauseGateTests
{
    [Fact]
    public void A_question_that_nobody_could_answer_waits_for_the_resume()
    {
        using var stage = new Stage("w: {\n echo a >> trace\n @confirm(\"Sure?\") { echo b >> trace }\n}\n");
        var paused = PausedAfterFirst(stage, new RunOptions { Confirm = static (_, _, _) => throw new NobodyToAskException("there is no terminal") });

        Assert.Equal(ExitCode.Paused, paused.ExitCode);
        Assert.DoesNotContain(paused.Events, happened => happened is ConfirmationAnswered);

        var granting = new RunOptions { Confirm = static (_, _, _) => Task.FromResult((true, "anna")) };
        Assert.Equal(ExitCode.Success, stage.Resume(paused.Result.Run, granting).ExitCode);
        Assert.Equal("a\nb\n", stage.Read("trace"));
    }

    [Fact]
    public void A_run_that_is_to_pause_while_it_asks_in_vain_pauses()
    {
        using var stage = new Stage("w: @confirm(\"Sure?\") { echo a >> trace }\n");
        var control = new RunControl();
        var paused = stage.Run("w", null, new RunOptions
        {
            Control = control,
            Confirm = async (_, _, cancel) =>
            {
                using var asked = cancel.Register(() => { });
                control.Ask(new PauseRequest("anna", null));
                await Task.Yield();
                await Task.Yield();
                throw new NobodyToAskException("the terminal is gone");
            },
        });

        Assert.Equal(ExitCode.Paused, paused.ExitCode);
        Assert.Contains("anna", paused.Result.Paused!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@workdir(\"made\", createIfNotExists = true) { true }")]
    [InlineData("@when(MADE) {\n  x: true\n }")]
    [InlineData("@with(A = MADE) { true }")]
    [InlineData("@lock(MADE) { true }")]
    [InlineData("@log(\"@var(MADE)\")")]
    public void No_step_makes_anything(string step)
    {
        using var stage = new Stage($"var MADE = @sh(\"touch made; echo x\")\nw: {{\n echo a\n {step}\n}}\n");
        var paused = PausedAfterFirst(stage, new RunOptions());

        Assert.Equal(ExitCode.Paused, paused.ExitCode);
        Assert.False(Path.Exists(stage["made"]));
        Assert.Equal(ExitCode.Success, stage.Resume(paused.Result.Run).ExitCode);
        Assert.True(Path.Exists(stage["made"]));
    }

    [Fact]
    public void Nothing_is_restored_from_the_cache()
    {
        using var stage = new Stage("w: {\n true\n @cache(inputs = \"in\", outputs = \"made\") { sh -c 'echo x > made' }\n}\n");
        File.WriteAllText(stage["in"], "");
        Assert.Equal(ExitCode.Success, stage.Run("w").ExitCode);
        File.Delete(stage["made"]);

        Assert.Equal(ExitCode.Paused, PausedAfterFirst(stage, new RunOptions()).ExitCode);

        Assert.False(File.Exists(stage["made"]));
    }

    private static Report PausedAfterFirst(Stage stage, RunOptions how) => stage.Run("w", happened =>
    {
        if (happened is StepEnded { Step.Path: "w/1" }) how.Control.Ask(new PauseRequest("anna", null));
    }, how);
}
