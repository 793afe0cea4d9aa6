using System.Text.Json;
using System.Text.Json.Serialization;
using Lockstep.Plans;

namespace Lockstep.Journal;

/// <summary>Something that a person or another program asks of a run, from whatever process. Closed.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(InterruptRequest), "interrupt")]
[JsonDerivedType(typeof(StopRequest), "stop")]
[JsonDerivedType(typeof(PauseRequest), "pause")]
[JsonDerivedType(typeof(ApproveRequest), "approve")]
[JsonDerivedType(typeof(CheckpointRequest), "checkpoint")]
public abstract record ControlRequest
{
    private protected ControlRequest() { }

    /// <summary>Its number in the store it came through; 0 for one of this process.</summary>
    [JsonIgnore]
    public long Key { get; init; }

    /// <summary>Its JSON, as a store keeps it.</summary>
    internal byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, ControlJsonContext.Default.ControlRequest);

    /// <summary>What <see cref="ToUtf8"/> wrote.</summary>
    /// <exception cref="JournalException">It is none, or one that only a newer release knows.</exception>
    internal static ControlRequest Read(ReadOnlySpan<byte> json, long key)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ControlJsonContext.Default.ControlRequest)! with { Key = key };
        }
        catch (JsonException broken)
        {
            throw new JournalException($"a request to a run can't be read: {broken.Message}", broken);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ControlRequest))]
internal sealed partial class ControlJsonContext : JsonSerializerContext;

/// <summary>To end: the first time gracefully, the second time at once.</summary>
/// <param name="Signal">What asked, as shown in history: <c>Ctrl-C</c>, <c>SIGTERM</c>, <c>anna with lockstep abort</c>.</param>
/// <param name="AtOnce">Whether the first time is enough for all to end at once, as when another process has taken the run over.</param>
public sealed record InterruptRequest(string Signal, bool AtOnce = false) : ControlRequest;

/// <summary>To end as it was started to, as a watch is stopped: it ends as stopped, with exit code 0. The second time all ends at once.</summary>
/// <param name="By">Who asks; null, with <paramref name="ByItself"/>, takes an earlier one back.</param>
/// <param name="ByItself">Whether something else is about to end it, such as a watch's own <c>stop</c>: however its steps end then, it was stopped.</param>
public sealed record StopRequest(string? By, bool ByItself = false) : ControlRequest;

/// <summary>To pause: no further step starts, those that run come to their end, and the run stands still until it is resumed.</summary>
/// <param name="By">Who asks.</param>
/// <param name="Reason">Why; null when nobody said.</param>
public sealed record PauseRequest(string By, string? Reason) : ControlRequest;

/// <summary>An answer for a step that may happen only once and nobody knows whether it has.</summary>
/// <param name="Step">The step.</param>
/// <param name="Done">Whether it has happened: then it counts as completed, else it runs.</param>
/// <param name="By">Who says so.</param>
/// <param name="Reason">Why; null when nobody said.</param>
public sealed record ApproveRequest(StepId Step, bool Done, string By, string? Reason) : ControlRequest;

/// <summary>To name this position of the run, so that it can be forked from.</summary>
/// <param name="Label">The name.</param>
/// <param name="By">Who asks.</param>
public sealed record CheckpointRequest(string Label, string By) : ControlRequest;
