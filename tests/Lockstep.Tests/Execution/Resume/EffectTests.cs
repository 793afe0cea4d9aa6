using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Workspaces;

namespace Lockstep.Tests.Execution.Resume;

public sealed class EffectTests
{
    private const string Pay = """
        pay: {
            echo before >> trace
            @effect("once"VERIFY) { sh -c 'echo paid >> trace' }
            echo after >> trace
        }

        """;

    [Fact]
    public void A_step_that_was_cut_off_and_has_happened_counts_as_completed()
    {
        using var stage = new Stage(Pay.Replace("VERIFY", ", verify = \"grep -q paid trace\"", StringComparison.Ordinal));
        var life = CutOff(stage);

        var report = life.Resume();

        Assert.Equal(ExitCode.Success, report.ExitCode);
        Assert.Equal("before\npaid\nafter\n", stage.Read("trace"));
        var check = Assert.Single(report.Events.OfType<EffectChecked>());
        Assert.Equal((EffectFinding.Done, "verify"), (check.Finding, check.By));
        Assert.Contains("it has happened", report.Events.OfType<StepEnded>().First().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_was_cut_off_and_has_not_happened_runs()
    {
        using var stage = new Stage(Pay.Replace("VERIFY", ", verify = \"grep -q paid trace\"", StringComparison.Ordinal));
        var life = CutOff(stage);
        File.WriteAllText(stage["trace"], "before\n");

        var report = life.Resume();

        Assert.Equal(ExitCode.Success, report.ExitCode);
        Assert.Equal("before\npaid\nafter\n", stage.Read("trace"));
    }

    [Theory]
    [InlineData("", "it has no verify command")]
    [InlineData(", verify = \"exit 7\"", "ended with 7")]
    public void A_step_of_which_nobody_knows_whether_it_has_happened_pauses_the_run(string verify, string reason)
    {
        using var stage = new Stage(Pay.Replace("VERIFY", verify, StringComparison.Ordinal));
        var life = CutOff(stage);

        var report = life.Resume();

        Assert.Equal(ExitCode.Paused, report.ExitCode);
        Assert.Equal("pay/effect/1", report.Result.Paused?.Step?.Path);
        Assert.Contains(reason, report.Result.Paused?.Reason, StringComparison.Ordinal);
        Assert.Equal("before\npaid\n", stage.Read("trace"));
        Assert.Equal(ExitCode.Paused, life.Resume().ExitCode);
    }

    [Theory]
    [InlineData(true, "before\npaid\nafter\n")]
    [InlineData(false, "before\npaid\npaid\nafter\n")]
    public void A_persons_answer_lets_the_run_go_on(bool done, string trace)
    {
        using var stage = new Stage(Pay.Replace("VERIFY", "", StringComparison.Ordinal));
        var life = CutOff(stage);
        life.Resume();
        stage.Ask(life.Run, new ApproveRequest(new StepId("pay/effect/1"), done, "anna", "looked at the bank"));

        var report = life.Resume();

        Assert.Equal(ExitCode.Success, report.ExitCode);
        Assert.Equal(trace, stage.Read("trace"));
        Assert.Contains("looked at the bank", Assert.Single(report.Events.OfType<EffectChecked>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_counts_for_one_start()
    {
        using var stage = new Stage(Pay.Replace("VERIFY", "", StringComparison.Ordinal));
        var life = CutOff(stage);
        life.Resume();
        stage.Ask(life.Run, new ApproveRequest(new StepId("pay/effect/1"), Done: false, "anna", null));
        life.Resume();
        life.CrashAfter(life.Kept().Last(happened => happened is StepStarted { Step.Path: "pay/effect/1" }).Sequence);

        Assert.Equal(ExitCode.Paused, life.Resume().ExitCode);
    }

    [Fact]
    public void A_step_that_may_happen_only_once_is_looked_at_before_it_is_retried()
    {
        using var stage = new Stage("""
            pay: @retry(attempts = 3, delay = 1ms) {
                @effect("once", verify = "grep -q paid trace") { sh -c 'echo paid >> trace; exit 1' }
            }

            """);

        var report = stage.Run("pay");

        Assert.Equal(ExitCode.Success, report.ExitCode);
        Assert.Equal("paid\n", stage.Read("trace"));
    }

    [Fact]
    public void A_step_that_has_succeeded_once_is_not_run_again_for_what_failed_beside_it()
    {
        using var stage = new Stage("""
            pay: @retry(attempts = 3, delay = 1ms) {
                @effect("once") { sh -c 'echo paid >> trace' }
                sh -c 'echo flaky >> tried; test $(wc -l < tried) -ge 2'
            }

            """);

        Assert.Equal(ExitCode.Success, stage.Run("pay").ExitCode);
        Assert.Equal("paid\n", stage.Read("trace"));
    }

    [Fact]
    public void A_keyed_step_gets_the_same_key_each_time()
    {
        using var stage = new Stage("pay: @retry(attempts = 2, delay = 1ms) { @effect(\"keyed\") { sh -c 'echo $LOCKSTEP_STEP_KEY >> trace; test $(wc -l < trace) -ge 2' } }\n");

        var report = stage.Run("pay");

        var keys = File.ReadAllLines(stage["trace"]);
        Assert.Equal(2, keys.Length);
        Assert.Equal($"{report.Result.Run}/pay/retry/effect/1", Assert.Single(keys.Distinct()));
    }

    [Fact]
    public async Task A_resume_waits_for_the_processes_of_the_start_before()
    {
        using var stage = new Stage(Pay.Replace("VERIFY", ", verify = \"grep -q paid trace\"", StringComparison.Ordinal));
        var life = CutOff(stage);
        File.WriteAllText(stage["trace"], "before\n");
        var locks = new MachineLocks(stage.Folder["store/locks"], TimeProvider.System);
        var survivor = (LockHeld)await locks.AcquireAsync($"{life.Run}/pay/effect/1", new LockHolder("", 1, "", default), TimeSpan.Zero);

        var report = life.Resume(happened =>
        {
            if (happened is not LockWaited) return;
            File.AppendAllText(stage["trace"], "paid\n");
            survivor.Lock.Dispose();
        });

        Assert.Equal(ExitCode.Success, report.ExitCode);
        Assert.Equal("before\npaid\nafter\n", stage.Read("trace"));
        Assert.Equal("processes of its earlier start", Assert.Single(report.Events.OfType<LockWaited>()).Holder);
    }

    [Fact]
    public async Task A_run_that_waits_for_the_processes_of_the_start_before_can_be_paused()
    {
        // On this clock nobody waits to the end.
        using var stage = new Stage(Pay.Replace("VERIFY", "", StringComparison.Ordinal)) { Clock = new ManualTime() };
        var life = CutOff(stage);
        var locks = new MachineLocks(stage.Folder["store/locks"], TimeProvider.System);
        var survivor = (LockHeld)await locks.AcquireAsync($"{life.Run}/pay/effect/1", new LockHolder("", 1, "", default), TimeSpan.Zero);
        using var held = survivor.Lock;

        var report = life.Resume(happened => { if (happened is LockWaited) stage.Options.Control.Ask(new PauseRequest("anna", null)); });

        Assert.Equal("asked by anna", report.Result.Paused?.Reason);
    }

    [Fact]
    public void A_verify_command_is_held_to_the_limits_of_its_step()
    {
        using var stage = new Stage("""
            pay: {
                echo before >> trace
                @limit(memory = "64MB") {
                    @effect("once", verify = "test $(head -c 300M /dev/zero | tail -c 200M | wc -c) -eq 209715200 && touch unlimited; exit 1") { sh -c 'echo paid >> trace' }
                }
            }

            """);
        var life = new Life(stage, "pay");
        life.Begin();
        life.CrashAfter(life.Kept().OfType<StepStarted>().Last().Sequence);

        Assert.Equal(ExitCode.Success, life.Resume().ExitCode);
        Assert.False(File.Exists(stage["unlimited"]));
    }

    [Fact]
    public void A_pipe_with_a_step_of_which_nobody_knows_whether_it_has_happened_starts_none_of_its_links()
    {
        using var stage = new Stage("""
            charge: @effect("once") { sh -c 'echo first >> trace; cat' }
            pay: @cmd(charge) | sh -c 'echo second >> trace; cat'

            """);
        var life = new Life(stage, "pay");
        life.Begin();
        life.CrashAfter(life.Kept().OfType<StepStarted>().Max(started => started.Sequence));
        File.Delete(stage["trace"]);

        var report = life.Resume();

        Assert.Equal(ExitCode.Paused, report.ExitCode);
        Assert.Empty(report.Events.OfType<StepStarted>());
        Assert.False(File.Exists(stage["trace"]));
    }

    [Fact]
    public void All_links_of_a_pipe_are_looked_at_before_any_starts()
    {
        using var stage = new Stage("""
            charge: @effect("once", verify = "exit 1") { sh -c 'echo first >> trace' }
            book: @effect("once", verify = "exit 1") { sh -c 'cat; echo second >> trace' }
            pay: @cmd(charge) | @cmd(book)

            """);
        var life = new Life(stage, "pay");
        life.Begin();
        life.CrashAfter(life.Kept().OfType<StepStarted>().Max(started => started.Sequence));
        File.Delete(stage["trace"]);

        var report = life.Resume();

        Assert.Equal(ExitCode.Success, report.ExitCode);
        Assert.Equal(["EffectChecked", "EffectChecked", "StepStarted", "StepStarted"], report.Events.Where(happened => happened is EffectChecked or StepStarted).Select(happened => happened.GetType().Name));
        Assert.Equal(["first", "second"], File.ReadAllLines(stage["trace"]).Order());
    }

    [Fact]
    public void A_link_is_looked_at_where_and_as_it_would_run()
    {
        using var stage = new Stage("""
            charge: @workdir("inner") {
              @with(MARK = "here") {
                @effect("once", verify = "echo $MARK >> looked") { sh -c 'echo paid >> trace' }
              }
            }
            pay: @cmd(charge) | sh -c 'cat; echo second >> trace'

            """);
        Directory.CreateDirectory(stage["inner"]);
        var life = new Life(stage, "pay");
        life.Begin();
        life.CrashAfter(life.Kept().OfType<StepStarted>().Max(started => started.Sequence));

        var report = life.Resume();

        Assert.Equal(ExitCode.Success, report.ExitCode);
        Assert.Equal(("here\n", "paid\n"), (stage.Read("inner/looked"), stage.Read("inner/trace")));
        Assert.Single(report.Events.OfType<StepStarted>());
    }

    [Fact]
    public void A_person_who_says_that_a_link_has_not_happened_lets_the_whole_pipe_run()
    {
        using var stage = new Stage("""
            charge: @effect("once") { sh -c 'echo first >> trace; cat' }
            pay: @cmd(charge) | sh -c 'cat; echo second >> trace'

            """);
        var life = new Life(stage, "pay");
        life.Begin();
        life.CrashAfter(life.Kept().OfType<StepStarted>().Max(started => started.Sequence));
        File.Delete(stage["trace"]);
        var paused = life.Resume().Result.Paused!;
        stage.Ask(life.Run, new ApproveRequest(paused.Step!.Value, Done: false, "anna", null));

        Assert.Equal(ExitCode.Success, life.Resume().ExitCode);
        Assert.Equal(["first", "second"], File.ReadAllLines(stage["trace"]).Order());
    }

    /// <summary>A run whose lockstep died when the step that happens once had started, and happened.</summary>
    private static Life CutOff(Stage stage)
    {
        var life = new Life(stage, "pay");
        life.Begin();
        life.CrashAfter(life.Kept().Single(happened => happened is StepStarted { Step.Path: "pay/effect/1" }).Sequence);
        File.WriteAllText(stage["trace"], "before\npaid\n");
        return life;
    }
}
