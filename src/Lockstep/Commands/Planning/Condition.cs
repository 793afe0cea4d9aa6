using Lockstep.Commands.Binding;
using Lockstep.Commands.Decorators.Patterns;
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
    {
        var chosen = value is null ? null : Find(when, value);
        var otherwise = Find(when, WhenDecorator.Otherwise);
        var shown = value is not null && sensitive ? "<redacted>" : value;
        var isSet = value is null ? $"{when.Name} is not set" : $"{when.Name}={shown}";
        if (chosen is not null && chosen != WhenDecorator.Otherwise)
            return new ConditionResult(shown, chosen, $"{isSet} matches pattern '{chosen}'");
        var missed = value is null ? isSet : $"{isSet} matches no pattern";
        return otherwise is not null
            ? new ConditionResult(shown, otherwise, $"{missed}, so the default is taken")
            : new ConditionResult(shown, null, $"{missed}, and there is no default");
    }

    private static string? Find(BoundWhen when, string pattern)
    {
        foreach (var branch in when.Branches)
            if (branch.Pattern == pattern) return pattern;
        return null;
    }
}
