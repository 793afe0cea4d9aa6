using Lockstep.Commands.Binding;
using Lockstep.Commands.Syntax;
using Lockstep.Plans;
using Lockstep.Source;

namespace Lockstep.Commands.Planning;

/// <summary>Makes plans of commands.</summary>
internal static class CommandPlanner
{
    /// <summary>The plan of what was asked for. Checks what that reaches and no more, runs nothing, and writes nothing.</summary>
    public static PlannedCommand Plan(CommandFile file, CommandRequest request)
    {
        var bag = new DiagnosticBag();
        bag.AddRange(file.Diagnostics);
        var report = new PlanningDiagnostics(file.Source, bag);
        var plan = Plan(file, request, bag, report);
        return new PlannedCommand(plan, bag.ToImmutable());
    }

    private static Plan? Plan(CommandFile file, CommandRequest request, DiagnosticBag bag, PlanningDiagnostics report)
    {
        var kind = KindOf(request.Mode);
        var found = kind is CommandKind.Stop ? file.FindStop(request.Name) : file.Find(request.Name);
        if (found is not { } header || header.Kind != kind)
        {
            ReportMissing(file, kind, request.Name, report);
            return null;
        }
        var command = Binder.Reach(file, header, bag);
        if (bag.HasErrors) return null;
        var texts = CommandLine.Read(command, request.Arguments, report);
        if (bag.HasErrors) return null;
        var table = new PlanValueTable(request.Around, report);
        var values = new ValuePlanner(file.Source, table, report);
        var root = new PlanBuilder(file.Source, request.Around, table, values, report).Build(command, values.Call(command, texts));
        return root is null ? null : new Plan(request.Name, request.Mode, root, table.ToPlanned(), request.Around.Context);
    }

    private static CommandKind KindOf(PlanMode mode) => mode switch
    {
        PlanMode.Run => CommandKind.Run,
        PlanMode.Watch => CommandKind.Watch,
        PlanMode.Stop => CommandKind.Stop,
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    private static void ReportMissing(CommandFile file, CommandKind kind, string name, PlanningDiagnostics report)
    {
        string? other = null;
        foreach (var header in file.Commands)
            if (header.Name == name) other = Noun(header.Kind);
        report.NoSuchCommand(Noun(kind), name, other,
            NearestName.Of(name, file.Commands.Where(header => header.Kind == kind).Select(header => header.Name)));
    }

    private static string Noun(CommandKind kind) => kind switch
    {
        CommandKind.Run => "command",
        CommandKind.Watch => "watch",
        CommandKind.Stop => "stop",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
