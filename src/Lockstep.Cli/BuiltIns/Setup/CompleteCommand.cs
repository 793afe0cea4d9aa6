using System.CommandLine;
using Lockstep.Cli.BuiltIns.Control;
using Lockstep.Cli.BuiltIns.Definitions;
using Lockstep.Cli.BuiltIns.History;
using Lockstep.Cli.BuiltIns.Running;
using Lockstep.Cli.Options;
using Lockstep.Cli.Terminal;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Sqlite;

namespace Lockstep.Cli.BuiltIns.Setup;

/// <summary>What may stand at the end of a command line that is being typed; asked by the completion scripts.</summary>
internal sealed class CompleteCommand() : BuiltIn(BuiltInName, "Print what may come next")
{
    public const string BuiltInName = "__complete";
    private const int MostRuns = 20;
    private readonly Argument<string[]> _words = new("WORDS") { Arity = ArgumentArity.ZeroOrMore };

    public override IEnumerable<Argument> Arguments => [_words];

    public override int Run(Request request, Host host)
    {
        var words = request.Parsed.GetValue(_words) ?? [];
        var current = words.Length > 0 ? words[^1].Trim('"') : "";
        foreach (var (value, meaning) in Candidates([.. words.SkipLast(1)], current, host))
            if (value.StartsWith(current, StringComparison.Ordinal)) host.Screen.Out.WriteLine($"{value}\t{TextWidth.Printable(meaning)}");
        return 0;
    }

    private static IEnumerable<(string Value, string Meaning)> Candidates(string[] before, string current, Host host)
    {
        if (ValuesOf(before.LastOrDefault()) is { } values) return values.Select(value => (value, ""));
        if (current.IndexOf('=') is > 0 and var equals && ValuesOf(current[..equals]) is { } own) return own.Select(value => ($"{current[..equals]}={value}", ""));
        var invocation = Invocation.Of(before, BuiltInList.Has, () => BuiltInList.WithFlags(new RunCommand()));
        var project = Open(host, invocation.Leading);
        if (invocation.BuiltIn is null)
            return current.StartsWith('-') ? Flags(new RunCommand()) : [.. Names(project, PlanMode.Run), .. Names(project, PlanMode.Watch), .. BuiltIns()];

        var builtIn = BuiltInList.Find(invocation.BuiltIn)!;
        if (!builtIn.NamesCommand)
            return current.StartsWith('-') ? Flags(builtIn) : Positional(builtIn, invocation.Rest, host);
        var named = NamedCommand.Of(invocation.Rest, BuiltInList.WithFlags(builtIn));
        if (named.Name is null)
            return current.StartsWith('-') ? Flags(builtIn) : builtIn.Name == "stop" ? Names(project, PlanMode.Watch) : [.. Names(project, PlanMode.Run), .. Names(project, PlanMode.Watch)];
        return current.StartsWith('-') ? [.. Parameters(project, named.Name), .. Flags(builtIn)] : [];
    }

    private static string[]? ValuesOf(string? flag) => flag switch
    {
        "--format" => ["tree", "json", "mermaid", "dot", "html"],
        "--color" or "--interactive" => ["auto", "always", "never"],
        "--status" => ["running", "paused", "succeeded", "failed", "timed-out", "cancelled", "refused", "stopped", "crashed"],
        "-f" or "--file" or "-C" or "--directory" or "--junit" or "--jobs" or "-j" => [],
        _ => null,
    };

    private static Project? Open(Host host, IReadOnlyList<string> leading)
    {
        var globals = new GlobalOptions();
        var command = new Command("lockstep");
        globals.AddTo(command, []);
        try
        {
            return ProjectAccess.Open(host with { Settings = globals.Read(command.Parse(leading), host.Environment, "lockstep") });
        }
        catch (CliException)
        {
            return null;
        }
    }

    private static IEnumerable<(string, string)> Names(Project? project, PlanMode mode)
        => project is null ? [] : project.Commands.Where(command => command.Mode == mode).Select(command => (command.Name, ListCommand.FirstLine(command.Description) ?? ""));

    private static IEnumerable<(string, string)> BuiltIns()
        => BuiltInList.Groups.SelectMany(group => group.Names).Select(name => (name, BuiltInList.Find(name)!.Summary));

    private static IEnumerable<(string, string)> Parameters(Project? project, string name)
        => project?.Commands.FirstOrDefault(command => command.Name == name && command.Mode != PlanMode.Stop)?.Parameters
            .Select(parameter => ($"--{parameter.Name}", parameter.Default is { } text ? $"default {text}" : "required")) ?? [];

    private static IEnumerable<(string, string)> Flags(BuiltIn builtIn)
        => BuiltInList.WithFlags(builtIn).Options.Where(option => !option.Hidden).Select(option => option.Name.StartsWith("--", StringComparison.Ordinal) ? (option.Name, option.Description ?? "")
            : (option.Aliases.First(alias => alias.StartsWith("--", StringComparison.Ordinal)), option.Description ?? ""));

    private static IEnumerable<(string, string)> Positional(BuiltIn builtIn, IReadOnlyList<string> rest, Host host)
    {
        var words = rest.Where(word => !word.StartsWith('-')).ToList();
        return (builtIn.Name, words.Count) switch
        {
            ("completion", 0) => CompletionCommand.Shells.Select(shell => (shell, "")),
            ("show" or "logs" or "events" or "why" or "compare" or "rerun", 0) or ("compare", 1) => Runs(host),
            ("pause" or "resume" or "abort" or "approve" or "checkpoint", 0) => OpenRuns(host, builtIn.Name),
            ("logs" or "why", 1) => Steps(host, words[0]),
            ("approve", 1) => Questions(host, words[0]),
            _ => [],
        };
    }

    private static List<(string, string)> Runs(Host host)
        => Ask(host, history => history.Runs(new RunFilter { Limit = MostRuns }).Select(run => (run.Id.Text, $"{run.Command} {StoreAccess.Word(run.Status)}")).Prepend(("last", "the newest of this project")).ToList());

    /// <summary>The runs that this can be asked of.</summary>
    private static List<(string, string)> OpenRuns(Host host, string asks)
        => Ask(host, history => RunAccess.Open.Where(status => asks is "abort" or "approve" or "checkpoint" || status == RunStatus.Running == (asks == "pause"))
            .SelectMany(status => history.Runs(new RunFilter { Limit = MostRuns, Status = status })).OrderByDescending(run => run.StartedAt)
            .Select(run => (run.Id.Text, $"{run.Command} {StoreAccess.Word(run.Status)}")).Prepend(("last", "the newest unfinished of this project")).ToList());

    private static List<(string, string)> Questions(Host host, string run)
        => Ask(host, history => OpenQuestions.Of(host, RunAccess.Find(host, run, "approve")).All.Select(step => (step.Path, "waits for an answer")).ToList());

    private static List<(string, string)> Steps(Host host, string run)
        => Ask(host, history => history.Events(StoreAccess.Find(history, run, host with { Settings = host.Settings with { Verbosity = Verbosity.Quiet } }).Id).OfType<StepStarted>().Select(step => (step.Step.Path, step.Text)).Distinct().ToList());

    private static List<(string, string)> Ask(Host host, Func<Sqlite.History, List<(string, string)>> question)
    {
        try
        {
            return StoreAccess.Read(host, question);
        }
        catch (CliException)
        {
            return [];
        }
    }
}
