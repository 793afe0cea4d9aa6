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
        var named = request.Mode is PlanMode.Stop ? file.FindStop(request.Name) : file.Find(request.Name);
        if (named is not { } header || (request.Mode is PlanMode.Watch && header.Kind is not CommandKind.Watch))
        {
            ReportMissing(file, request, report);
            return null;
        }
        var command = Binder.Reach(file, header, bag, request.Around.IsProgram);
        if (bag.HasErrors) return null;
        var texts = CommandLine.Read(command, request, report);
        if (bag.HasErrors) return null;
        var sensitive = new HashSet<ValueIdentity>();
        while (true)
        {
            // A value may prove sensitive after it was used, as an argument for a parameter called token; then all is planned anew, with that known.
            var found = new DiagnosticBag();
            var attempt = new PlanningDiagnostics(file.Source, found);
            var table = new PlanValueTable(request.Around, attempt, sensitive);
            var values = new ValuePlanner(file.Source, table, attempt);
            var root = new PlanBuilder(file.Source, request.Around, table, values, attempt).Build(command, values.Call(command, texts));
            if (table.FoundSensitive) continue;
            bag.AddRange(found.ToImmutable());
            return root is null ? null : new Plan(request.Name, ModeOf(header.Kind), root, table.ToPlanned(), request.Around.Context);
        }
    }

    private static PlanMode ModeOf(CommandKind kind) => kind switch
    {
        CommandKind.Run => PlanMode.Run,
        CommandKind.Watch => PlanMode.Watch,
        CommandKind.Stop => PlanMode.Stop,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static void ReportMissing(CommandFile file, CommandRequest request, PlanningDiagnostics report)
    {
        string? other = null;
        foreach (var header in file.Commands)
            if (header.Name == request.Name) other = Noun(ModeOf(header.Kind));
        var candidates = file.Commands.Where(header => (header.Kind is CommandKind.Stop) == (request.Mode is PlanMode.Stop));
        report.NoSuchCommand(Noun(request.Mode), request.Name, other, NearestName.Of(request.Name, candidates.Select(header => header.Name)));
    }

    private static string Noun(PlanMode mode) => mode switch
    {
        PlanMode.Run => "command",
        PlanMode.Watch => "watch",
        PlanMode.Stop => "stop",
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };
}
