namespace Lockstep.Telemetry.Otlp;

/// <summary>A request that a collector is to be sent.</summary>
internal sealed record OtlpRequest(OtlpEndpoint To, byte[] Json);

/// <summary>What waits for a collector, beside the request that is on its way. From any thread.</summary>
/// <param name="most">How many bytes may wait; then the oldest requests go.</param>
internal sealed class OtlpBacklog(long most)
{
    private readonly LinkedList<OtlpRequest> _waiting = new();
    private long _bytes;

    /// <summary>How many requests have gone that nobody took.</summary>
    public int Lost { get; private set; }

    /// <summary>How many requests wait.</summary>
    public int Count => _waiting.Count;

    public void Add(OtlpRequest request)
    {
        lock (_waiting)
        {
            // One that is too large by itself is not to drive all others out.
            if (request.Json.Length > most)
            {
                Lost++;
                return;
            }

            _waiting.AddLast(request);
            _bytes += request.Json.Length;
            Shorten();
        }
    }

    /// <summary>The oldest request, which no longer waits; null when there is none.</summary>
    public OtlpRequest? Take()
    {
        lock (_waiting)
        {
            if (_waiting.First is not { Value: var oldest }) return null;
            RemoveOldest(oldest);
            return oldest;
        }
    }

    /// <summary>What was taken waits again, before all others.</summary>
    public void PutBack(OtlpRequest request)
    {
        lock (_waiting)
        {
            _waiting.AddFirst(request);
            _bytes += request.Json.Length;
            Shorten();
        }
    }

    /// <summary>What was taken is given up.</summary>
    public void GiveUp()
    {
        lock (_waiting) Lost++;
    }

    private void Shorten()
    {
        while (_bytes > most && _waiting.First is { Value: var oldest })
        {
            RemoveOldest(oldest);
            Lost++;
        }
    }

    private void RemoveOldest(OtlpRequest oldest)
    {
        _waiting.RemoveFirst();
        _bytes -= oldest.Json.Length;
    }
}
