using Lockstep.Execution.Steps;

namespace Lockstep.Execution;

/// <summary>The steps a host brings, by the name that plans have for their type. Immutable.</summary>
public sealed class CustomSteps
{
    private readonly Dictionary<string, CustomStepHandler> _entries;

    private CustomSteps(Dictionary<string, CustomStepHandler> entries) => _entries = entries;

    /// <summary>None.</summary>
    public static CustomSteps None { get; } = new(new(StringComparer.Ordinal));

    /// <summary>These and one more, called on the run's own thread: it must not block it, and awaits what takes time.</summary>
    /// <param name="type">The name plans have for it.</param>
    /// <param name="handler">Its code.</param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public CustomSteps With(string type, CustomStepHandler handler) => Add(type, handler);

    /// <summary>These and one more whose code computes: it is called on a thread of a pool with as many as the machine has cores.</summary>
    /// <param name="type">The name plans have for it.</param>
    /// <param name="handler">Its code.</param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public CustomSteps WithWorker(string type, Func<CustomStepCall, CancellationToken, CustomStepResult> handler)
        => Add(type, async (call, cancel) => await WorkerPool.Shared.Run(() => handler(call, cancel)));

    /// <summary>Calls a step's code where it belongs; null where there is none of the type.</summary>
    internal async ValueTask<CustomStepResult?> Call(string type, CustomStepCall call, CancellationToken cancel)
    {
        return _entries.TryGetValue(type, out var handler) ? await handler(call, cancel) : null;
    }

    private CustomSteps Add(string type, CustomStepHandler handler)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(type);
        var entries = new Dictionary<string, CustomStepHandler>(_entries, StringComparer.Ordinal);
        if (!entries.TryAdd(type, handler)) throw new ArgumentException($"there is a step of the type '{type}' already", nameof(type));
        return new(entries);
    }
}
