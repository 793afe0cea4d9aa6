using Lockstep.Plans.Nodes;
using Lockstep.Processes;
using Lockstep.Processes.Limits;

namespace Lockstep.Execution.Steps;

/// <summary>What a step inherits from the steps around it.</summary>
internal sealed record Scope
{
    /// <summary>The absolute folder it runs in.</summary>
    public required string Directory { get; init; }

    /// <summary>The environment its processes get.</summary>
    public required EnvironmentBlock Environment { get; init; }

    /// <summary>The variables that enclosing steps set, in one text: a part of what decides a result.</summary>
    public string Settings { get; init; } = "";

    /// <summary>Ends it and everything inside.</summary>
    public required StopSignal Stop { get; init; }

    /// <summary>The attempt's number in each enclosing retry, such as <c>2.1</c>; empty where nothing retries.</summary>
    public string Attempt { get; init; } = "";

    /// <summary>What may happen if its steps are run twice.</summary>
    public EffectNode? Effect { get; init; }

    /// <summary>The round of each enclosing watch; empty outside one.</summary>
    public string Round { get; init; } = "";

    /// <summary>What each of its processes may use; null for no limits.</summary>
    public ResourceLimits? Limits { get; init; }

    /// <summary>Whether it belongs to a pipe: its steps start together or not at all.</summary>
    public bool Piped { get; init; }

    /// <summary>Whether it runs as a whole though parts of it have ended before, as a pipe must whose end a crash took.</summary>
    public bool Anew { get; init; }

    /// <summary>Whether other steps run at the same time: such a step gets no standard input and no terminal.</summary>
    public bool Concurrent { get; init; }

    /// <summary>Where standard output goes instead of to the run's own; null for the run's own.</summary>
    public PipeEnd? Output { get; init; }

    /// <summary>Where standard input comes from instead of the run's own; null for the run's own.</summary>
    public PipeEnd? Input { get; init; }
}
