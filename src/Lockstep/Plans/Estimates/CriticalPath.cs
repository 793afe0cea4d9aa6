using Lockstep.Plans.Nodes;

namespace Lockstep.Plans.Estimates;

/// <summary>The longest way through a plan, from how long its leaves take; each kind of step says what its children's times come to.</summary>
/// <remarks>Steps stand so that a step's children stand side by side and after it: one pass from the end gives all, at any depth.</remarks>
internal sealed class CriticalPath
{
    /// <summary>How often at most times are worked out anew because a command waits for another that is needed beside it.</summary>
    private const int MostPasses = 16;

    private readonly int _cores;
    private readonly PlanNode[] _steps;
    private readonly int[] _firstChild;
    private readonly int[] _parent;
    private readonly bool[] _isExcluded;
    private readonly PathTime[] _times;
    private readonly Dictionary<StepId, int> _places = [];
    private readonly List<(int Waits, int For)> _waits = [];

    /// <param name="plan">The plan.</param>
    /// <param name="cores">The cores of the machine it runs on, which limit what runs at once where the plan does not.</param>
    public CriticalPath(Plan plan, int cores)
    {
        _cores = cores;
        var steps = new List<PlanNode> { plan.Root };
        var first = new List<int>();
        var parent = new List<int> { -1 };
        var excluded = new List<bool> { false };
        for (var i = 0; i < steps.Count; i++)
        {
            first.Add(steps.Count);
            foreach (var child in steps[i].Children)
            {
                steps.Add(child);
                parent.Add(i);
                excluded.Add(excluded[i] || steps[i] is ConditionalNode { Evaluation: not null } chosen && chosen.Selected?.Body != child);
            }
        }

        first.Add(steps.Count);
        _steps = [.. steps];
        _firstChild = [.. first];
        _parent = [.. parent];
        _isExcluded = [.. excluded];
        _times = new PathTime[_steps.Length];
        for (var i = 0; i < _steps.Length; i++) _places[_steps[i].Id] = i;
        FindWaits();
    }

    /// <summary>The steps that take time of their own, without those in branches that were not chosen.</summary>
    public IEnumerable<PlanNode> Leaves => _steps.Where((step, i) => step.TakesTime && !_isExcluded[i]);

    /// <summary>Works out the time of every step, and gives the plan's.</summary>
    /// <param name="leaf">The time of a leaf.</param>
    public PathTime Measure(Func<StepId, PathTime> leaf)
    {
        for (var i = 0; i < _steps.Length; i++)
            if (_firstChild[i] == _firstChild[i + 1]) _times[i] = _steps[i].TakesTime && !_isExcluded[i] ? leaf(_steps[i].Id) : default;
        Sum();
        for (var pass = 1; pass < MostPasses && Wait(); pass++) Sum();
        return _times[0];
    }

    /// <summary>The time of a step, as last worked out.</summary>
    public PathTime Of(StepId step) => _times[_places[step]];

    /// <summary>The leaves of a step, itself if it is one.</summary>
    public IEnumerable<StepId> LeavesOf(StepId step)
    {
        var pending = new Stack<int>();
        pending.Push(_places[step]);
        while (pending.TryPop(out var at))
        {
            if (_steps[at].TakesTime) yield return _steps[at].Id;
            for (var child = _firstChild[at]; child < _firstChild[at + 1]; child++) pending.Push(child);
        }
    }

    private void Sum()
    {
        for (var i = _steps.Length - 1; i >= 0; i--)
        {
            var children = _times.AsSpan(_firstChild[i].._firstChild[i + 1]);
            if (!children.IsEmpty) _times[i] = _steps[i].TimeOver(children, _cores);
        }
    }

    /// <summary>A need whose steps stand at another need of the same command, beside it, takes as long as those.</summary>
    private bool Wait()
    {
        var changed = false;
        foreach (var (waits, command) in _waits)
        {
            if (_times[waits].Time == _times[command].Time) continue;
            _times[waits] = _times[command];
            changed = true;
        }

        return changed;
    }

    private void FindWaits()
    {
        Dictionary<string, int>? commands = null;
        for (var i = 0; i < _steps.Length; i++)
            if (_steps[i] is CallNode { Once: true, Body: not null } call) (commands ??= new(StringComparer.Ordinal)).TryAdd(call.Command, i);
        if (commands is null) return;
        for (var i = 0; i < _steps.Length; i++)
            if (_steps[i] is CallNode { Once: true, Body: null } call && commands.TryGetValue(call.Command, out var at) && AreBeside(i, at)) _waits.Add((i, at));
    }

    /// <summary>Whether two steps may run at the same time; parents stand before their children.</summary>
    private bool AreBeside(int one, int other)
    {
        while (one != other)
        {
            if (one > other) one = _parent[one];
            else other = _parent[other];
        }

        return _steps[one] is NeedsNode or ParallelNode;
    }
}
