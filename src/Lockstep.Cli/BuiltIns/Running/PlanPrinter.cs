using Lockstep.Cli.Options;
using Lockstep.Cli.Terminal;
using Lockstep.Plans;
using Lockstep.Plans.Json;
using Lockstep.Plans.Views;
using Lockstep.Source;

namespace Lockstep.Cli.BuiltIns.Running;

internal enum PlanFormat { Tree, Json, Mermaid, Dot, Html }

/// <summary>Prints a plan on standard output.</summary>
internal static class PlanPrinter
{
    /// <summary>Prints a plan, resolved where that is wanted. One with errors shows them in their places, then in full, and is an error.</summary>
    public static int Show(Project project, Planned planned, bool resolve, Host host, PlanFormat format)
    {
        var plan = planned.Plan!;
        if (planned.IsUsable)
        {
            if (resolve && Screen.ErrorIsTerminal)
            {
                host.Note($"{(host.Screen.Unicode ? "✅ " : "")}Generating resolved plan with all values frozen...");
                host.Screen.Flush();
            }
            Print(resolve ? project.Resolve(plan, CancellationToken.None) : plan, host, format);
            if (host.Settings.Verbosity != Verbosity.Quiet) DiagnosticWriter.Write(host.Screen.Error, planned.Diagnostics, host.Screen.ErrorStyle.Colour);
            return 0;
        }
        if (format == PlanFormat.Tree) Print(plan, host, format);
        host.Screen.Flush();
        throw new DefinitionException(planned.Diagnostics);
    }

    private static void Print(Plan plan, Host host, PlanFormat format)
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
                });
                break;
            case PlanFormat.Json:
                PlanJson.Write(host.Screen.OutBytes, plan);
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
}
