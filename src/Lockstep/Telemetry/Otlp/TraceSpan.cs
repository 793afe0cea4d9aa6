namespace Lockstep.Telemetry.Otlp;

/// <summary>A stretch of time in a trace.</summary>
/// <param name="Id">16 hexadecimal digits.</param>
/// <param name="Parent">The span around it; null for none.</param>
/// <param name="Name">What is done.</param>
internal sealed record TraceSpan(string Id, string? Parent, string Name)
{
    public required DateTimeOffset Start { get; init; }

    /// <summary>When it ended; until then, the latest that is known of it.</summary>
    public DateTimeOffset End { get; set; }

    /// <summary>Whether it is the whole run, and not a part of it.</summary>
    public bool IsRun { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public string? Error { get; set; }

    /// <summary>By name: a string, a bool, a long or a double.</summary>
    public List<(string Name, object Value)> Attributes { get; } = [];
}
