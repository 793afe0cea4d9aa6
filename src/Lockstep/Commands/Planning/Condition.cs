using Lockstep.Commands.Binding;
using Lockstep.Plans.Nodes;

namespace Lockstep.Commands.Planning;

/// <summary>Decides what an <c>@when</c> comes to.</summary>
internal static class Condition
{
    /// <summary>The environment's value of a name; this machine's for <c>OS</c> and <c>ARCH</c> where the environment has none.</summary>
    public static string? FromEnvironment(string name, PlanSurroundings around) => around.Environment(name) ?? name switch
    {
        "OS" => around.Context.Os,
        "ARCH" => around.Context.Arch,
        _ => null,
    };

    /// <summary>The branch for a value, null for one that is not set, and why.</summary>
    public static ConditionResult Choose(BoundWhen when, string? value, bool sensitive)
        => ConditionResult.Choose(when.Name, value, sensitive, when.Branches.Select(branch => branch.Pattern));
}
