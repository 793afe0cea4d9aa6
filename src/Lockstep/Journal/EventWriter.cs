using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lockstep.Expressions;

namespace Lockstep.Journal;

/// <summary>Writes events one after the other, with one buffer for all.</summary>
/// <remarks>By hand, since the serializer takes longer to learn one kind of event than the first step of a run takes to run.</remarks>
internal sealed class EventWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;

    public EventWriter() => _json = new(_buffer, new JsonWriterOptions
    {
        // An event is read by programs and people and never stands in HTML: text stays as it is.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    });

    /// <summary>The event's JSON in UTF-8, valid until the next one is written.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="run">Its run, where it stands by itself; null in a journal, which says so once for all.</param>
    public ReadOnlySpan<byte> Write(RunEvent happened, RunId? run = null)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        switch (happened)
        {
            case RunStarted e: Write(e); break;
            case RunEnded e: Write(e); break;
            case RunInterrupted e: Write(e); break;
            case RunResumed e: Write(e); break;
            case RunForked e: Write(e); break;
            case PauseAsked e: Write(e); break;
            case RunPaused e: Write(e); break;
            case CheckpointCreated e: Write(e); break;
            case ValueWasResolved e: Write(e); break;
            case StepEvent e: Write(e); break;
            default: throw new InvalidOperationException($"no JSON for the event {happened.GetType().Name}");
        }

        if (run is { } known) _json.WriteString("run"u8, known.Text);
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenSpan;
    }

    public void Dispose() => _json.Dispose();

    private void Write(RunStarted e)
    {
        Head("execution:start"u8, e);
        _json.WriteString("command"u8, e.Command);
        Array("arguments"u8, e.Arguments);
        _json.WriteString("directory"u8, e.Directory);
        _json.WriteString("graph_hash"u8, e.GraphHash);
        _json.WriteString("tool_version"u8, e.ToolVersion);
        _json.WriteNumber("process_id"u8, e.ProcessId);
        Optional("trace_parent"u8, e.TraceParent);
    }

    private void Write(RunEnded e)
    {
        Head("execution:end"u8, e);
        _json.WriteString("outcome"u8, NameOf(e.Outcome));
        _json.WriteNumber("exit_code"u8, e.ExitCode);
        Milliseconds("duration_ms"u8, e.Duration);
        Optional("root_cause"u8, e.RootCause?.Path);
        Optional("reason"u8, e.Reason);
    }

    private void Write(RunInterrupted e)
    {
        Head("execution:interrupted"u8, e);
        _json.WriteString("signal"u8, e.Signal);
        _json.WriteBoolean("immediately"u8, e.Immediately);
        if (e.Stop) _json.WriteBoolean("stop"u8, true);
    }

    private void Write(RunResumed e)
    {
        Head("execution:resumed"u8, e);
        _json.WriteNumber("process_id"u8, e.ProcessId);
        _json.WriteString("tool_version"u8, e.ToolVersion);
        _json.WriteString("reason"u8, e.Reason);
        _json.WriteString("alive_until"u8, e.AliveUntil);
    }

    private void Write(RunForked e)
    {
        Head("execution:forked"u8, e);
        _json.WriteString("parent"u8, e.Parent);
        _json.WriteNumber("after"u8, e.After);
        _json.WriteString("from"u8, e.From);
        Array("changes"u8, e.Changes);
        _json.WriteString("graph_hash"u8, e.GraphHash);
        _json.WriteNumber("process_id"u8, e.ProcessId);
        _json.WriteString("tool_version"u8, e.ToolVersion);
    }

    private void Write(PauseAsked e)
    {
        Head("execution:pausing"u8, e);
        _json.WriteString("by"u8, e.By);
        Optional("reason"u8, e.Reason);
    }

    private void Write(RunPaused e)
    {
        Head("execution:paused"u8, e);
        _json.WriteString("reason"u8, e.Reason);
        Optional("step"u8, e.Step?.Path);
        if (e.Until is { } until) _json.WriteString("until"u8, until);
    }

    private void Write(CheckpointCreated e)
    {
        Head("checkpoint:created"u8, e);
        _json.WriteString("label"u8, e.Label);
        _json.WriteString("by"u8, e.By);
    }

    private void Write(ValueWasResolved e)
    {
        Head("value:resolved"u8, e);
        _json.WriteNumber("index"u8, e.Index);
        _json.WriteString("name"u8, e.Name);
        Optional("text"u8, e.Text);
        _json.WriteString("source"u8, NameOf(e.Source));
        if (e.CacheAge is { } age) Milliseconds("cache_age_ms"u8, age);
    }

    private void Write(StepEvent about)
    {
        switch (about)
        {
            case StepStarted e:
                Head("step:start"u8, e);
                _json.WriteString("text"u8, e.Text);
                _json.WriteString("reason"u8, e.Reason);
                break;
            case StepEnded e:
                Head("step:end"u8, e);
                _json.WriteString("outcome"u8, NameOf(e.Outcome));
                if (e.ExitCode is { } code) _json.WriteNumber("exit_code"u8, code);
                Milliseconds("duration_ms"u8, e.Duration);
                Optional("reason"u8, e.Reason);
                _json.WriteNumber("output_bytes"u8, e.OutputBytes);
                Optional("output"u8, e.Output);
                Optional("cause"u8, e.Cause?.Path);
                break;
            case StepSkipped e:
                Head("step:skipped"u8, e);
                _json.WriteString("reason"u8, e.Reason);
                break;
            case StepRetried e:
                Head("step:retry"u8, e);
                _json.WriteNumber("failed"u8, e.Failed);
                _json.WriteNumber("attempts"u8, e.Attempts);
                _json.WriteString("due"u8, e.Due);
                _json.WriteString("error"u8, e.Error);
                break;
            case StepRestarted e:
                Head("step:restart"u8, e);
                _json.WriteNumber("round"u8, e.Round);
                Array("files"u8, e.Files);
                _json.WriteString("reason"u8, e.Reason);
                break;
            case ConditionEvaluated e:
                Head("condition:evaluated"u8, e);
                Optional("value"u8, e.Value);
                Optional("branch"u8, e.Branch);
                _json.WriteString("reason"u8, e.Reason);
                break;
            case SlotWaited e:
                Head("step:waiting"u8, e);
                _json.WriteString("limit"u8, e.Limit);
                _json.WriteNumber("slots"u8, e.Slots);
                Optional("holder"u8, e.Holder);
                break;
            case LockWaited e:
                Head("lock:waiting"u8, e);
                _json.WriteString("name"u8, e.Name);
                Optional("holder"u8, e.Holder);
                break;
            case BranchesWaited e:
                Head("branches:waiting"u8, e);
                _json.WriteNumber("limit"u8, e.Limit);
                _json.WriteNumber("waiting"u8, e.Waiting);
                _json.WriteString("reason"u8, e.Reason);
                break;
            case LockTaken e:
                Head("lock:taken"u8, e);
                _json.WriteString("name"u8, e.Name);
                Milliseconds("waited_ms"u8, e.Waited);
                break;
            case OnceCalled e:
                Head("call:once"u8, e);
                _json.WriteString("command"u8, e.Command);
                break;
            case LockReleased e:
                Head("lock:released"u8, e);
                _json.WriteString("name"u8, e.Name);
                Milliseconds("held_ms"u8, e.Held);
                break;
            case TimerStarted e:
                Head("timer:start"u8, e);
                Milliseconds("duration_ms"u8, e.Duration);
                break;
            case EffectChecked e:
                Head("effect:checked"u8, e);
                _json.WriteString("finding"u8, NameOf(e.Finding));
                _json.WriteString("by"u8, e.By);
                _json.WriteString("reason"u8, e.Reason);
                break;
            case CacheMissed e:
                Head("cache:missed"u8, e);
                _json.WriteString("reason"u8, e.Reason);
                Array("warnings"u8, e.Warnings);
                break;
            case ConfirmationAnswered e:
                Head("confirm:answered"u8, e);
                _json.WriteBoolean("granted"u8, e.Granted);
                _json.WriteString("by"u8, e.By);
                break;
            default: throw new InvalidOperationException($"no JSON for the event {about.GetType().Name}");
        }
    }

    private void Head(ReadOnlySpan<byte> type, StepEvent about)
    {
        Head(type, (RunEvent)about);
        _json.WriteString("step"u8, about.Step.Path);
        _json.WriteString("attempt"u8, about.Attempt);
    }

    private void Head(ReadOnlySpan<byte> type, RunEvent happened)
    {
        _json.WriteString("type"u8, type);
        _json.WriteNumber("v"u8, EventJson.FormatVersion);
        _json.WriteNumber("sequence"u8, happened.Sequence);
        _json.WriteString("at"u8, happened.At);
    }

    private void Array(ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        _json.WriteStartArray(name);
        for (var i = 0; i < texts.Count; i++) _json.WriteStringValue(texts[i]);
        _json.WriteEndArray();
    }

    private void Optional(ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null) _json.WriteString(name, text);
    }

    private void Milliseconds(ReadOnlySpan<byte> name, TimeSpan duration)
    {
        var (whole, rest) = long.DivRem(duration.Ticks, TimeSpan.TicksPerMillisecond);
        if (rest == 0) _json.WriteNumber(name, whole);
        else _json.WriteNumber(name, (decimal)duration.Ticks / TimeSpan.TicksPerMillisecond);
    }

    private static ReadOnlySpan<byte> NameOf(Outcome outcome) => outcome switch
    {
        Outcome.Succeeded => "succeeded"u8,
        Outcome.Failed => "failed"u8,
        Outcome.TimedOut => "timed-out"u8,
        Outcome.Cancelled => "cancelled"u8,
        Outcome.Refused => "refused"u8,
        Outcome.Stopped => "stopped"u8,
        _ => throw new InvalidOperationException($"no name for the outcome {outcome}"),
    };

    private static ReadOnlySpan<byte> NameOf(EffectFinding finding) => finding switch
    {
        EffectFinding.Done => "done"u8,
        EffectFinding.NotDone => "not-done"u8,
        EffectFinding.Unknown => "unknown"u8,
        _ => throw new InvalidOperationException($"no name for the finding {finding}"),
    };

    private static ReadOnlySpan<byte> NameOf(ValueSource source) => source switch
    {
        ValueSource.Variable => "variable"u8,
        ValueSource.Input => "input"u8,
        ValueSource.Environment => "environment"u8,
        ValueSource.Default => "default"u8,
        ValueSource.Captured => "captured"u8,
        ValueSource.Http => "http"u8,
        ValueSource.Dns => "dns"u8,
        ValueSource.File => "file"u8,
        ValueSource.Shell => "shell"u8,
        ValueSource.Clock => "clock"u8,
        ValueSource.Secret => "secret"u8,
        ValueSource.Config => "config"u8,
        ValueSource.Step => "step"u8,
        _ => throw new InvalidOperationException($"no name for the source {source}"),
    };
}
