namespace Lockstep.Commands.Binding;

/// <summary>Finds circles in a graph of any depth.</summary>
internal static class Cycles
{
    /// <summary>A circle for each edge that closes one: the nodes from the edge's target round to its source.</summary>
    /// <param name="roots">Where to begin.</param>
    /// <param name="target">The target of a node's edge by its position; null past the last.</param>
    public static List<List<T>> Of<T>(IEnumerable<T> roots, Func<T, int, T?> target) where T : class
    {
        var found = new List<List<T>>();
        var done = new HashSet<T>();
        var open = new HashSet<T>();
        var path = new List<(T Node, int Next)>();
        foreach (var root in roots)
        {
            Enter(root);
            while (path.Count > 0)
            {
                var (node, next) = path[^1];
                if (target(node, next) is not { } other)
                {
                    path.RemoveAt(path.Count - 1);
                    open.Remove(node);
                    done.Add(node);
                    continue;
                }
                path[^1] = (node, next + 1);
                if (open.Contains(other)) found.Add([.. path.Select(step => step.Node).SkipWhile(step => step != other)]);
                else Enter(other);
            }
        }
        return found;

        void Enter(T node)
        {
            if (done.Contains(node) || !open.Add(node)) return;
            path.Add((node, 0));
        }
    }
}
