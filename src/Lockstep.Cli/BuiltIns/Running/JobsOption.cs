using System.CommandLine;
using System.Globalization;
using Lockstep.Execution.Steps;
using Lockstep.Sqlite;

namespace Lockstep.Cli.BuiltIns.Running;

/// <summary>How many commands may run at once: <c>--jobs N</c> of a run, and what the environment says of runs, which is checked with it.</summary>
internal static class JobsOption
{
    public static Option<int?> New() => new("--jobs", "-j") { HelpName = "N", Description = "Run at most N commands at once" };

    public static void Check(int? jobs, Host host)
    {
        if (jobs < 1) throw CliException.Usage($"--jobs must be 1 or more, not {jobs}", help: "leave it out for no limit");
        if (host.Environment(StepSlots.MachineLimit) is { Length: > 0 } text && !(int.TryParse(text, CultureInfo.InvariantCulture, out var most) && most >= 1))
            throw CliException.Usage($"the environment variable {StepSlots.MachineLimit} must be a whole number of 1 or more, not '{text}'", help: "unset it for no limit");
        if (DurabilitySetting.Parse(host.Environment(DurabilitySetting.Variable)) is null)
            throw CliException.Usage($"the environment variable {DurabilitySetting.Rule}, not '{host.Environment(DurabilitySetting.Variable)}'", help: "unset it for normal");
    }
}
