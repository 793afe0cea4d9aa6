using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep;

/// <summary>A plan written in C#. Each step has a name of its own among its siblings, from which its id comes: <c>import/load/users</c>.</summary>
/// <param name="name">The plan's name, as history shows it.</param>
/// <param name="directory">The absolute folder that its steps run in; the working directory by default.</param>
public sealed class CodePlan(string name, string? directory = null)
{
    private readonly Steps _steps = new(new StepId(name));

    /// <summary>Adds steps that run one after the other.</summary>
    /// <param name="add">Adds them.</param>
    /// <exception cref="ArgumentException">A name is empty, holds a slash, or is taken.</exception>
    public CodePlan Add(Action<Steps> add)
    {
        add(_steps);
        return this;
    }

    /// <summary>The plan so far.</summary>
    public Plan Build() => new(
        name, PlanMode.Run, _steps.Sequence(), [],
        new PlanContext(Path.GetFullPath(directory ?? Directory.GetCurrentDirectory()), [], Project.Os, RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()));

    /// <summary>The steps of one level.</summary>
    public sealed class Steps
    {
        private readonly StepId _parent;
        private readonly ImmutableArray<PlanNode>.Builder _nodes = ImmutableArray.CreateBuilder<PlanNode>();
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);

        internal Steps(StepId parent) => _parent = parent;

        /// <summary>A step of this program's own.</summary>
        /// <param name="name">Its name.</param>
        /// <param name="type">The type it is registered under in <see cref="RunOptions.Steps"/>.</param>
        /// <param name="parameters">What its code gets.</param>
        public Steps Custom(string name, string type, params (string Name, string Value)[] parameters)
            => Node(new CustomNode(Id(name), type, [.. parameters.Select(parameter => new CustomParameter(parameter.Name, ShellTemplate.Of(parameter.Value)))]));

        /// <summary>A shell command, as trusted as this program's own text: values belong into variables of the environment.</summary>
        public Steps Shell(string name, string command) => Node(new ShellNode(Id(name), ShellTemplate.Of(command)));

        /// <summary>Steps at the same time.</summary>
        /// <param name="name">Its name.</param>
        /// <param name="add">Adds the branches, one step each.</param>
        /// <param name="mode">What a failure does to the others; by default no further one starts.</param>
        /// <param name="concurrency">How many at once; null for twice the cores.</param>
        public Steps Parallel(string name, Action<Steps> add, ParallelMode mode = ParallelMode.FailFast, int? concurrency = null)
            => Node(new ParallelNode(Id(name), mode, concurrency, Inside(name, add)._nodes.ToImmutable()));

        /// <summary>Steps one after the other, as one.</summary>
        public Steps Sequence(string name, Action<Steps> add) => Node(Inside(name, add).Sequence());

        /// <summary>Steps that are tried again when they fail.</summary>
        /// <param name="name">Its name.</param>
        /// <param name="attempts">How often at most, the first time counted.</param>
        /// <param name="delay">The wait before the second attempt; it doubles each time, up to 5 minutes.</param>
        /// <param name="add">Adds them.</param>
        public Steps Retry(string name, int attempts, TimeSpan delay, Action<Steps> add)
            => Node(new RetryNode(Id(name), attempts, delay, Exponential: true, TimeSpan.FromMinutes(5), Jitter: false, Inside(name, add).Sequence()));

        /// <summary>Steps that have so much time together.</summary>
        public Steps Timeout(string name, TimeSpan limit, Action<Steps> add) => Node(new TimeoutNode(Id(name), limit, Inside(name, add).Sequence()));

        /// <summary>Steps with what happens when they are cut off and the run is resumed.</summary>
        public Steps Effect(string name, EffectKind effect, Action<Steps> add) => Node(new EffectNode(Id(name), effect, null, Inside(name, add).Sequence()));

        internal SequenceNode Sequence() => new(_parent, _nodes.ToImmutable());

        private Steps Inside(string name, Action<Steps> add)
        {
            var inside = new Steps(new StepId($"{_parent}/{name}"));
            add(inside);
            return inside;
        }

        private StepId Id(string name)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            if (name.Contains('/', StringComparison.Ordinal)) throw new ArgumentException($"the step's name '{name}' holds a slash", nameof(name));
            if (!_names.Add(name)) throw new ArgumentException($"there is a step '{name}' in {_parent} already", nameof(name));
            return new StepId($"{_parent}/{name}");
        }

        private Steps Node(PlanNode node)
        {
            _nodes.Add(node);
            return this;
        }
    }
}
