using System.Collections.Immutable;

namespace Lockstep.Simulation;

/// <summary>What stands in the place of a step's process.</summary>
public sealed record ScriptedProcess
{
    /// <summary>Succeeds at once and prints nothing: what every step does that nothing else is said of.</summary>
    public static ScriptedProcess Success { get; } = new();

    /// <summary>Its exit code; default 0. A step that fails has not done its work.</summary>
    public int ExitCode { get; init; }

    /// <summary>What it prints to standard output; default nothing.</summary>
    public string Output { get; init; } = "";

    /// <summary>What it prints to standard error; default nothing.</summary>
    public string Errors { get; init; } = "";

    /// <summary>How long it takes on the virtual clock; default no time.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Whether the process is started after all, once; what it printed and its exit code are then taken wherever this attempt of the step runs.</summary>
    public bool Real { get; init; }
}

/// <summary>What the processes of some steps do.</summary>
/// <param name="Step">A step's id or the end of one, the name of a command that calls steps, or a pattern for their text with <c>*</c> and <c>?</c>.</param>
/// <param name="Attempts">What each attempt does, the first first; further ones do as the last.</param>
/// <param name="Verify">The exit code of the step's verify command; null, the default, for the truth: 0 when the effect has happened, 1 when it has not.</param>
public sealed record ScriptRule(string Step, ImmutableArray<ScriptedProcess> Attempts, int? Verify = null);

/// <summary>What a simulated run meets instead of the world.</summary>
public sealed record Script
{
    /// <summary>What processes do; of several that are about a step, the first counts.</summary>
    public ImmutableArray<ScriptRule> Steps { get; init; } = [];

    /// <summary>The texts of values that a plan leaves open, by their names. Others that would take a process, a fetch or a secret are <c>simulated-NAME</c>.</summary>
    public ImmutableDictionary<string, string> Values { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The answers to confirmations, by step or the end of its id; others are granted.</summary>
    public ImmutableDictionary<string, bool> Confirmations { get; init; } = ImmutableDictionary<string, bool>.Empty;

    /// <summary>This script, and another for what this one says nothing of.</summary>
    public Script Before(Script other) => new()
    {
        Steps = [.. Steps, .. other.Steps],
        Values = other.Values.SetItems(Values),
        Confirmations = other.Confirmations.SetItems(Confirmations),
    };
}
