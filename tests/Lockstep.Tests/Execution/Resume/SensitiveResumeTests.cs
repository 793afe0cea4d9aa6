using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Tests.Execution.Resume;

/// <summary>What a stored plan does not keep is taken anew or asked for, and never stands as an empty text.</summary>
public sealed class SensitiveResumeTests
{
    public static TheoryData<string> Holders => new()
    {
        "var API_TOKEN = \"swordfish1\"\nw: {\n echo a >> trace\n sh -c 'echo \"$0\" >> kept' @var(API_TOKEN)\n}\n",
        "w: {\n echo a >> trace\n @with(API_TOKEN = \"swordfish1\") { sh -c 'echo \"$API_TOKEN\" >> kept' }\n}\n",
        "f(token): sh -c 'echo \"$0\" >> kept' @var(token)\nw: {\n echo a >> trace\n @cmd(f, \"swordfish1\")\n}\n",
        "f(token): sh -c 'echo \"$0\" >> kept' @var(token)\nw: {\n echo a >> trace\n @cmd(f, \"swordfish1\")\n}\nother: @cmd(f, \"else\")\n",
        "w(token = \"swordfish1\"): {\n echo a >> trace\n sh -c 'echo \"$0\" >> kept' @var(token)\n}\n",
        "var TOKEN = @env(NOT_SET, default = \"swordfish1\")\nw: {\n echo a >> trace\n sh -c 'echo \"$0\" >> kept' @var(TOKEN)\n}\n",
        "var SECRET_FILE = \"secret-file\"\nw: {\n echo a >> trace\n sh -c 'echo \"$0\" >> kept' @file(SECRET_FILE)\n}\n",
        "var SECRET_COMMAND = \"cat secret-file\"\nvar V = @sh(SECRET_COMMAND)\nw: {\n echo a >> trace\n sh -c 'echo \"$0\" >> kept' @var(V)\n}\n",
        "var S = @secret(SEC)\nvar U = @env(NOT_SET, default = S)\nw: {\n echo a >> trace\n sh -c 'echo \"$0\" >> kept' @var(U)\n}\n",
    };

    [Theory]
    [MemberData(nameof(Holders))]
    public void What_the_definition_file_tells_is_taken_from_it_anew(string commands)
    {
        using var stage = Staged(commands);
        var run = Paused(stage);
        Assert.Equal(Outcome.Succeeded, stage.Resume(run).Outcome);
        Assert.Equal("swordfish1\n", stage.Read("kept"));
        Assert.Equal(Outcome.Succeeded, stage.Rerun(run, null).Outcome);
        Assert.Equal("swordfish1\nswordfish1\n", stage.Read("kept"));
    }

    [Theory]
    [MemberData(nameof(Holders))]
    public void A_file_that_was_edited_tells_nothing_and_the_run_stays_as_it_is(string commands)
    {
        using var stage = Staged(commands);
        var run = Paused(stage);
        File.AppendAllText(stage["commands.cli"], "# edited\n");
        var missing = Assert.Throws<ValueNotGivenException>(() => stage.Resume(run));
        Assert.True(missing.IsMissing);
        Assert.NotEmpty(missing.Flags);
        Assert.StartsWith("the definition file has changed since or is gone", missing.Help, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Paused, stage.Listed(run).Status);
        Assert.False(File.Exists(stage["kept"]));
    }

    [Fact]
    public void A_parameter_that_only_an_argument_holds_is_asked_for_by_its_name()
    {
        using var stage = Staged("w(token): {\n echo a >> trace\n sh -c 'echo \"$0\" >> kept' @file(token)\n}\n");
        var run = Paused(stage, "secret-file");
        var missing = Assert.Throws<ValueNotGivenException>(() => stage.Resume(run));
        Assert.Equal(["--input token=…"], missing.Flags);
        var values = new GivenValues { Inputs = new Dictionary<string, string> { ["token"] = "secret-file" } };
        Assert.Equal(Outcome.Succeeded, stage.Resume(run, new RunOptions { Values = values }).Outcome);
        Assert.Equal("swordfish1\n", stage.Read("kept"));
    }

    [Fact]
    public void Output_that_is_too_secret_to_be_kept_is_printed_again_and_that_is_the_reason()
    {
        using var stage = Staged("var S = @secret(SEC)\nw: {\n sh -c 'echo got \"$0\"' @var(S)\n sh -c 'test \"$0\" = \"got swordfish1\"' @output(\"w/1\")\n}\n");
        var resumed = stage.Resume(Paused(stage));
        Assert.Equal(Outcome.Succeeded, resumed.Outcome);
        Assert.Contains("a later step uses what it printed", resumed.Events.OfType<StepStarted>().Last(started => started.Step.Path == "w/1").Reason, StringComparison.Ordinal);
    }

    private static Stage Staged(string commands)
    {
        var stage = new Stage(commands).With("SEC", "swordfish1");
        stage.Folder.Write("project/secret-file", "swordfish1");
        return stage;
    }

    private static RunId Paused(Stage stage, params string[] arguments)
    {
        var run = stage.Run("w", happened =>
        {
            if (happened is StepEnded { Step.Path: "w/1" }) stage.Options.Control.Ask(new PauseRequest("ann", null));
        }, arguments).Result.Run;
        Assert.Equal(RunStatus.Paused, stage.Listed(run).Status);
        return run;
    }
}
