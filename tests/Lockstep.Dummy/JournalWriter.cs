using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Sqlite;

namespace Lockstep.Dummy;

/// <summary>Writes a run of as many steps as asked for and says on standard output how many are durable.</summary>
internal static class JournalWriter
{
    public static async Task<int> Run(string folder, string run, int steps, Func<Task>? next = null)
    {
        long sequence = 0;
        T Next<T>(T happened) where T : RunEvent => happened with { Sequence = ++sequence, At = TimeProvider.System.GetUtcNow() };

        await using var journal = SqliteRunJournal.Begin(folder, new RunId(run), () => [1]);
        journal.Append(Next(new RunStarted("deploy", [], "/", "0123456789abcdef", "0.1.0", Environment.ProcessId)));
        for (var i = 1; i <= steps; i++)
        {
            if (next is not null) await next();
            var step = new StepId($"s{i}");
            journal.Append(Next(new StepStarted(step, "", "true", "next in order")));
            journal.AppendOutput(step, "", "hello\n"u8);
            journal.Append(Next(new StepEnded(step, "", Outcome.Succeeded, 0, TimeSpan.Zero, null, 6)));
            await journal.Flush();
            if (journal.Lost is { } lost)
            {
                await Console.Error.WriteLineAsync(lost);
                return 1;
            }

            await Console.Out.WriteLineAsync(i.ToString());
            await Console.Out.FlushAsync();
        }

        journal.Append(Next(new RunEnded(Outcome.Succeeded, 0, TimeSpan.Zero, null, null)));
        return 0;
    }
}
