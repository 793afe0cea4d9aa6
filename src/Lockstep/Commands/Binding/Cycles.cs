namespace Lockstep.Commands.Binding;

/// <summary>Finds circles in a graph of any depth.</summary>
internal static class Cycles
{
    /// <summary>A circle for each edge that closes one: the nodes from the edge's target round to its source.</summary>
    public static List<List<T>> Of<T>(IEnumerable<T> roots, Func<T, IReadOnlyList<T>> edges) where T : class
    {
        var found = new List<List<T>>();
        var done = new HashSet<T>();
        var open = new HashSet<T>();
        var path = new List<(T Node, IReadOnlyList<T> Edges, int Next)>();
        foreach (var root in roots)
        {
            Enter(root);
            while (path.Count > 0)
            {
                var (node, targets, next) = path[^1];
                if (next == targets.Count)
                {
                    path.RemoveAt(path.Count - 1);
                    open.Remove(node);
                    done.Add(node);
                    continue;
                }
                path[^1] = (node, targets, next + 1);
                var target = targets[next];
                if (open.Contains(target)) found.Add([.. path.Select(step => step.Node).SkipWhile(step => step != target)]);
                else Enter(target);
            }
        }
        return found;

        void Enter(T node)
        {
            if (done.Contains(node) || !open.Add(node)) return;
            path.Add((node, edges(node), 0));
        }
    }
}
