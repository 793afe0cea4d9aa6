using Lockstep.Processes;
using Lockstep.Processes.Limits;

namespace Lockstep.Tests.Processes.Limits;

public sealed class ControlGroupTests
{
    private static readonly LimitKinds _kinds = new(LimitedBy.ControlGroup, LimitedBy.ControlGroup, LimitedBy.ControlGroup);

    [Fact]
    public void A_folder_that_is_no_cgroup_limits_nothing_and_is_named()
    {
        using var folder = new TemporaryFolder();
        var (kinds, whyNot, groups) = StepLimiter.Look(name => name == ControlGroups.Variable ? folder[""] : null);
        Assert.Equal((LimitedBy.ProcessLimit, LimitedBy.Nothing), (kinds.Memory, kinds.Cpu));
        Assert.Contains("is no cgroup v2", whyNot, StringComparison.Ordinal);
        Assert.Null(groups);
    }

    [Fact]
    public void A_group_whose_limits_can_t_be_set_is_not_left_behind()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<IOException>(() => ControlGroup.Create(folder["group"], new(1 << 20, null, null)));
        Assert.Contains("memory.max", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["group"]));
    }

    [CgroupFact]
    public void A_process_is_in_its_group_from_its_first_moment()
    {
        var said = ProcessLoop.Run(async loop =>
        {
            var group = ControlGroup.Create(Path.Combine(CgroupFactAttribute.Folder!, $"lockstep-test-{Environment.ProcessId}-first"), new(null, null, null));
            await using var fence = new StepFence(_kinds, group, null, null, TimeProvider.System);
            var output = new MemoryStream();
            await loop.Start(fence.Around(Shells.Sh("cat /proc/self/cgroup")) with { OnOutput = (_, bytes) => output.Write(bytes) }).Exit;
            return System.Text.Encoding.UTF8.GetString(output.ToArray());
        });
        Assert.Contains($"/lockstep-test-{Environment.ProcessId}-first\n", said, StringComparison.Ordinal);
    }

    [CgroupFact]
    public void What_has_left_its_process_group_is_killed_with_its_control_group()
    {
        using var folder = new TemporaryFolder();
        var group = ControlGroup.Create(Path.Combine(CgroupFactAttribute.Folder!, $"lockstep-test-{Environment.ProcessId}-left"), new(null, null, null));
        ProcessLoop.Run(async loop =>
        {
            await using var fence = new StepFence(_kinds, group, null, null, TimeProvider.System);
            return await loop.Start(fence.Around(Shells.Sh("setsid sleep 1000 >/dev/null 2>&1 & echo $! > \"$1\"", folder["left"]))).Exit;
        });
        Assert.False(Directory.Exists(group.Folder));

        // Gone, or dead and not yet reaped by the process that orphans come to.
        var status = $"/proc/{File.ReadAllText(folder["left"]).Trim()}/status";
        Assert.False(File.Exists(status) && !File.ReadAllText(status).Contains("State:\tZ", StringComparison.Ordinal));
    }
}

/// <summary>A test that makes a control group beside this process; skipped where it may not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CgroupFactAttribute : FactAttribute
{
    public CgroupFactAttribute() => Skip = Folder is null ? "not run: no cgroup v2 beside this process may be written" : null;

    /// <summary>The folder of this process's own group; null where no group can be made in it.</summary>
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        try
        {
            var own = File.ReadLines("/proc/self/cgroup").First(line => line.StartsWith("0::/", StringComparison.Ordinal))[3..];
            var mount = File.ReadLines("/proc/self/mountinfo").First(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal)).Split(' ')[4];
            var folder = Path.TrimEndingDirectorySeparator(Path.Join(mount, own));
            var trial = Path.Combine(folder, $"lockstep-test-{Environment.ProcessId}");
            Directory.CreateDirectory(trial);
            Directory.Delete(trial);
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return null;
        }
    }
}
