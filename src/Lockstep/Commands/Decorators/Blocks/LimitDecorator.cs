using System.Globalization;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Source;

namespace Lockstep.Commands.Decorators.Blocks;

/// <summary><c>@limit</c>.</summary>
internal sealed class LimitDecorator : BlockDecorator
{
    private const long LeastMemory = 1_000_000;
    private const decimal LeastCpu = 0.01m;
    private const decimal MostCpu = 1024m;

    private static readonly DecoratorParameter Memory =
        new("memory", ParameterType.Text, "How much memory each command may use, with its unit: 512MB, 2GiB.") { Rule = MemoryRule };

    private static readonly DecoratorParameter Cpu =
        new("cpu", ParameterType.Text, "How much of the machine's cores each command may use, in cores: 1.5.") { Rule = CpuRule };

    private static readonly DecoratorParameter Processes =
        new("processes", ParameterType.Number, "How many processes each command may have at once.") { Rule = Rules.OneOrMore };

    public static readonly LimitDecorator Instance = new();

    private LimitDecorator() : base("limit", "Limits the memory, cores and processes of each command in its block.", Memory, Cpu, Processes) { }

    public override bool NeedsAnArgument => true;

    public override PlanNode Lower(StepId id, Arguments arguments, BlockBody body) => new LimitNode(
        id,
        HumanSize.TryParse(arguments.OptionalText(Memory), out var bytes) ? bytes : null,
        Cores(arguments.OptionalText(Cpu)),
        arguments.OptionalNumber(Processes),
        body.Whole());

    private static string? MemoryRule(Argument argument) => argument switch
    {
        TextArgument { Text: var text } when !HumanSize.TryParse(text, out _) => "must be a size with its unit, such as 512MB or 2GiB",
        TextArgument { Text: var text } when HumanSize.TryParse(text, out var bytes) && bytes < LeastMemory => "must be 1MB or more",
        _ => null,
    };

    private static string? CpuRule(Argument argument)
        => argument is TextArgument { Text: var text } && Cores(text) is not (>= LeastCpu and <= MostCpu) ? "must be a number of cores from 0.01 to 1024, such as 0.5 or 2" : null;

    private static decimal? Cores(string? text)
        => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cores) ? decimal.Round(cores, LimitNode.CpuDecimals) : null;
}
