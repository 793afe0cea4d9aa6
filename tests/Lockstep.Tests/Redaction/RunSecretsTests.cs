using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Tests.Execution;

namespace Lockstep.Tests.Redaction;

public sealed class RunSecretsTests
{
    private const string Secret = "hunter2-hunter2";

    [Theory]
    [InlineData("var S = @secret(SEC)\nvar U = @env(OTHER, default = S)\nw: echo @var(U)\n")]
    [InlineData("var S = @secret(SEC)\nw: {\n echo $SEC\n echo @file(S)\n}\n")]
    [InlineData("var S = @secret(SEC)\nw: @try {\n main: echo @sh(S)\n catch: true\n}\n")]
    [InlineData("var S = @secret(SEC)\nw: @effect(\"once\", verify = S) { sh -c 'echo $SEC' }\n")]
    [InlineData("f(v): echo @var(v)\nvar API_TOKEN = \"hunter2-hunter2\"\nw: @cmd(f, API_TOKEN)\n")]
    public void A_run_writes_a_secret_nowhere_whatever_holds_it(string commands)
    {
        using var stage = new Stage(commands).With("SEC", Secret);
        stage.Folder.Write($"project/{Secret}", "its text");
        var report = stage.Run("w");
        Assert.DoesNotContain(Secret, report.Output + report.Errors + string.Concat(report.Events), StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(stage.Folder["store"], "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(Secret, File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void What_others_say_to_a_run_is_redacted_like_what_steps_say()
    {
        using var stage = new Stage("var S = @secret(SEC)\nw: {\n echo @var(S)\n echo b\n}\n").With("SEC", Secret);
        var control = new RunControl();
        var report = stage.Run("w", happened =>
        {
            if (happened is not StepEnded { Step.Path: "w/1" }) return;
            control.Ask(new CheckpointRequest(Secret, Secret));
            control.Ask(new PauseRequest(Secret, Secret));
            control.Ask(new InterruptRequest(Secret));
        }, control);
        Assert.NotEmpty(report.Events.OfType<RunInterrupted>());
        Assert.DoesNotContain(Secret, string.Concat(report.Events), StringComparison.Ordinal);
    }
}
