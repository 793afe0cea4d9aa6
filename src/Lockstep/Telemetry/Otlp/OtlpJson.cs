using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lockstep.Journal;

namespace Lockstep.Telemetry.Otlp;

/// <summary>Writes OTLP in its JSON form (opentelemetry-proto 1.x): ids in hexadecimal, 64-bit numbers as strings, enumerations as numbers.</summary>
internal sealed class OtlpJson(IReadOnlyList<(string Name, string Value)> resource, string version)
{
    private const int ServerKind = 2, InternalKind = 1, ErrorStatus = 2;
    private const int DeltaTemporality = 1, CumulativeTemporality = 2;

    public byte[] Traces(IReadOnlyList<TraceSpan> spans, string traceId) => Document("resourceSpans"u8, "scopeSpans"u8, "spans"u8, json =>
    {
        foreach (var span in spans)
        {
            json.WriteStartObject();
            json.WriteString("traceId"u8, traceId);
            json.WriteString("spanId"u8, span.Id);
            if (span.Parent is { } parent) json.WriteString("parentSpanId"u8, parent);
            json.WriteString("name"u8, span.Name);
            json.WriteNumber("kind"u8, span.IsRun ? ServerKind : InternalKind);
            Time(json, "startTimeUnixNano"u8, span.Start);
            Time(json, "endTimeUnixNano"u8, span.End < span.Start ? span.Start : span.End);
            Attributes(json, span.Attributes);
            json.WriteStartObject("status"u8);
            if (span.Error is { } error)
            {
                json.WriteNumber("code"u8, ErrorStatus);
                json.WriteString("message"u8, error);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }
    });

    public byte[] Logs(IReadOnlyList<RunEvent> events, TraceContext trace, SpanTree spans) => Document("resourceLogs"u8, "scopeLogs"u8, "logRecords"u8, json =>
    {
        foreach (var happened in events) Log(json, happened, trace, spans);
    });

    public byte[] Metrics(RunMetrics counted, string command, bool delta) => Document("resourceMetrics"u8, "scopeMetrics"u8, "metrics"u8, json =>
    {
        var temporality = delta ? DeltaTemporality : CumulativeTemporality;
        (string, object) name = ("cicd.pipeline.name", command);
        Metric("cicd.pipeline.run.duration"u8, "s"u8, "histogram"u8, () =>
        {
            foreach (var (result, histogram) in counted.Runs)
                Durations(histogram, [name, ("cicd.pipeline.run.state", "executing"), ("cicd.pipeline.result", result)]);
        });
        Metric("lockstep.runs"u8, "{run}"u8, "sum"u8, () =>
        {
            foreach (var (result, histogram) in counted.Runs) Number(histogram.Count, [name, ("cicd.pipeline.result", result)]);
        });
        Metric("lockstep.step.duration"u8, "s"u8, "histogram"u8, () =>
        {
            foreach (var ((kind, result), histogram) in counted.Steps) Durations(histogram, [name, ("lockstep.step.kind", kind), ("cicd.pipeline.task.run.result", result)]);
        });
        Metric("lockstep.steps"u8, "{step}"u8, "sum"u8, () =>
        {
            foreach (var ((kind, result), histogram) in counted.Steps) Number(histogram.Count, [name, ("lockstep.step.kind", kind), ("cicd.pipeline.task.run.result", result)]);
        });
        Metric("lockstep.retries"u8, "{retry}"u8, "sum"u8, () => Number(counted.Retries, [name]));

        void Metric(ReadOnlySpan<byte> called, ReadOnlySpan<byte> unit, ReadOnlySpan<byte> form, Action points)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, called);
            json.WriteString("unit"u8, unit);
            json.WriteStartObject(form);
            json.WriteNumber("aggregationTemporality"u8, temporality);
            if (form.SequenceEqual("sum"u8)) json.WriteBoolean("isMonotonic"u8, true);
            json.WriteStartArray("dataPoints"u8);
            points();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        void Number(long count, List<(string, object)> attributes)
        {
            Point(attributes);
            json.WriteString("asInt"u8, count.ToString(CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        void Durations(Histogram histogram, List<(string, object)> attributes)
        {
            Point(attributes);
            json.WriteString("count"u8, histogram.Count.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("sum"u8, histogram.Sum);
            json.WriteStartArray("bucketCounts"u8);
            foreach (var count in histogram.Counts) json.WriteStringValue(count.ToString(CultureInfo.InvariantCulture));
            json.WriteEndArray();
            json.WriteStartArray("explicitBounds"u8);
            foreach (var bound in Histogram.Bounds) json.WriteNumberValue(bound);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        void Point(List<(string, object)> attributes)
        {
            json.WriteStartObject();
            Attributes(json, attributes);
            Time(json, "startTimeUnixNano"u8, counted.Since.GetValueOrDefault());
            Time(json, "timeUnixNano"u8, counted.Until);
        }
    });

    private static void Log(Utf8JsonWriter json, RunEvent happened, TraceContext trace, SpanTree spans)
    {
        using var kept = JsonDocument.Parse(EventJson.ToUtf8(trace.Run, happened));
        var type = kept.RootElement.GetProperty("type"u8).GetString()!;
        var (severity, word) = SeverityOf(happened);
        json.WriteStartObject();
        Time(json, "timeUnixNano"u8, happened.At);
        Time(json, "observedTimeUnixNano"u8, happened.At);
        json.WriteNumber("severityNumber"u8, severity);
        json.WriteString("severityText"u8, word);
        json.WriteString("eventName"u8, $"lockstep.{type}");
        json.WriteStartObject("body"u8);
        json.WriteString("stringValue"u8, happened is StepEvent { Step: var step } ? $"{type} {step}" : type);
        json.WriteEndObject();
        json.WriteString("traceId"u8, trace.TraceId);
        json.WriteString("spanId"u8, happened is StepEvent about ? spans.IdOf(about.Step, about.Attempt) : trace.RunSpan);
        json.WriteStartArray("attributes"u8);
        foreach (var member in kept.RootElement.EnumerateObject())
        {
            if (member.Name is "type" or "v" or "at" || (member.Name == "attempt" && member.Value.ValueEquals(""u8))) continue;
            Attribute(json, member.Name switch { "run" => "lockstep.run.id", "step" => "lockstep.step.id", var other => $"lockstep.{other}" }, ValueOf(member.Value));
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static (int Number, string Word) SeverityOf(RunEvent happened) => happened switch
    {
        RunEnded { Outcome: not (Outcome.Succeeded or Outcome.Stopped) } or StepEnded { Outcome: Outcome.Failed or Outcome.TimedOut } => (17, "ERROR"),
        StepRetried or RunInterrupted => (13, "WARN"),
        _ => (9, "INFO"),
    };

    private static object ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.GetDouble(),
        _ => value.GetRawText(),
    };

    private static void Attributes(Utf8JsonWriter json, IEnumerable<(string Name, object Value)> attributes)
    {
        json.WriteStartArray("attributes"u8);
        foreach (var (name, value) in attributes) Attribute(json, name, value);
        json.WriteEndArray();
    }

    private static void Attribute(Utf8JsonWriter json, string name, object value)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, name);
        json.WriteStartObject("value"u8);
        switch (value)
        {
            case string text: json.WriteString("stringValue"u8, text); break;
            case bool truth: json.WriteBoolean("boolValue"u8, truth); break;
            case long number: json.WriteString("intValue"u8, number.ToString(CultureInfo.InvariantCulture)); break;
            case double number: json.WriteNumber("doubleValue"u8, number); break;
            default: throw new InvalidOperationException($"no attribute is a {value.GetType().Name}");
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Time(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset at)
        => json.WriteString(name, ((at - DateTimeOffset.UnixEpoch).Ticks * 100).ToString(CultureInfo.InvariantCulture));

    private byte[] Document(ReadOnlySpan<byte> outer, ReadOnlySpan<byte> scoped, ReadOnlySpan<byte> items, Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartArray(outer);
            json.WriteStartObject();
            json.WriteStartObject("resource"u8);
            Attributes(json, resource.Select(attribute => (attribute.Name, (object)attribute.Value)));
            json.WriteEndObject();
            json.WriteStartArray(scoped);
            json.WriteStartObject();
            json.WriteStartObject("scope"u8);
            json.WriteString("name"u8, "lockstep"u8);
            json.WriteString("version"u8, version);
            json.WriteEndObject();
            json.WriteStartArray(items);
            content(json);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
