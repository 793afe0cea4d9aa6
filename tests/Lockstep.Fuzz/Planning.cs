using Lockstep.Commands;
using Lockstep.Commands.Binding;
using Lockstep.Commands.Planning;
using Lockstep.Commands.Syntax;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Json;
using Lockstep.Plans.Views;
using Lockstep.Source;

namespace Lockstep.Fuzz;

/// <summary>Binds a file and plans its commands, as <c>validate</c> and <c>run --dry-run</c> do.</summary>
internal static class Planning
{
    private const int MaximumCommands = 8;

    private static readonly PlanSurroundings Around = new()
    {
        Context = new PlanContext("/project", [new DefinitionFile("fuzz.cli", new string('0', 64))], "linux", "x64"),
        Environment = key => key == "HOME" ? "/home" : null,
        Resolve = expression => expression.Expensive ? default : new Resolution(new ResolvedValue("value", ValueSource.Default)),
    };

    public static void Try(CommandFile file)
    {
        var bag = new DiagnosticBag();
        Binder.CheckAll(file, bag);
        DiagnosticWriter.Write(TextWriter.Null, bag.ToImmutable());
        foreach (var header in file.Commands.AsSpan()[..Math.Min(file.Commands.Length, MaximumCommands)])
        {
            var request = new CommandRequest(header.Name, ModeOf(header.Kind), [.. header.Parameters.Select(parameter => $"--{parameter.Name.Text}=x")], Around);
            if (CommandPlanner.Plan(file, request).Plan is not { } plan) continue;
            GraphHash.Of(plan);
            PlanJson.Read(PlanJson.ToUtf8(plan));
            PlanTree.Write(TextWriter.Null, plan, new TreeOptions());
        }
    }

    private static PlanMode ModeOf(CommandKind kind) => kind switch
    {
        CommandKind.Run => PlanMode.Run,
        CommandKind.Watch => PlanMode.Watch,
        CommandKind.Stop => PlanMode.Stop,
        _ => throw new InvalidOperationException($"no mode for {kind}"),
    };
}
