using Lockstep.Expressions;

namespace Lockstep.Values;

/// <summary>What came of resolving a value. Closed.</summary>
internal abstract record ValueResolution
{
    private protected ValueResolution() { }
}

/// <summary>The value is known.</summary>
/// <param name="Value">Its text and where it came from.</param>
/// <param name="Sensitive">Whether it is a secret by its very kind, whatever it is called.</param>
internal sealed record ValueKnown(ResolvedValue Value, bool Sensitive = false) : ValueResolution;

/// <summary>The value could not be resolved; none of the texts holds a secret. The caller adds the place.</summary>
/// <param name="Decorator">The decorator as a placeholder shows it, such as <c>@http(get-version)</c>.</param>
/// <param name="Cause">One sentence on why, without a final stop.</param>
/// <param name="Help">One sentence on what to do.</param>
internal sealed record ValueFailed(string Decorator, string Cause, string Help) : ValueResolution
{
    /// <summary>Decorator and cause in one line.</summary>
    public string Message => $"{Decorator}: {Cause}";

    /// <summary>The message, without what may quote a sensitive argument.</summary>
    public string MessageFor(PlannedValue value)
        => value.HoldsSensitive ? $"{value.Name}: it can't be had; the reason may quote its argument, which is sensitive, and so is left out" : Message;
}
