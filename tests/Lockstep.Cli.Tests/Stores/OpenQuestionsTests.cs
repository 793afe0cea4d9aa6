using Lockstep.Cli.BuiltIns.Control;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Sqlite;

namespace Lockstep.Cli.Tests.Stores;

public sealed class OpenQuestionsTests
{
    [Fact]
    public void A_step_of_a_host_that_may_happen_only_once_waits_for_an_answer_too()
    {
        var step = new CustomNode(new StepId("pay/effect/1"), "charge", []);
        var plan = new Plan("pay", PlanMode.Run, new EffectNode(new StepId("pay/effect"), EffectKind.Once, null, step), [], new PlanContext("/", [], "linux", "x64"));
        var state = RunState.Of([
            new RunStarted("pay", [], "/", "0000000000000000", "1.0.0", 1) { Sequence = 1 },
            new StepStarted(step.Id, "", "charge", "its turn") { Sequence = 2 }]);
        var crashed = new RunRecord(new RunId("run-20261120-143022-aaaaaaaa"), "pay", RunStatus.Crashed, DateTimeOffset.UnixEpoch, null, null, "/", "0000000000000000");

        Assert.Equal(step.Id, new OpenQuestions(crashed, plan, state).Find("effect/1"));
    }
}
