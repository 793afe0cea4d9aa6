using Lockstep.Cli.BuiltIns.History;
using Lockstep.Cli.Options;
using Lockstep.Cli.Reports;
using Lockstep.Cli.Terminal;
using Lockstep.Plans;
using Lockstep.Plans.Estimates;
using Lockstep.Plans.Json;
using Lockstep.Plans.Nodes;
using Lockstep.Plans.Views;
using Lockstep.Source;

namespace Lockstep.Cli.BuiltIns.Running;

internal enum PlanFormat { Tree, Json, Mermaid, Dot, Html }

/// <summary>How a plan is to be shown.</summary>
/// <param name="Format">In which form.</param>
/// <param name="Resolve">Whether every value that can be known is found out.</param>
/// <param name="Estimate">Whether it says how long it will take.</param>
internal sealed record PlanRequest(PlanFormat Format, bool Resolve, bool Estimate);

/// <summary>Prints a plan on standard output.</summary>
internal static class PlanPrinter
{
    /// <summary>Prints a plan, resolved where that is wanted. One with errors shows them in their places, then in full, and is an error.</summary>
    public static int Show(Project project, Planned planned, PlanRequest asked, Host host)
    {
        var (format, resolve, _) = asked;
        var plan = planned.Plan!;
        if (planned.IsUsable)
        {
            if (resolve && Screen.ErrorIsTerminal)
            {
                host.Note($"{(host.Screen.Unicode ? "✅ " : "")}Generating resolved plan with all values frozen...");
                host.Screen.Flush();
            }
            if (resolve) plan = project.Resolve(plan, CancellationToken.None);
            Print(plan, asked.Estimate ? StoreAccess.Write(() => project.Estimate(plan)) : null, host, format);
            if (format == PlanFormat.Tree && plan.Steps().Any(step => step is LimitNode)) host.Note($"@limit holds here: {LimitSupport.Here(host).Sentence}");
            if (host.Settings.Verbosity != Verbosity.Quiet) DiagnosticWriter.Write(host.Screen.Error, planned.Diagnostics, host.Screen.ErrorStyle.Colour);
            return 0;
        }
        if (format == PlanFormat.Tree) Print(plan, null, host, format);
        host.Screen.Flush();
        throw new DefinitionException(planned.Diagnostics);
    }

    private static void Print(Plan plan, PlanEstimate? estimate, Host host, PlanFormat format)
    {
        var output = host.Screen.Out;
        switch (format)
        {
            case PlanFormat.Tree:
                PlanTree.Write(output, plan, new TreeOptions
                {
                    Unicode = host.Screen.Unicode,
                    Color = host.Screen.OutStyle.Colour,
                    Verbose = host.Settings.Verbosity == Verbosity.Verbose,
                    Quiet = host.Settings.QuietAsked,
                    Note = estimate is null ? null : step => Told(estimate, step),
                });
                if (estimate is not null) output.WriteLine($"\n{Told(estimate)}");
                break;
            case PlanFormat.Json:
                PlanJson.Write(host.Screen.OutBytes, plan, estimate: estimate);
                host.Screen.OutBytes.Write("\n"u8);
                break;
            case PlanFormat.Mermaid:
                PlanMermaid.Write(output, plan);
                break;
            case PlanFormat.Dot:
                PlanDot.Write(output, plan);
                break;
            case PlanFormat.Html:
                PlanHtml.Write(output, plan);
                break;
            default:
                throw new InvalidOperationException($"no writer for {format}");
        }
    }

    private static string? Told(PlanEstimate estimate, PlanNode step)
        => estimate.Steps.TryGetValue(step.Id, out var timing) ? $"~{Durations.Short(timing.Median)}, p90 {Durations.Short(timing.P90)}" : null;

    private static string Told(PlanEstimate estimate)
    {
        if (estimate.Measured == 0) return "Estimate: it has no steps that take time";
        if (estimate.Unknown == estimate.Measured) return "Estimate: none, because none of its steps has succeeded here before";
        var time = $"~{Durations.Short(estimate.Median)}, p90 {Durations.Short(estimate.P90)}";
        var missing = estimate.Unknown == 1 ? "a step that has" : $"{estimate.Unknown} steps that have";
        return estimate.Unknown == 0 ? $"Estimate: {time}" : $"Estimate: {time}, and {missing} no history ({estimate.Unknown} of {estimate.Measured})";
    }
}
