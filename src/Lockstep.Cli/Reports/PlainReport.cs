using System.Buffers;
using System.Text;
using Lockstep.Cli.Options;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Processes;

namespace Lockstep.Cli.Reports;

/// <summary>Passes output on: unchanged from a step that runs alone, in whole labelled lines from steps that run beside each other.</summary>
internal sealed class PlainReport(Host host, Plan plan, bool outputToError) : RunReport
{
    private readonly StepLabels _labels = new(plan);
    private readonly HashSet<StepId> _rounds = plan.Mode == PlanMode.Watch ? [.. plan.Steps().OfType<DebounceNode>().Select(node => node.Body.Id)] : [];
    private readonly Stream _out = outputToError ? host.Screen.ErrorBytes : host.Screen.OutBytes;
    private readonly Dictionary<(StepId Step, OutputStream Stream), LineBuffer> _open = [];
    private readonly ArrayBufferWriter<byte> _lines = new();

    public override void OnEvent(RunEvent happened)
    {
        switch (happened)
        {
            case StepStarted started when host.Settings.Verbosity == Verbosity.Verbose:
                Note(started.Step, $"$ {started.Text}");
                break;
            case StepSkipped skipped when host.Settings.Verbosity == Verbosity.Verbose:
                Note(skipped.Step, $"- {skipped.Step} skipped: {skipped.Reason}");
                break;
            case LockWaited waited when host.Settings.Verbosity != Verbosity.Quiet:
                Note(waited.Step, $"waits for the lock '{waited.Name}', held by {waited.Holder ?? "another run"}");
                break;
            case StepEnded ended:
                Complete(ended.Step, OutputStream.Output);
                Complete(ended.Step, OutputStream.Errors);
                if (ended.Outcome is Outcome.Failed or Outcome.TimedOut && _rounds.Contains(ended.Step))
                    Note(ended.Step, $"round {ended.Attempt[(ended.Attempt.LastIndexOf('.') + 1)..]} failed: {ended.Reason}");
                break;
        }
    }

    public override void OnOutput(StepId step, OutputStream stream, ReadOnlySpan<byte> bytes)
    {
        if (_labels.Of(step) is not { } label)
        {
            Bytes(stream).Write(bytes);
            return;
        }
        if (!_open.TryGetValue((step, stream), out var buffer))
            _open[(step, stream)] = buffer = new LineBuffer(Prefix(label, stream));
        buffer.Write(bytes, _lines);
        Pass(stream);
    }

    private void Complete(StepId step, OutputStream stream)
    {
        if (!_open.Remove((step, stream), out var buffer)) return;
        buffer.Complete(_lines);
        Pass(stream);
    }

    private void Pass(OutputStream stream)
    {
        if (_lines.WrittenCount > 0) Bytes(stream).Write(_lines.WrittenSpan);
        _lines.ResetWrittenCount();
    }

    private void Note(StepId step, string text)
    {
        var label = _labels.Of(step) is { } known ? $"{known} | " : "";
        host.Screen.Error.WriteLine(host.Screen.ErrorStyle.Dim($"{label}{text}"));
        host.Screen.Error.Flush();
    }

    private byte[] Prefix(string label, OutputStream stream)
    {
        var style = stream == OutputStream.Output && !outputToError ? host.Screen.OutStyle : host.Screen.ErrorStyle;
        return Encoding.UTF8.GetBytes($"{style.Cyan(label)} | ");
    }

    private Stream Bytes(OutputStream stream) => stream == OutputStream.Output ? _out : host.Screen.ErrorBytes;
}
