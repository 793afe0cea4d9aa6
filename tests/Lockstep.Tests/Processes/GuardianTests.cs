using System.Text;
using Lockstep.Processes;

namespace Lockstep.Tests.Processes;

public sealed class GuardianTests
{
    [Fact]
    public void When_we_are_killed_our_groups_end_too() => Assert.Equal("ended\n", WhatIsLeftAfterAKill("trap 'echo ended >&3; exit' TERM"));

    [Fact]
    public void A_group_that_ignores_the_request_is_killed_after_5_seconds()
    {
        if (Environment.GetEnvironmentVariable("LOCKSTEP_LONG_TESTS") == "1") Assert.Equal("", WhatIsLeftAfterAKill("trap '' TERM"));
    }

    [Fact]
    public void A_run_of_short_steps_goes_without_a_guardian() => ProcessLoop.Run(async loop =>
    {
        var process = loop.Start(Shells.Sh("exit 0"));
        await process.Exit;
        Assert.False(process.Guarded);
        return 0;
    });

    /// <summary>What a script wrote to descriptor 3 until all that held it open were gone.</summary>
    private static string WhatIsLeftAfterAKill(string trap)
    {
        using var folder = new TemporaryFolder();
        var pipe = folder["pipe"];
        return ProcessLoop.Run(async loop =>
        {
            await loop.End(Shells.Sh("mkfifo \"$1\"", pipe));
            var output = new StringBuilder();
            var guarded = new TaskCompletionSource();
            var host = loop.Start(Dummy.Run("guarded", $"exec 3>'{pipe}'; {trap}; echo ready; while :; do sleep 1000 & wait $!; done") with
            {
                OnOutput = (_, bytes) =>
                {
                    output.Append(Encoding.UTF8.GetString(bytes));
                    var said = output.ToString().Split('\n');
                    if (said.Contains("ready") && said.Contains("guarded")) guarded.TrySetResult();
                },
            });
            var written = Task.Run(() => File.ReadAllTextAsync(pipe));
            Assert.True(await Task.WhenAny(guarded.Task, host.Exit) == guarded.Task, output.ToString());
            host.Signal(9);
            return await written;
        });
    }
}
