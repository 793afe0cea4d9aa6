using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Lockstep.Expressions;

namespace Lockstep.Plans.Nodes;

/// <summary>A step that changes how one body runs.</summary>
public abstract record WrapperNode : PlanNode
{
    private protected WrapperNode(StepId id, PlanNode body) : base(id) => Body = body;

    /// <summary>What it wraps.</summary>
    public PlanNode Body { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<PlanNode> Children => [Body];
}

/// <summary>Ends its body when it takes too long: TERM, a grace period of 5 s, KILL.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Duration">How long; default 30 s.</param>
/// <param name="Body">What is limited.</param>
public sealed record TimeoutNode(StepId Id, TimeSpan Duration, PlanNode Body) : WrapperNode(Id, Body);

/// <summary>Runs its body again, as a unit, when it fails.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Attempts">How often at most, the first time counted; default 3.</param>
/// <param name="Delay">The wait before the second attempt; default 1 s.</param>
/// <param name="Exponential">Whether the wait doubles each time.</param>
/// <param name="MaxDelay">The longest wait; default 5 min.</param>
/// <param name="Jitter">Whether the wait is a random part, from half to all, of what it would be.</param>
/// <param name="Body">What is retried.</param>
public sealed record RetryNode(StepId Id, int Attempts, TimeSpan Delay, bool Exponential, TimeSpan MaxDelay, bool Jitter, PlanNode Body)
    : WrapperNode(Id, Body);

/// <summary>Runs its body in another folder, relative to the enclosing one.</summary>
public sealed record WorkdirNode(StepId Id, ShellTemplate Path, bool CreateIfNotExists, PlanNode Body) : WrapperNode(Id, Body);

/// <summary>An environment variable for a body.</summary>
public sealed record EnvironmentEntry(string Key, ShellTemplate Value);

/// <summary>Sets environment variables for its body.</summary>
public sealed record EnvironmentNode(StepId Id, ImmutableArray<EnvironmentEntry> Entries, PlanNode Body) : WrapperNode(Id, Body);

/// <summary>Asks a person before its body runs; denied, the run is refused with exit code 3.</summary>
public sealed record ConfirmNode(StepId Id, ShellTemplate Message, bool DefaultYes, PlanNode Body) : WrapperNode(Id, Body);

/// <summary>In a watch: runs its body again when files that match change, after they have been quiet for the delay.</summary>
public sealed record DebounceNode(StepId Id, TimeSpan Delay, string Pattern, PlanNode Body) : WrapperNode(Id, Body);

/// <summary>Runs its body while it holds a lock of this machine, across runs.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The lock's name.</param>
/// <param name="Timeout">How long to wait for it; default 10 min.</param>
/// <param name="Body">What is guarded.</param>
public sealed record LockNode(StepId Id, ShellTemplate Name, TimeSpan Timeout, PlanNode Body) : WrapperNode(Id, Body);

/// <summary>Skips its body, and restores its outputs, when inputs, commands and key are as in an earlier success.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Inputs">Globs of files read, relative to the working directory.</param>
/// <param name="Outputs">Globs of files made.</param>
/// <param name="Key">Anything else the result depends on.</param>
/// <param name="Body">What is skipped.</param>
public sealed record CacheNode(StepId Id, ImmutableArray<string> Inputs, ImmutableArray<string> Outputs, ShellTemplate Key, PlanNode Body)
    : WrapperNode(Id, Body);
