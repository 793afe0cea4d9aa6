using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Sqlite;
using Lockstep.Tests.Processes;

namespace Lockstep.Tests.Execution.Resume;

public sealed class ControlTests
{
    private const string Two = "w: {\n echo a >> trace\n echo b >> trace\n}\n";

    [Fact]
    public void A_paused_run_starts_no_further_step_and_goes_on_where_it_stood()
    {
        using var stage = new Stage(Two);
        var control = new RunControl();
        var paused = stage.Run("w", PauseAt("w/1", control), control);

        Assert.Equal(ExitCode.Paused, paused.ExitCode);
        Assert.Equal("a\n", stage.Read("trace"));
        Assert.Contains("anna: lunch", paused.Result.Paused?.Reason, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Paused, Status(stage, paused));

        var report = stage.Resume(paused.Result.Run);
        Assert.Equal(ExitCode.Success, report.ExitCode);
        Assert.Equal("a\nb\n", stage.Read("trace"));
        Assert.Equal(RunStatus.Succeeded, Status(stage, report));
    }

    [Theory]
    [InlineData("w: @parallel(concurrency = 1) {\n echo a >> trace\n true\n echo b >> trace\n}\n", "w/parallel/1")]
    [InlineData("w: @lock(\"pause-test\") {\n echo a >> trace\n echo b >> trace\n}\n", "w/lock/1")]
    [InlineData("w: @timeout(1m) {\n echo a >> trace\n echo b >> trace\n}\n", "w/timeout/1")]
    [InlineData("w: @retry(attempts = 2, delay = 1h) { sh -c 'echo a >> trace; test -e go' }\n", "w/retry/1")]
    [InlineData("w: @try {\n main: { echo a >> trace; sh -c 'exit 1' }\n catch: echo caught >> trace\n finally: echo cleaned >> trace\n}\n", "w/try/main/1")]
    public void A_pause_reaches_into_every_kind_of_step(string commands, string at)
    {
        using var stage = new Stage(commands);
        var control = new RunControl();

        var paused = stage.Run("w", PauseAt(at, control), control);

        Assert.Equal(ExitCode.Paused, paused.ExitCode);
        Assert.Equal("a\n", stage.Read("trace"));
        Assert.IsType<RunPaused>(paused.Events[^1]);
    }

    [Fact]
    public void A_resumed_retry_waits_out_the_rest_and_not_the_whole()
    {
        var clock = new ManualTime();
        using var stage = new Stage("w: @retry(attempts = 2, delay = 1h) { sh -c 'echo a >> trace; test -e go' }\n") { Clock = clock };
        var control = new RunControl();
        var paused = stage.Run("w", happened => { if (happened is StepRetried) control.Ask(new PauseRequest("anna", null)); }, control);
        Assert.Equal(ExitCode.Paused, paused.ExitCode);
        File.WriteAllText(stage["go"], "");
        clock.Advance(TimeSpan.FromHours(1));

        var report = stage.Resume(paused.Result.Run);

        Assert.Equal(ExitCode.Success, report.ExitCode);
        Assert.Equal("a\na\n", stage.Read("trace"));
    }

    [Fact]
    public void A_run_goes_on_with_the_definition_it_began_with()
    {
        using var stage = new Stage(Two);
        var control = new RunControl();
        var paused = stage.Run("w", PauseAt("w/1", control), control);
        File.WriteAllText(stage["commands.cli"], "w: echo changed >> trace\n");

        Assert.Equal(ExitCode.Success, stage.Resume(paused.Result.Run).ExitCode);
        Assert.Equal("a\nb\n", stage.Read("trace"));
    }

    [Fact]
    public void What_is_asked_through_the_store_reaches_the_process_that_executes_the_run()
    {
        using var stage = new Stage("w: {\n cat < gate\n echo b >> trace\n}\n");
        using var gate = new Pipe(stage["gate"]);
        var options = new RunOptions { OnKept = _ => stage.Ask(Only(stage), new PauseRequest("anna", "lunch")) };
        var report = stage.Run("w", happened => { if (happened is PauseAsked) gate.Open(); }, options);

        Assert.Equal(ExitCode.Paused, report.ExitCode);
        Assert.False(File.Exists(stage["trace"]));
    }

    [Fact]
    public void An_abort_of_a_paused_run_runs_its_finally_blocks_and_nothing_else()
    {
        using var stage = new Stage("w: @try {\n main: { echo a >> trace; echo b >> trace }\n finally: echo cleaned >> trace\n}\n");
        var control = new RunControl();
        var paused = stage.Run("w", PauseAt("w/try/main/1", control), control);
        stage.Ask(paused.Result.Run, new InterruptRequest("anna with lockstep abort"));

        var report = stage.Resume(paused.Result.Run);

        Assert.Equal(ExitCode.Interrupted, report.ExitCode);
        Assert.Equal("a\ncleaned\n", stage.Read("trace"));
        Assert.Equal(RunStatus.Cancelled, Status(stage, report));
    }

    [Fact]
    public void An_interrupted_run_that_then_crashed_ends_as_interrupted()
    {
        using var stage = new Stage("w: @try {\n main: { echo a >> trace; echo b >> trace }\n finally: echo cleaned >> trace\n}\n");
        var control = new RunControl();
        var life = new Life(stage, "w");
        life.Took(stage.Run("w", happened => { if (happened is StepEnded { Step.Path: "w/try/main/1" }) control.Interrupt("Ctrl-C"); }, control));
        life.CrashAfter(life.Kept().Single(happened => happened is RunInterrupted).Sequence);
        File.WriteAllText(stage["trace"], "a\n");

        var report = life.Resume();

        Assert.Equal(ExitCode.Interrupted, report.ExitCode);
        Assert.Equal("a\ncleaned\n", stage.Read("trace"));
    }

    [Fact]
    public void A_run_that_is_to_end_while_it_pauses_ends_and_runs_its_finally_blocks()
    {
        using var stage = new Stage("w: @try {\n main: {\n  @parallel {\n   sleep 1000\n   echo a >> trace\n  }\n  echo never >> trace\n }\n finally: echo cleaned >> trace\n}\n");
        var control = new RunControl();
        var first = stage.Run("w", PauseAndEnd(control), control);
        Assert.Equal(ExitCode.Interrupted, first.ExitCode);
        Assert.Equal("a\ncleaned\n", stage.Read("trace"));

        control = new RunControl();
        Assert.Equal(ExitCode.Interrupted, stage.Rerun(first.Result.Run, seen: PauseAndEnd(control), control: control).ExitCode);
        Assert.Equal("a\ncleaned\na\ncleaned\n", stage.Read("trace"));

        static Action<RunEvent> PauseAndEnd(RunControl control) => happened =>
        {
            if (happened is StepEnded { Step.Path: "w/try/main/parallel/2" }) control.Ask(new PauseRequest("anna", null));
            if (happened is PauseAsked) control.Interrupt("Ctrl-C");
        };
    }

    [Fact]
    public void An_interruption_that_comes_when_the_run_has_just_paused_ends_it()
    {
        using var stage = new Stage("w: @try {\n main: { echo a >> trace; echo b >> trace }\n finally: echo cleaned >> trace\n}\n");
        var control = new RunControl();

        var report = stage.Run("w", happened =>
        {
            if (happened is StepEnded { Step.Path: "w/try/main/1" }) control.Ask(new PauseRequest("anna", null));
            if (happened is RunPaused) control.Interrupt("Ctrl-C");
        }, control);

        Assert.Equal(ExitCode.Interrupted, report.ExitCode);
        Assert.Equal("a\ncleaned\n", stage.Read("trace"));
    }

    [Fact]
    public void Each_of_several_requests_through_the_store_is_heard()
    {
        using var stage = new Stage("w: @try {\n main: sleep 1000\n finally: echo cleaned >> trace\n}\n");
        var options = new RunOptions { OnKept = _ => stage.Ask(Only(stage), new CheckpointRequest("first", "anna")) };
        var report = stage.Run("w", happened =>
        {
            if (happened is not CheckpointCreated checkpoint) return;
            var next = checkpoint.Label == "first" ? (ControlRequest)new CheckpointRequest("second", "anna") : new InterruptRequest("anna with lockstep abort");
            _ = Task.Run(() => stage.Ask(Only(stage), next));
        }, options);

        Assert.Equal(ExitCode.Interrupted, report.ExitCode);
        Assert.Equal(["first", "second"], report.Events.OfType<CheckpointCreated>().Select(checkpoint => checkpoint.Label));
        Assert.Equal("cleaned\n", stage.Read("trace"));
    }

    [Fact]
    public void A_failure_that_was_caught_before_an_interruption_and_a_crash_stays_caught()
    {
        using var stage = new Stage("""
            w: {
                @try {
                    main: sh -c 'echo a >> trace; exit 1'
                    catch: echo caught >> trace
                }
                @try {
                    main: echo b >> trace
                    finally: echo cleaned >> trace
                }
                echo never >> trace
            }

            """);
        var control = new RunControl();
        var life = new Life(stage, "w");
        var last = "";
        life.Took(stage.Run("w", happened =>
        {
            if (happened is StepStarted started) last = started.Text;
            if (happened is StepEnded && last.Contains("echo b", StringComparison.Ordinal)) control.Interrupt("Ctrl-C");
        }, control));
        life.CrashAfter(life.Kept().First(happened => happened is RunInterrupted).Sequence);
        File.WriteAllText(stage["trace"], "");

        var report = life.Resume();

        Assert.Equal(ExitCode.Interrupted, report.ExitCode);
        Assert.Equal("cleaned\n", stage.Read("trace"));
    }

    [Fact]
    public void A_run_that_has_ended_is_not_resumed_and_takes_no_requests()
    {
        using var stage = new Stage("w: sh -c 'exit 7'\n");
        var run = stage.Run("w").Result.Run;

        Assert.Equal(7, Assert.Throws<RunHasEndedException>(() => stage.Resume(run)).ExitCode);
        Assert.Throws<RunHasEndedException>(() => stage.Ask(run, new PauseRequest("anna", null)));
    }

    [Fact]
    public void A_run_is_executed_by_one_process_at_a_time()
    {
        using var stage = new Stage("w: cat < gate\n");
        using var gate = new Pipe(stage["gate"]);
        Exception? refused = null;
        var second = new Thread(() =>
        {
            refused = Record.Exception(() => stage.Resume(Only(stage)));
            gate.Open();
        });

        stage.Run("w", null, new RunOptions { OnKept = _ => second.Start() });
        second.Join();

        Assert.Equal(Environment.ProcessId, Assert.IsType<RunIsHeldException>(refused).Process);
    }

    [Fact]
    public void Values_resolved_before_a_crash_are_not_resolved_again()
    {
        using var stage = new Stage("var ID = @sh(\"echo x >> asked; wc -l < asked\")\nw: {\n echo @var(ID) >> trace\n echo @var(ID) >> trace\n}\n");
        var control = new RunControl();
        var paused = stage.Run("w", PauseAt("w/1", control), control);

        Assert.Equal(ExitCode.Success, stage.Resume(paused.Result.Run).ExitCode);
        Assert.Equal("1\n1\n", stage.Read("trace"));
    }

    private static Action<RunEvent> PauseAt(string step, RunControl control)
        => happened => { if (happened is StepEnded ended && ended.Step.Path == step) control.Ask(new PauseRequest("anna", "lunch")); };

    private static RunId Only(Stage stage)
    {
        using var history = History.Open(stage.Folder["store"]);
        return Assert.Single(history.Runs()).Id;
    }

    private static RunStatus Status(Stage stage, Report report)
    {
        using var history = History.Open(stage.Folder["store"]);
        return history.Find(report.Result.Run.Text)!.Status;
    }

    /// <summary>A named pipe that a step reads until it is opened, and at once closed, for writing.</summary>
    private sealed class Pipe : IDisposable
    {
        private readonly string _path;
        private Task _opened = Task.CompletedTask;

        public Pipe(string path)
        {
            _path = path;
            Shells.Run(Shells.Sh("mkfifo \"$1\"", path));
        }

        public void Open() => _opened = Task.Run(() => File.OpenHandle(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose());

        public void Dispose() => _opened.Wait();
    }
}
