using System.Text;
using Lockstep.Execution.Steps;
using Lockstep.Execution.Steps.Leaves;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Processes;
using Lockstep.Values;

namespace Lockstep.Simulation;

/// <summary>What a step's process has done to the world.</summary>
/// <param name="Step">The step.</param>
/// <param name="Key">The <c>LOCKSTEP_STEP_KEY</c> it had; null when none.</param>
internal readonly record struct DoneWork(StepId Step, string? Key);

/// <summary>The world around a simulated run: it outlives every process that executes the run, and remembers what was done to it.</summary>
internal sealed class SimulatedWorld(ScriptedSteps script, VirtualLoop loop, ValueResolver resolver)
{
    private readonly Dictionary<StepId, List<string>> _attempts = [];
    private readonly List<DoneWork> _works = [];

    /// <summary>What was done, in order.</summary>
    public IReadOnlyList<DoneWork> Works => _works;

    /// <summary>Whether verify commands can't find out anything any more.</summary>
    public bool Blind { get; set; }

    /// <summary>Whether a step has done its work, as a person who looks would see.</summary>
    public bool HasHappened(StepId step) => _works.Exists(work => work.Step == step);

    /// <summary>Starts what stands in the place of a process.</summary>
    /// <param name="asked">The process.</param>
    /// <param name="life">The process of lockstep that starts it.</param>
    public StartedProcess Start(StepProcess asked, Life life)
    {
        var process = new ScriptedRun(loop);
        if (life.IsOver) process.End(new ProcessExit(null, 9));
        else if (asked.Verifies) loop.After(TimeSpan.Zero, () => process.End(new ProcessExit(Verified(asked.Step.Id), null)));
        else Begin(asked, process, life);
        return process.Started;
    }

    /// <summary>The text of a value that the plan left open.</summary>
    public Task<ValueResolution> Resolve(PlannedValue value)
    {
        if (script.Value(value) is { } text) return Known(text);
        return value.Expression is EnvironmentExpression or FileExpression or TimestampExpression or UuidExpression or VariableExpression or ParameterExpression
            ? Task.FromResult(resolver.ResolveCheap(value.Expression)!)
            : Known(ScriptedSteps.StandIn(value));

        Task<ValueResolution> Known(string text) => Task.FromResult<ValueResolution>(new ValueKnown(
            new ResolvedValue(text, SourceOf(value.Expression), loop.Clock.GetUtcNow()), value.Expression is SecretExpression));
    }

    private void Begin(StepProcess asked, ScriptedRun process, Life life)
    {
        var scripted = script.Of(asked, AttemptOf(asked.Step.Id, asked.Scope.Attempt));
        var fault = life.NextEffect(asked.Step.Id);
        if (fault is EffectPoint.Started)
        {
            process.End(new ProcessExit(null, 9));
            life.Crash();
            return;
        }
        loop.After(scripted.Duration, () =>
        {
            // Ended before its time, it has done nothing.
            if (process.HasEnded || life.IsOver) return;
            if (scripted.ExitCode == 0) _works.Add(new DoneWork(asked.Step.Id, asked.Spec.Environment?[Effects.KeyVariable]));
            if (fault is not null)
            {
                Blind |= fault is EffectPoint.Unknown;
                life.Crash();
                return;
            }
            if (asked.Spec.Output is OutputTo.Pipe) Print(asked.Spec, OutputStream.Output, scripted.Output);
            Print(asked.Spec, OutputStream.Errors, scripted.Errors);
            process.End(new ProcessExit(scripted.ExitCode, null));
        });
    }

    private int Verified(StepId step) => Blind ? 2 : script.Verify(step) ?? (HasHappened(step) ? 0 : 1);

    /// <summary>Which attempt of its step this is, from 0: one that was cut off is the same when it runs again.</summary>
    private int AttemptOf(StepId step, string attempt)
    {
        if (!_attempts.TryGetValue(step, out var seen)) _attempts.Add(step, seen = []);
        var index = seen.IndexOf(attempt);
        if (index >= 0) return index;
        seen.Add(attempt);
        return seen.Count - 1;
    }

    private static void Print(ProcessSpec spec, OutputStream stream, string text)
    {
        if (text.Length > 0) spec.OnOutput?.Invoke(stream, Encoding.UTF8.GetBytes(text));
    }

    private static ValueSource SourceOf(ValueExpression expression) => expression switch
    {
        HttpExpression => ValueSource.Http,
        DnsExpression => ValueSource.Dns,
        ShellExpression => ValueSource.Shell,
        SecretExpression => ValueSource.Secret,
        _ => ValueSource.Input,
    };

    /// <summary>A process that is none.</summary>
    private sealed class ScriptedRun
    {
        private readonly TaskCompletionSource<ProcessExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ScriptedRun(VirtualLoop loop) => Started = new StartedProcess(
            _exit.Task,
            _ =>
            {
                loop.After(TimeSpan.Zero, () => End(new ProcessExit(null, 15)));
                return _exit.Task;
            },
            () => End(new ProcessExit(null, 9)));

        public StartedProcess Started { get; }

        public bool HasEnded => _exit.Task.IsCompleted;

        public void End(ProcessExit exit) => _exit.TrySetResult(exit);
    }
}
