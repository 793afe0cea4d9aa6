using System.CommandLine;

namespace Lockstep.Cli.BuiltIns.Running;

/// <summary><c>lockstep plan NAME</c>: a resolved plan, printed.</summary>
internal sealed class PlanCommand() : BuiltIn("plan", "Resolve a command's plan and print it")
{
    private readonly Option<string> _format = new("--format") { HelpName = "FORMAT", Description = "tree (the default), json, mermaid, dot or html" };
    private readonly Option<bool> _quick = new("--quick") { Description = "Leave open what a fetch or a process would have to tell, as --dry-run does" };

    private readonly Option<bool> _estimate = new("--estimate") { Description = "Say how long each step and the run will take, from history" };

    public override string Usage => "NAME [ARGUMENTS]";

    public override bool NamesCommand => true;

    public override IEnumerable<Option> Options => [_format, _quick, _estimate];

    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("lockstep plan deploy prod", "with every value that can be known"),
        ("lockstep plan deploy prod --estimate", "with how long it takes"),
        ("lockstep plan deploy prod --format html > plan.html", "a page to look at"),
    ];

    public override int Run(Request request, Host host)
    {
        var name = request.Name ?? throw CliException.Usage("plan needs the NAME of a command", help: "lockstep alone lists what can be run here");
        var format = request.Parsed.GetValue(_format) switch
        {
            null => host.Settings.Json ? PlanFormat.Json : PlanFormat.Tree,
            "tree" => PlanFormat.Tree,
            "json" => PlanFormat.Json,
            "mermaid" => PlanFormat.Mermaid,
            "dot" => PlanFormat.Dot,
            "html" => PlanFormat.Html,
            var other => throw CliException.Usage($"there is no plan format '{other}'; there are tree, json, mermaid, dot and html", use: $"lockstep plan {name} --format tree"),
        };
        if (host.Settings.Json && format != PlanFormat.Json)
            throw CliException.Usage($"--json flag conflicts with --format={request.Parsed.GetValue(_format)}", use: $"lockstep plan {name} --json");

        var estimate = request.Parsed.GetValue(_estimate);
        if (estimate && format is not (PlanFormat.Tree or PlanFormat.Json))
            throw CliException.Usage($"--estimate flag conflicts with --format={request.Parsed.GetValue(_format)}", use: $"lockstep plan {name} --estimate");

        var project = ProjectAccess.Open(host);
        return PlanPrinter.Show(project, ProjectAccess.Ask(project, host, name, request.Arguments), new PlanRequest(format, !request.Parsed.GetValue(_quick), estimate), host);
    }
}
