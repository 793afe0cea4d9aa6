using System.Diagnostics;
using System.Globalization;

namespace Lockstep.KillLoop;

/// <summary>
/// Kills the program with SIGKILL at random moments of a workflow, resumes the run, kills that as well, and at last lets it come to its end: nothing may be
/// lost, and what may happen only once may not happen twice. Options: <c>--binary PATH</c>, <c>--cycles N</c>, <c>--seed S</c>.
/// </summary>
internal static class Program
{
    private const int MostKills = 4;

    private static int Main(string[] arguments)
    {
        var binary = Path.GetFullPath(Option(arguments, "--binary", "artifacts/lockstep"));
        var cycles = int.Parse(Option(arguments, "--cycles", "200"), CultureInfo.InvariantCulture);
        var seed = int.Parse(Option(arguments, "--seed", "1"), CultureInfo.InvariantCulture);
        if (!File.Exists(binary))
        {
            Console.Error.WriteLine($"there is no {binary}: ./build native makes it, --binary names another");
            return 2;
        }

        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        var tally = new Tally();
        var whole = TimeSpan.Zero;
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            using var workflow = new Workflow(binary);
            if (cycle == 0) whole = workflow.TimeOfAWholeRun();
            var killed = 0;
            while (killed < MostKills && workflow.KillAfter(whole * (random.NextDouble() * 1.1)))
            {
                killed++;
                if (random.Next(3) == 0) break;
            }

            tally.Add(cycle, killed, workflow.Finish());
        }

        Console.WriteLine(tally.Told(cycles, seed, clock.Elapsed));
        return tally.Sound ? 0 : 1;
    }

    private static string Option(string[] arguments, string name, string otherwise)
        => Array.IndexOf(arguments, name) is var at and >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : otherwise;
}
