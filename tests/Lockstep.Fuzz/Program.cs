using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lockstep.Commands;
using Lockstep.Commands.Formatting;
using Lockstep.Source;

namespace Lockstep.Fuzz;

/// <summary>
/// Feeds inputs to the reader, the binder and the planner of command files and to the formatter; tells those that crash one of them,
/// take too long, or are formatted otherwise the second time.
/// Options: <c>--count N</c> inputs, <c>--seed S</c>, <c>--seconds-per-input T</c>, <c>--only I</c> to run one of them again.
/// </summary>
internal static class Program
{
    private const int Workers = 2;
    private const int MaximumShown = 10;

    private static readonly Lock Output = new();

    private static int Main(string[] arguments)
    {
        var count = (int)Option(arguments, "--count", 10_000);
        var seed = (int)Option(arguments, "--seed", 1);
        var limit = TimeSpan.FromSeconds(Option(arguments, "--seconds-per-input", 1));
        var only = (int)Option(arguments, "--only", -1);
        var clock = Stopwatch.StartNew();
        var failures = 0;
        var current = new (int Input, long Since)[Workers];

        var threads = new Thread[Workers];
        for (var worker = 0; worker < Workers; worker++)
        {
            var first = worker;
            threads[worker] = new Thread(() => Work(first)) { IsBackground = true };
            threads[worker].Start();
        }
        var hung = Watch(threads, current, seed);

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(only >= 0 ? 1 : count)} inputs, {failures + hung} failures, seed {seed}, {clock.Elapsed.TotalSeconds:0.0} s"));
        return failures + hung == 0 ? 0 : 1;

        void Work(int worker)
        {
            for (var input = worker; input < count; input += Workers)
            {
                if (only >= 0 && input != only) continue;
                current[worker].Input = input;
                Volatile.Write(ref current[worker].Since, Stopwatch.GetTimestamp());
                var bytes = InputOf(seed, input);
                if (Failure(bytes, limit) is not { } failure) continue;
                if (Interlocked.Increment(ref failures) <= MaximumShown) Show(seed, input, failure, bytes);
            }
            Volatile.Write(ref current[worker].Since, long.MaxValue);
        }
    }

    /// <summary>Waits for all workers; one that is not done with an input after a minute never will be.</summary>
    private static int Watch(Thread[] threads, (int Input, long Since)[] current, int seed)
    {
        var running = threads.Select((thread, worker) => (thread, worker)).ToList();
        while (running.Count > 0)
        {
            running.RemoveAll(one => one.thread.Join(TimeSpan.FromMilliseconds(200)));
            foreach (var (_, worker) in running)
            {
                var since = Volatile.Read(ref current[worker].Since);
                if (since is 0 or long.MaxValue || Stopwatch.GetElapsedTime(since) < TimeSpan.FromMinutes(1)) continue;
                Show(seed, current[worker].Input, "does not end", InputOf(seed, current[worker].Input));
                return 1;
            }
        }
        return 0;
    }

    private static byte[] InputOf(int seed, int input) => new Generator(new Random(unchecked(seed * 1_000_003 + input))).Next();

    /// <summary>What is wrong with an input. The machine may be busy with other things: slow is only what takes the processor long, each of three times.</summary>
    private static string? Failure(byte[] bytes, TimeSpan limit)
    {
        var fastest = TimeSpan.MaxValue;
        for (var i = 0; i < 3 && fastest > limit; i++)
        {
            var (started, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            if (Try(bytes) is { } failure) return failure;
            var elapsed = Stopwatch.GetElapsedTime(started);
            var spent = Environment.CpuUsage.TotalTime - used;
            fastest = new[] { fastest, elapsed, spent }.Min();
        }
        return fastest <= limit ? null : string.Create(CultureInfo.InvariantCulture, $"took {fastest.TotalSeconds:0.0} s");
    }

    private static string? Try(byte[] bytes)
    {
        try
        {
            var file = CommandFile.Read("fuzz.cli", bytes);
            var bag = new DiagnosticBag();
            file.CheckAll(bag);
            DiagnosticWriter.Write(TextWriter.Null, bag.ToImmutable());
            Planning.Try(file);
            if (SyntaxFormatter.Format(file, new DiagnosticBag()) is not { } formatted) return bag.HasErrors ? null : "has no errors and no format";
            var again = CommandFile.Read("fuzz.cli", Encoding.UTF8.GetBytes(formatted));
            var errors = new DiagnosticBag();
            if (SyntaxFormatter.Format(again, errors) is not { } twice) return $"is an error once formatted: {errors.ToImmutable()[0].Message}\n{formatted}";
            if (twice != formatted) return $"formats to\n{formatted}\nand then to\n{twice}";
            return again.Commands.Length == file.Commands.Length ? null : $"has other commands once formatted\n{formatted}";
        }
        catch (Exception crash)
        {
            return crash.ToString();
        }
    }

    private static void Show(int seed, int input, string failure, byte[] bytes)
    {
        lock (Output)
        {
            var shown = Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 2000)));
            Console.WriteLine($"--- --seed {seed} --only {input}: {bytes.Length} bytes\n{shown}\n--- {failure}\n");
        }
    }

    private static double Option(string[] arguments, string name, double otherwise)
    {
        var at = Array.IndexOf(arguments, name);
        return at >= 0 && at + 1 < arguments.Length ? double.Parse(arguments[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }
}
