using System.Globalization;
using Lockstep.Expressions;
using Lockstep.Plans.Views;
using Lockstep.Source;

namespace Lockstep.Plans.Nodes;

/// <summary>Limits what each command in its body may use, for itself and all that it starts. Of limits in one another the smaller count.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Memory">In bytes; null for no limit.</param>
/// <param name="Cpu">In cores, with up to four decimals; null for no limit.</param>
/// <param name="Processes">How many at once; null for no limit.</param>
/// <param name="Body">The steps.</param>
public sealed record LimitNode(StepId Id, long? Memory, decimal? Cpu, int? Processes, PlanNode Body) : WrapperNode(Id, Body)
{
    internal const string KindName = "limit";

    /// <summary>A quota is counted in ten-thousandths of a core.</summary>
    internal const int CpuDecimals = 4;

    /// <inheritdoc/>
    public override string Kind => KindName;

    internal override void Show(StepView view)
    {
        view.Decorator(KindName);
        if (Memory is { } memory) view.Fact($"memory {HumanSize.Format(memory)}");
        if (Cpu is { } cpu) view.Fact($"{CpuText(cpu)} cpu");
        if (Processes is { } processes) view.Fact(processes == 1 ? "1 process" : $"{processes} processes");
        view.Child(Body);
    }

    internal override void Fields(FieldSink fields)
    {
        if (Memory is { } memory) fields.Text("memory", HumanSize.Format(memory));
        if (Cpu is { } cpu) fields.Text("cpu", CpuText(cpu));
        if (Processes is { } processes) fields.Number("processes", processes);
    }

    internal static LimitNode Read(StepSource step) => new(
        step.Id,
        step.Fields.OptionalText("memory") is not { } memory ? null
            : HumanSize.TryParse(memory, out var bytes) ? bytes : throw step.Fields.Wrong("memory", "a size such as 512MB"),
        step.Fields.OptionalText("cpu") is not { } cpu ? null
            : decimal.TryParse(cpu, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cores) ? cores : throw step.Fields.Wrong("cpu", "a number of cores such as 1.5"),
        step.Fields.OptionalNumber("processes"),
        step.Body());

    internal static string CpuText(decimal cpu) => cpu.ToString("0.####", CultureInfo.InvariantCulture);
}
