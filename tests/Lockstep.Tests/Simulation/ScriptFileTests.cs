using System.Text;
using Lockstep.Simulation;

namespace Lockstep.Tests.Simulation;

public sealed class ScriptFileTests
{
    [Fact]
    public void A_file_says_what_steps_values_and_confirmations_are()
    {
        var script = Read("""
            {
              "steps": {
                "build": 3,                                // an exit code
                "curl *": [ { "exit": 7 }, { "output": "ok\n", "errors": "slow", "duration": "1m30s" } ],
                "pytest": "real",
                "pay": { "verify": 2 },
              },
              "values": { "VERSION": "1.2" },
              "confirm": { "deploy/confirm": false }
            }
            """);
        Assert.Equal(["build", "curl *", "pytest", "pay"], script.Steps.Select(rule => rule.Step));
        Assert.Equal(3, script.Steps[0].Attempts[0].ExitCode);
        Assert.Equal(new ScriptedProcess { ExitCode = 7 }, script.Steps[1].Attempts[0]);
        Assert.Equal(new ScriptedProcess { Output = "ok\n", Errors = "slow", Duration = TimeSpan.FromSeconds(90) }, script.Steps[1].Attempts[1]);
        Assert.True(script.Steps[2].Attempts[0].Real);
        Assert.Equal(2, script.Steps[3].Verify);
        Assert.Equal("1.2", script.Values["VERSION"]);
        Assert.False(script.Confirmations["deploy/confirm"]);
    }

    [Theory]
    [InlineData("""{ "step": {} }""", "the file has \"step\", which means nothing; perhaps \"steps\" is meant")]
    [InlineData("""{ "steps": { "a": { "exitt": 1 } } }""", "steps.a has \"exitt\", which means nothing; perhaps \"exit\" is meant")]
    [InlineData("""{ "steps": { "a": 256 } }""", "steps.a must be an exit code from 0 to 255")]
    [InlineData("""{ "steps": { "a": [0, { "duration": "soon" }] } }""", "steps.a[1].duration must be a duration such as \"30s\" or \"1h30m\"")]
    [InlineData("""{ "steps": { "a": true } }""", "steps.a must be an exit code, \"real\", an object, or a list of these")]
    [InlineData("""{ "steps": { "a": [] } }""", "steps.a is empty; write what its first attempt does")]
    [InlineData("""{ "values": { "A": 1 } }""", "values.A must be a text")]
    [InlineData("""[]""", "the file must be an object")]
    public void What_is_wrong_in_a_file_is_told_with_its_place(string json, string message)
        => Assert.Equal(message, Assert.Throws<FormatException>(() => Read(json)).Message);

    [Fact]
    public void A_rule_of_a_command_line_is_short()
    {
        Assert.Equal(7, ScriptFile.Rule("curl -X=y *=7").Steps[0].Attempts[0].ExitCode);
        Assert.Equal("curl -X=y *", ScriptFile.Rule("curl -X=y *=7").Steps[0].Step);
        Assert.Equal("a=b,c\n", ScriptFile.Rule("step=0,a=b,c").Steps[0].Attempts[0].Output);
        Assert.Equal("cut -d, *", ScriptFile.Rule("cut -d, *=1").Steps[0].Step);
        Assert.True(ScriptFile.Rule("step=real").Steps[0].Attempts[0].Real);
        Assert.False(ScriptFile.Rule("confirm=no").Confirmations["confirm"]);
    }

    [Theory]
    [InlineData("step")]
    [InlineData("=1")]
    [InlineData("step=300")]
    [InlineData("step=x")]
    public void What_is_no_rule_is_refused(string text) => Assert.Throws<FormatException>(() => ScriptFile.Rule(text));

    private static Script Read(string json) => ScriptFile.Read(Encoding.UTF8.GetBytes(json));
}
