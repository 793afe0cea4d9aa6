using Lockstep.Execution.Steps;
using Lockstep.Expressions;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Values;

namespace Lockstep.Execution;

/// <summary>The values of one run: what the plan knows, and what is resolved as the run goes, once each.</summary>
internal sealed class RunValues(Plan plan, Func<PlannedValue, CancellationToken, Task<ValueResolution>> resolve, StepCaptures captures, RunSecrets secrets, Func<RunEvent, long> append, Action<Scope> passGate, StopSignal abandon)
{
    private readonly Task<string>?[] _pending = new Task<string>?[plan.Values.Length];

    /// <summary>Takes what was resolved before the run was resumed; what is sensitive is not kept and resolved again.</summary>
    public void Restore(ValueWasResolved value)
    {
        if (value.Text is not null && value.Index >= 0 && value.Index < _pending.Length) _pending[value.Index] = Task.FromResult(value.Text);
    }

    public ValueTask<string> Text(int index, Scope scope)
    {
        var value = plan.Values[index];
        if (value.Resolved is { } known) return new(known.Text);
        if (value.Expression is OutputExpression output) return new(captures.Text(output.Step));

        // A value is the whole run's: a step that has to end waits no longer for it, and leaves it to the others, which may be a finally block.
        // One that could not be had is asked for again by who needs it next, which may be another attempt.
        var pending = _pending[index];
        if (pending is null or { IsFaulted: true } or { IsCanceled: true })
        {
            passGate(scope);
            _pending[index] = pending = Resolve(index, value);
        }

        return new(pending.IsCompleted ? pending : pending.WaitAsync(scope.Stop.Token));
    }

    private async Task<string> Resolve(int index, PlannedValue value)
    {
        if (value is { NotKept: true, Expression: VariableExpression or ParameterExpression })
            throw new StepFailedException($"{value.Name} is sensitive, and so its text was not kept with the run");
        var resolution = await resolve(value, abandon.Token);
        if (resolution is ValueFailed failed) throw new StepFailedException($"{failed.MessageFor(value)}; {failed.Help}");
        var (resolved, isSecret) = (ValueKnown)resolution;
        var sensitive = value.Sensitive || isSecret;
        if (sensitive) secrets.Add(resolved.Text);
        append(new ValueWasResolved(index, value.Name, sensitive ? null : resolved.Text, resolved.Source, resolved.CacheAge));
        return resolved.Text;
    }
}
