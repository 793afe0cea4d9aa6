using Lockstep.Execution.Steps;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Processes;
using Lockstep.Redaction;

namespace Lockstep.Execution;

/// <summary>Takes output of a step, already redacted.</summary>
/// <param name="step">The step that printed it.</param>
/// <param name="stream">Where it printed it.</param>
/// <param name="bytes">What it printed; valid during the call.</param>
public delegate void OutputObserver(StepId step, OutputStream stream, ReadOnlySpan<byte> bytes);

/// <summary>Leads each step's output through redaction to whoever watches and to the journal.</summary>
internal sealed class RunOutputs(IRunJournal journal, RunSecrets secrets, StepCaptures captures, OutputObserver? observer)
{
    public StepOutput Open(PlanNode node, Scope scope)
    {
        var capture = captures.Begin(node.Id);
        var output = Redactor(OutputStream.Output);
        var errors = Redactor(OutputStream.Errors);
        long count = 0;
        return new StepOutput(Write, Complete);

        StreamRedactor? Redactor(OutputStream stream) => secrets.Redactor(bytes => Pass(stream, bytes));

        void Write(OutputStream stream, ReadOnlySpan<byte> bytes)
        {
            count += bytes.Length;
            if (capture is not null && stream == OutputStream.Output && capture.Length <= StepCaptures.Limit) capture.Write(bytes);
            var redactor = stream == OutputStream.Output ? output : errors;
            if (redactor is null) Pass(stream, bytes);
            else redactor.Write(bytes);
        }

        (long Bytes, string? Text) Complete()
        {
            output?.Complete();
            errors?.Complete();
            return (count, capture is { Length: <= StepCaptures.Limit } ? StepCaptures.Text(capture).Trim() : null);
        }

        void Pass(OutputStream stream, ReadOnlySpan<byte> bytes)
        {
            observer?.Invoke(node.Id, stream, bytes);
            journal.AppendOutput(node.Id, scope.Attempt, bytes);
        }
    }
}
