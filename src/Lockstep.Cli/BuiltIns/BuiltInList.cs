using System.CommandLine;
using Lockstep.Cli.BuiltIns.Control;
using Lockstep.Cli.BuiltIns.Definitions;
using Lockstep.Cli.BuiltIns.History;
using Lockstep.Cli.BuiltIns.Running;
using Lockstep.Cli.BuiltIns.Setup;
using Lockstep.Cli.BuiltIns.Testing;
using Lockstep.Cli.BuiltIns.Upkeep;
using Lockstep.Cli.Options;

namespace Lockstep.Cli.BuiltIns;

/// <summary>Every built-in, in the order help shows them.</summary>
internal static class BuiltInList
{
    public static readonly (string Title, string[] Names)[] Groups =
    [
        ("Run", ["run", "plan", "test", "ps", "stop"]),
        ("Control", ["pause", "resume", "abort", "approve", "rerun", "checkpoint"]),
        ("Look back", ["runs", "show", "logs", "events", "why", "compare"]),
        ("Keep house", ["verify", "prune", "clean", "export", "import-run", "deliver"]),
        ("Definitions", ["validate", "fmt", "init"]),
        ("Setup", ["doctor", "completion"]),
    ];

    public static bool Has(string name)
    {
        foreach (var (_, names) in Groups)
            if (Array.IndexOf(names, name) >= 0) return true;
        return name == CompleteCommand.BuiltInName;
    }

    /// <summary>A built-in as the command line's parser knows it: its own flags, and those that every command takes.</summary>
    public static Command WithFlags(BuiltIn builtIn)
    {
        var command = new Command(builtIn.Name);
        new GlobalOptions().AddTo(command, builtIn.Options);
        return command;
    }

    /// <summary>Makes the one that is asked for: the others cost nothing.</summary>
    public static BuiltIn? Find(string name) => name switch
    {
        "run" => new RunCommand(),
        "plan" => new PlanCommand(),
        "test" => new TestCommand(),
        "ps" => new PsCommand(),
        "stop" => new StopCommand(),
        "pause" => new PauseCommand(),
        "resume" => new ResumeCommand(),
        "abort" => new AbortCommand(),
        "approve" => new ApproveCommand(),
        "rerun" => new RerunCommand(),
        "checkpoint" => new CheckpointCommand(),
        "runs" => new RunsCommand(),
        "show" => new ShowCommand(),
        "logs" => new LogsCommand(),
        "events" => new EventsCommand(),
        "why" => new WhyCommand(),
        "compare" => new CompareCommand(),
        "verify" => new VerifyCommand(),
        "prune" => new PruneCommand(),
        "clean" => new CleanCommand(),
        "export" => new ExportCommand(),
        "import-run" => new ImportRunCommand(),
        "deliver" => new DeliverCommand(),
        "validate" => new ValidateCommand(),
        "fmt" => new FmtCommand(),
        "init" => new InitCommand(),
        "doctor" => new DoctorCommand(),
        "completion" => new CompletionCommand(),
        CompleteCommand.BuiltInName => new CompleteCommand(),
        _ => null,
    };
}
