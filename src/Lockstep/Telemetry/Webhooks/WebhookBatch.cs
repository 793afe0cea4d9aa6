using System.Buffers;
using System.Text;
using System.Text.Json;
using Lockstep.Journal;

namespace Lockstep.Telemetry.Webhooks;

/// <summary>Events of one run that go to a receiver in one request, in their order.</summary>
/// <param name="Run">The run.</param>
/// <param name="Events">The events that the receiver wants, as JSON; may be empty.</param>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last one that is settled by it, wanted or not.</param>
/// <param name="EndsRun">Whether nothing comes after it.</param>
internal sealed record WebhookBatch(RunId Run, IReadOnlyList<byte[]> Events, long First, long Last, bool EndsRun)
{
    /// <summary>The most events of one request.</summary>
    public const int Most = 100;

    /// <summary>The id of the request: the same one again has the same.</summary>
    public string Id => $"{Run}.{First}-{Last}";

    /// <summary>Parts a run's events into requests.</summary>
    public static IEnumerable<WebhookBatch> Of(RunId run, IReadOnlyList<RunEvent> events, WebhookReceiver receiver)
    {
        var wanted = new List<byte[]>();
        var first = 0L;
        foreach (var happened in events)
        {
            var json = EventJson.ToUtf8(run, happened);
            if (receiver.Wants(EventJson.TypeOf(json)))
            {
                if (wanted.Count == 0) first = happened.Sequence;
                wanted.Add(json);
            }

            if (wanted.Count < Most && happened != events[^1]) continue;
            yield return new(run, [.. wanted], first, happened.Sequence, happened is RunEnded);
            wanted.Clear();
        }
    }

    /// <summary>The request's body: <c>{"run":…,"events":[…]}</c>.</summary>
    public byte[] Body()
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("run"u8, Encoding.UTF8.GetBytes(Run.Text));
            json.WriteStartArray("events"u8);
            foreach (var happened in Events) json.WriteRawValue(happened, skipInputValidation: true);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.WrittenSpan.ToArray();
    }
}
