using System.CommandLine;
using Lockstep.Cli.Reports.Summaries;
using Lockstep.Execution;
using Lockstep.Plans;
using Lockstep.Simulation;
using Lockstep.Source;

namespace Lockstep.Cli.BuiltIns.Testing;

/// <summary><c>lockstep test NAME</c>: a command under the simulator.</summary>
internal sealed class TestCommand() : BuiltIn("test", "Simulate a command: nothing is started, time passes at once")
{
    private readonly Option<bool> _crash = new("--crash-everywhere") { Description = "Let lockstep die at every event and in every effect, go on, and compare the ends" };
    private readonly Option<string[]> _mock = new("--mock") { HelpName = "STEP=EXIT[,OUTPUT]", Description = "What a step does instead; may be given more than once" };
    private readonly Option<string[]> _value = new("--value") { HelpName = "NAME=TEXT", Description = "What a value is instead; may be given more than once" };
    private readonly Option<string> _mocks = new("--mocks") { HelpName = "FILE", Description = "Read mocks from FILE; default NAME.mock.json beside the definitions" };
    private readonly Option<string> _junit = new("--junit") { HelpName = "FILE", Description = "Write a JUnit report: each point a test case" };

    public override string Usage => "NAME [ARGUMENTS]";

    public override string? Details => """
        The engine is the real one; processes are scripted: they succeed at once, unless a mock says otherwise.
        STEP is a step's id or the end of one, a command's name, or a pattern for a step's text, such as 'curl *'.
        """;

    public override bool NamesCommand => true;

    public override IEnumerable<Option> Options => [_crash, _mock, _value, _mocks, _junit];

    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("lockstep test deploy prod", "how it would go if every step succeeded"),
        ("lockstep test deploy prod --mock 'curl *=7'", "what happens when that fails"),
        ("lockstep test deploy prod --crash-everywhere", "whether it survives a crash at any moment"),
    ];

    public override int Run(Request request, Host host)
    {
        var project = ProjectAccess.Open(host);
        var name = request.Name ?? throw CliException.Usage(
            "test needs the NAME of a command to simulate", use: project.Commands.Any(command => command.Name == "test") ? "lockstep run test" : null, help: "lockstep alone lists what can be run here");
        var plan = ProjectAccess.Plan(project, host, name, request.Arguments);
        var script = Script(request, project, plan, host);
        CheckValues(script, plan);
        var simulator = project.Simulate(plan, script, request.Arguments);
        using var junit = request.Parsed.GetValue(_junit) is { } file ? JUnitFile.Open(Path.GetFullPath(file, host.Settings.Directory)) : null;

        var crashes = request.Parsed.GetValue(_crash) ? simulator.CrashEverywhere() : null;
        var run = crashes?.Undisturbed ?? simulator.Run();
        CheckNames(simulator, host);
        if (junit is not null && TestJUnit.Write(junit, plan, run, crashes) is { } problem) host.Note($"{host.Screen.ErrorStyle.Yellow("Warning:")} {problem}");
        if (host.Settings.Json) TestJson.Write(host.Screen.OutBytes, plan, run, crashes);
        else TestReport.Write(host, plan, run, crashes);
        return crashes is { Differences: > 0 } ? ExitCode.Failed : run.End.ExitCode;
    }

    private Script Script(Request request, Project project, Plan plan, Host host)
    {
        var script = new Script();
        foreach (var rule in request.Parsed.GetValue(_mock) ?? [])
            script = script.Before(Read("--mock", () => ScriptFile.Rule(rule)));
        foreach (var value in request.Parsed.GetValue(_value) ?? [])
        {
            var equals = value.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw CliException.Usage($"--value is '{value}', which is no NAME=TEXT", use: $"lockstep test {plan.Command} --value VERSION=1.2");
            script = script with { Values = script.Values.SetItem(value[..equals], value[(equals + 1)..]) };
        }

        var file = request.Parsed.GetValue(_mocks) is { } named ? Path.GetFullPath(named, host.Settings.Directory) : null;
        var beside = Path.Combine(project.Directory, $"{plan.Command}.mock.json");
        if (file is null && !File.Exists(beside)) return script;
        return script.Before(Read(Path.GetRelativePath(host.Settings.Directory, file ?? beside), () => ScriptFile.Read(Bytes(file ?? beside))));
    }

    /// <summary>A value that the plan knows decided already what is in the plan; a simulation can't change it afterwards.</summary>
    private static void CheckValues(Script script, Plan plan)
    {
        foreach (var name in script.Values.Keys)
        {
            var open = plan.Values.Where(value => value.Resolved is null).Select(value => value.Name).ToList();
            if (open.Contains(name)) continue;
            var known = plan.Values.Any(value => value.Name == name);
            throw new CliException(new CliError(ExitCode.Usage, known ? $"the value '{name}' is known when the plan is made" : $"the plan of {plan.Command} has no value '{name}'")
            {
                Why = open.Count == 0 ? "the plan leaves no value open" : $"it leaves open {string.Join(", ", open)}",
                Use = NearestName.Of(name, open) is { } nearest ? $"--value {nearest}=…" : null,
                Help = known ? "set it where it comes from: an argument, the environment, the file" : null,
            });
        }
    }

    private static byte[] Bytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new CliException(new CliError(ExitCode.NotFound, $"the mocks {path} can't be read") { Why = Directory.Exists(path) ? "it is a folder" : File.Exists(path) ? "it may not be read" : "there is no such file", Help = "name a file that exists and can be read" });
        }
    }

    private static Script Read(string where, Func<Script> read)
    {
        try
        {
            return read();
        }
        catch (FormatException wrong)
        {
            throw new CliException(new CliError(ExitCode.Usage, "a mock can't be read") { Where = where, Why = wrong.Message, Help = "docs/testing.md has the whole form" });
        }
    }

    /// <summary>A mock that names no step was meant for another; one whose step did not come up may well be right.</summary>
    private static void CheckNames(Simulator simulator, Host host)
    {
        foreach (var (step, isKnown) in simulator.Unused)
        {
            if (!isKnown && step.AsSpan().IndexOfAny('*', '?') < 0)
            {
                throw new CliException(new CliError(ExitCode.Usage, $"no step is called '{step}', and none has that text")
                {
                    Use = NearestName.Of(step, simulator.Names) is { } nearest ? $"--mock '{nearest}=…'" : null,
                    Help = $"lockstep test {simulator.Plan.Command} --json names the steps",
                });
            }
            host.Note($"{host.Screen.ErrorStyle.Yellow("Warning:")} the mock '{step}' was not used: its step did not run");
        }
    }
}
