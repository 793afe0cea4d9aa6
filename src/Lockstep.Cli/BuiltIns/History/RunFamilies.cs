using Lockstep.Sqlite;

namespace Lockstep.Cli.BuiltIns.History;

/// <summary>A run in its family: the run that nothing came before, all its reruns, and theirs.</summary>
/// <param name="Run">The run.</param>
/// <param name="Depth">How many runs it comes from; 0 for the first.</param>
/// <param name="Branch">The lines of the tree before it.</param>
internal sealed record RunInFamily(RunRecord Run, int Depth, string Branch);

/// <summary>Runs by what was rerun from what.</summary>
internal static class RunFamilies
{
    /// <summary>The whole families of the given runs, in the order of the runs; within a family each run before its reruns, the oldest of those first.</summary>
    public static IReadOnlyList<RunInFamily> Of(Sqlite.History history, IReadOnlyList<RunRecord> runs, bool unicode)
    {
        var listed = new List<RunInFamily>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var run in runs)
        {
            if (seen.Contains(run.Id.Text)) continue;
            var left = new Stack<(RunRecord Run, int Depth, string Before, bool Last)>();
            left.Push((First(history, run), 0, "", true));
            while (left.TryPop(out var next))
            {
                seen.Add(next.Run.Id.Text);
                listed.Add(new(next.Run, next.Depth, next.Depth == 0 ? "" : next.Before + (next.Last ? Corner() : Tee())));
                var reruns = history.ForksOf(next.Run.Id);
                var before = next.Depth == 0 ? "" : next.Before + (next.Last ? "   " : Bar());
                for (var i = reruns.Count - 1; i >= 0; i--) left.Push((reruns[i], next.Depth + 1, before, i == reruns.Count - 1));
            }
        }

        return listed;

        string Tee() => unicode ? "├─ " : "|- ";

        string Corner() => unicode ? "└─ " : "`- ";

        string Bar() => unicode ? "│  " : "|  ";
    }

    /// <summary>The oldest run that a run comes from and that is still kept.</summary>
    private static RunRecord First(Sqlite.History history, RunRecord run)
    {
        while (run.Parent is { } parent && history.Find(parent.Text) is { } found) run = found;
        return run;
    }
}
