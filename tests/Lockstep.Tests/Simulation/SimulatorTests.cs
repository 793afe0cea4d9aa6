using System.Text;
using Lockstep.Journal;
using Lockstep.Simulation;

namespace Lockstep.Tests.Simulation;

public sealed class SimulatorTests
{
    [Fact]
    public void Every_step_succeeds_at_once_where_nothing_else_is_said()
    {
        using var simulated = new Simulated(new Shape("w: {\n no-such-program --flag\n rm -rf everything\n}", []));
        var run = simulated.Simulator.Run();
        Assert.Equal((0, TimeSpan.Zero), (run.End.ExitCode, run.End.Duration));
        Assert.Equal(["w/1", "w/2"], run.Lives[0].Effects.Select(step => step.Path));
    }

    [Fact]
    public void Nothing_is_started_or_written()
    {
        using var simulated = new Simulated(new Shape(
            "a: touch made\nw: {\n touch made\n @cmd(a) >> made\n @workdir(\"sub\", createIfNotExists = true) { @lock(\"one\") { touch made } }\n @cache(inputs = \"*\", outputs = \"made\") { touch made }\n}", []));
        Assert.Equal(0, simulated.Simulator.Run().End.ExitCode);
        Assert.Equal(["commands.cli"], simulated.Files);
    }

    [Fact]
    public void Waits_pass_at_once_and_are_as_long_as_they_are()
    {
        using var simulated = new Simulated(new Shape("w: @retry(attempts = 3, delay = 4m) { flaky }", [Shapes.Step("flaky", Shapes.After("5m", 1), Shapes.After("1m", 1), Shapes.After("1s"))]));
        Assert.Equal(new TimeSpan(0, 14, 1), simulated.Simulator.Run().End.Duration);
    }

    [Fact]
    public void What_is_due_first_happens_first()
    {
        using var simulated = new Simulated(new Shape("w: @parallel {\n a\n b\n c\n}", [Shapes.Step("a", Shapes.After("3m")), Shapes.Step("b", Shapes.After("1m")), Shapes.Step("c", Shapes.After("2m"))]));
        Assert.Equal(["b", "c", "a"], simulated.Simulator.Run().Events.OfType<StepEnded>().Select(end => TextOf(simulated, end)));
    }

    [Fact]
    public void A_time_out_ends_a_step_before_its_work_is_done()
    {
        using var simulated = new Simulated(new Shape("w: @timeout(10s) { @effect(\"once\") { slow } }", [Shapes.Step("slow", Shapes.After("11s"))]));
        var run = simulated.Simulator.Run();
        Assert.Equal((124, 0), (run.End.ExitCode, run.Works.Length));
    }

    [Fact]
    public void The_same_plan_goes_the_same_way_each_time()
    {
        using var simulated = new Simulated(RandomWorkflow.Of(11));
        var first = simulated.Simulator.Run();
        var second = simulated.Simulator.Run();
        Assert.Equal(first.Events.Select(happened => Encoding.UTF8.GetString(EventJson.ToUtf8(happened))), second.Events.Select(happened => Encoding.UTF8.GetString(EventJson.ToUtf8(happened))));
    }

    [Fact]
    public void A_step_is_found_by_its_id_its_command_or_its_text()
    {
        const string commands = "a: { one x; one y }\nw: {\n @cmd(a)\n two 2\n three\n}";
        Assert.Equal(3, Failing("a"));
        Assert.Equal(3, Failing("two *"));
        Assert.Equal(3, Failing("w/2"));
        Assert.Equal(0, Failing("two"));

        static int Failing(string name)
        {
            using var simulated = new Simulated(new Shape(commands, [Shapes.Step(name, Shapes.Exit(3))]));
            return simulated.Simulator.Run().End.ExitCode;
        }
    }

    [Fact]
    public void A_real_step_is_started_once_however_often_its_run_is_disturbed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("commands.cli", "w: {\n sh -c 'echo x >> made; echo printed'\n got @output(\"w/1\")\n}\n");
        var project = Project.Open(new ProjectOptions { Directory = folder.Path });
        var planned = project.Plan("w", Lockstep.Plans.PlanMode.Run, []);
        Assert.Empty(planned.Diagnostics);
        var simulator = project.Simulate(planned.Plan!, new Script { Steps = [new ScriptRule("w/1", [new ScriptedProcess { Real = true }])] }, []);
        var report = simulator.CrashEverywhere();
        Assert.Equal(0, report.Differences);
        Assert.Equal("x\n", File.ReadAllText(folder["made"]));
        Assert.Equal("printed", report.Undisturbed.Events.OfType<StepEnded>().First().Output);
    }

    [Fact]
    public void What_a_script_says_of_no_step_is_told()
    {
        using var simulated = new Simulated(new Shape("w: @try {\n main: a\n catch: b\n}", [Shapes.Step("w/try/catch/1", Shapes.Exit(1)), Shapes.Step("nothing", Shapes.Exit(1)), Shapes.Step("a", Shapes.Exit(0))]));
        simulated.Simulator.Run();
        Assert.Contains(("nothing", false), simulated.Simulator.Unused);
        Assert.DoesNotContain(simulated.Simulator.Unused, rule => rule.Step == "a");
    }

    [Fact]
    public void What_is_needed_twice_runs_again_for_the_second_when_the_first_runs_out_of_time()
    {
        using var simulated = new Simulated(new Shape(
            "g: gen\na: @timeout(1s) { @needs(g) }\nb: {\n @needs(g)\n use\n}\nw: @parallel(mode = all) {\n @cmd(a)\n @cmd(b)\n}", [Shapes.Step("gen", Shapes.After("2s"))]));
        var run = simulated.Simulator.Run();
        Assert.Equal((124, Outcome.TimedOut, "gen use"), (run.End.ExitCode, run.End.Outcome, string.Join(' ', run.Works.Select(work => TextOf(simulated, run.Events.OfType<StepEnded>().First(end => end.Step == work.Step))))));
    }

    private static string TextOf(Simulated simulated, StepEnded end)
        => simulated.Simulator.Run().Events.OfType<StepStarted>().First(started => started.Step == end.Step).Text;
}
