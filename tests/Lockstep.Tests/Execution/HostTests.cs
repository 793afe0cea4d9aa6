using System.Globalization;
using System.Text;
using Lockstep.Plans;
using Lockstep.Tests.Processes;

namespace Lockstep.Tests.Execution;

/// <summary>What the program around the library decides.</summary>
public sealed class HostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Steps_and_values_have_the_environment_that_the_host_gives_and_nothing_of_its_own()
    {
        var project = Open("say: echo \"$GREETING\" @env(GREETING) @sh(\"echo $GREETING\") \"${HOME-no home}\"\n");
        var output = new StringBuilder();
        var result = project.Run(
            project.Plan("say", PlanMode.Run, []).Plan!, new RunOptions { OnOutput = (_, _, bytes) => output.Append(Encoding.UTF8.GetString(bytes)) });
        Assert.Equal((0, "hi hi hi no home\n"), (result.End.ExitCode, output.ToString()));
    }

    [Fact]
    public async Task Cancelling_a_resolved_plan_ends_the_command_it_waits_for()
    {
        var project = Open("say: echo @sh(\"echo $$ > started; exec sleep 1000\")\n");
        Shells.Run(Shells.Sh("mkfifo \"$1\"", _folder["project/started"]));
        var plan = project.Plan("say", PlanMode.Run, []).Plan!;
        using var cancel = new CancellationTokenSource();
        var resolving = Task.Run(() => project.Resolve(plan, cancel.Token), CancellationToken.None);
        var process = int.Parse(await File.ReadAllTextAsync(_folder["project/started"], CancellationToken.None), CultureInfo.InvariantCulture);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resolving);
        Assert.False(Shells.Lives(process));
    }

    private Project Open(string commands)
    {
        _folder.Write("project/commands.cli", commands);
        return Project.Open(new ProjectOptions
        {
            Directory = _folder["project"],
            Variables = new Dictionary<string, string>
            {
                ["GREETING"] = "hi",
                ["PATH"] = "/usr/bin:/bin",
                ["LOCKSTEP_HOME"] = _folder["store"],
            },
        });
    }
}
