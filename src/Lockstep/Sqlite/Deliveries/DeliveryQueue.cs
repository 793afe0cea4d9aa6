using System.Text;
using Lockstep.Journal;
using Lockstep.Sqlite.Binding;

namespace Lockstep.Sqlite.Deliveries;

/// <summary>How far the events of a run have been delivered to a receiver.</summary>
/// <param name="Run">The run.</param>
/// <param name="Receiver">The receiver's id.</param>
/// <param name="Sequence">The last event that it has, or does not want; 0 for none.</param>
internal sealed record Delivery(RunId Run, string Receiver, long Sequence)
{
    public required long Key { get; init; }
}

/// <summary>Whether a receiver may be tried.</summary>
/// <param name="Failures">How often in a row it did not take what it was sent.</param>
/// <param name="Due">When it may be tried again.</param>
internal readonly record struct ReceiverState(int Failures, DateTimeOffset Due);

/// <summary>Whose events are still to be delivered. Events stand in the store once, as the journal wrote them; here is only how far each receiver is. Used from one thread at a time.</summary>
internal sealed class DeliveryQueue : IDisposable
{
    /// <summary>What is not delivered after this long is given up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(30);

    private readonly string _folder;
    private readonly SqliteDatabase _database;

    private DeliveryQueue(string folder, SqliteDatabase database)
    {
        _folder = folder;
        _database = database;
    }

    /// <summary>The queue of a store; null where there is no store yet.</summary>
    /// <param name="folder">The folder of the store.</param>
    /// <param name="busyTimeout">How long to wait wherever another process has the store locked.</param>
    /// <exception cref="JournalException">It can't be used.</exception>
    public static DeliveryQueue? Open(string folder, TimeSpan busyTimeout) => History.Ask(folder, () =>
        Schema.OpenExisting(StoreFolder.Database(folder), busyTimeout) is { } database ? new DeliveryQueue(folder, database) : null);

    /// <summary>Enters receivers for a run that is being written, in its transaction.</summary>
    internal static void Enter(SqliteDatabase database, long run, IEnumerable<string> receivers)
    {
        using var add = database.Prepare("INSERT OR REPLACE INTO deliveries (receiver, run) VALUES (?1, ?2)"u8);
        foreach (var receiver in receivers)
        {
            add.Bind(1, receiver).Bind(2, run).Run();
            add.Reset();
        }
    }

    /// <summary>Enters a receiver for a run that is in the store already, if it is not entered yet.</summary>
    public void Enter(RunId run, string receiver) => Ask(() =>
    {
        using var add = _database.Prepare("INSERT OR IGNORE INTO deliveries (receiver, run) SELECT ?1, key FROM runs WHERE id = ?2"u8);
        add.Bind(1, receiver).Bind(2, run.Text).Run();
    });

    /// <summary>The runs that have events which a receiver has not got, wanted or not: the oldest first, and after all others those that it has refused.</summary>
    /// <param name="receiver">The receiver's id.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyList<Delivery> Waiting(string receiver, DateTimeOffset now) => Ask(() =>
    {
        var waiting = new List<Delivery>();
        using var select = _database.Prepare(
            """
            SELECT runs.key, runs.id, deliveries.sequence FROM deliveries JOIN runs ON runs.key = deliveries.run
            WHERE receiver = ?1 AND held_until <= ?2 AND EXISTS (SELECT 1 FROM events WHERE run = deliveries.run AND sequence > deliveries.sequence)
            ORDER BY held_until > 0, runs.key
            """u8);
        select.Bind(1, receiver).Bind(2, now.ToUnixTimeMilliseconds());
        while (select.Step()) waiting.Add(new(new RunId(select.Text(1)), receiver, select.Integer(2)) { Key = select.Integer(0) });
        return waiting;
    });

    /// <summary>The runs that have events which a receiver wants and has not got, the oldest first.</summary>
    /// <param name="receiver">The receiver's id.</param>
    /// <param name="wanted">The patterns of the types that it wants.</param>
    /// <param name="only">The one run to ask about; null for all.</param>
    /// <param name="most">How many runs to name at most.</param>
    public IReadOnlyList<RunId> WaitingRuns(string receiver, IReadOnlyList<string> wanted, RunId? only = null, int most = int.MaxValue) => Ask(() =>
    {
        var types = string.Join(" OR ", Enumerable.Range(4, wanted.Count).Select(parameter => $"json GLOB ?{parameter}"));
        var waiting = new List<RunId>();
        using var select = _database.Prepare(Encoding.UTF8.GetBytes(
            $"""
            SELECT runs.id FROM deliveries JOIN runs ON runs.key = deliveries.run
            WHERE receiver = ?1 AND (?2 = '' OR runs.id = ?2) AND EXISTS (SELECT 1 FROM events WHERE run = deliveries.run AND sequence > deliveries.sequence AND ({types}))
            ORDER BY runs.key LIMIT ?3
            """));
        select.Bind(1, receiver).Bind(2, only?.Text ?? "").Bind(3, most);
        for (var i = 0; i < wanted.Count; i++) select.Bind(4 + i, EventGlob(wanted[i]));
        while (select.Step()) waiting.Add(new RunId(select.Text(0)));
        return waiting;
    });

    /// <summary>The last event of a run that is in the store; 0 for none.</summary>
    public long LastOf(RunId run) => Ask(() =>
    {
        using var select = _database.Prepare("SELECT coalesce(max(sequence), 0) FROM events WHERE run = (SELECT key FROM runs WHERE id = ?1)"u8);
        return select.Bind(1, run.Text).Step() ? select.Integer(0) : 0;
    });

    /// <summary>Takes the right to deliver, so that two processes do not deliver the same; false where another one has it.</summary>
    /// <param name="delivery">What is to be delivered.</param>
    /// <param name="now">The time.</param>
    /// <param name="until">When the right ends by itself, as after a crash.</param>
    /// <param name="mine">Whether this process executes the run, which goes before all others.</param>
    public bool Claim(Delivery delivery, DateTimeOffset now, DateTimeOffset until, bool mine) => Ask(() =>
    {
        using var claim = _database.Prepare(
            "UPDATE deliveries SET claimed_until = ?4 WHERE receiver = ?1 AND run = ?2 AND (?5 OR claimed_until <= ?3) RETURNING 1"u8);
        return claim.Bind(1, delivery.Receiver).Bind(2, delivery.Key).Bind(3, now.ToUnixTimeMilliseconds()).Bind(4, until.ToUnixTimeMilliseconds()).Bind(5, mine ? 1 : 0).Step();
    });

    /// <summary>The receiver has all events up to one, and is well.</summary>
    public void Delivered(Delivery delivery, long sequence, bool all) => Ask(() =>
    {
        using (var update = _database.Prepare(all
            ? "DELETE FROM deliveries WHERE receiver = ?1 AND run = ?2"u8
            : "UPDATE deliveries SET sequence = max(sequence, ?3), claimed_until = 0, held_until = 0 WHERE receiver = ?1 AND run = ?2"u8))
        {
            update.Bind(1, delivery.Receiver).Bind(2, delivery.Key);
            if (!all) update.Bind(3, sequence);
            update.Run();
        }

        Forgive(delivery.Receiver);
    });

    /// <summary>The receiver may be tried at once, with all runs.</summary>
    public void TryAgain(string receiver) => Ask(() =>
    {
        using (var release = _database.Prepare("UPDATE deliveries SET held_until = 0 WHERE receiver = ?1"u8)) release.Bind(1, receiver).Run();
        Forgive(receiver);
    });

    /// <summary>The receiver refused what the run holds, and may be tried with all others.</summary>
    /// <param name="delivery">What it refused.</param>
    /// <param name="until">When it may be tried with this run again.</param>
    public void Hold(Delivery delivery, DateTimeOffset until) => Ask(() =>
    {
        using var hold = _database.Prepare("UPDATE deliveries SET claimed_until = 0, held_until = ?3 WHERE receiver = ?1 AND run = ?2"u8);
        hold.Bind(1, delivery.Receiver).Bind(2, delivery.Key).Bind(3, until.ToUnixTimeMilliseconds()).Run();
    });

    /// <summary>What is left of the run will not be delivered.</summary>
    public void GiveUp(Delivery delivery) => Ask(() =>
    {
        using var delete = _database.Prepare("DELETE FROM deliveries WHERE receiver = ?1 AND run = ?2"u8);
        delete.Bind(1, delivery.Receiver).Bind(2, delivery.Key).Run();
    });

    /// <summary>The receiver did not take what it was sent.</summary>
    public void Failed(Delivery delivery, ReceiverState state) => Ask(() =>
    {
        using (var release = _database.Prepare("UPDATE deliveries SET claimed_until = 0 WHERE receiver = ?1 AND run = ?2"u8))
            release.Bind(1, delivery.Receiver).Bind(2, delivery.Key).Run();
        using var update = _database.Prepare("INSERT OR REPLACE INTO receivers (id, failures, due_at) VALUES (?1, ?2, ?3)"u8);
        update.Bind(1, delivery.Receiver).Bind(2, state.Failures).Bind(3, state.Due.ToUnixTimeMilliseconds()).Run();
    });

    /// <summary>Whether a receiver may be tried.</summary>
    public ReceiverState StateOf(string receiver) => Ask(() =>
    {
        using var select = _database.Prepare("SELECT failures, due_at FROM receivers WHERE id = ?1"u8);
        return select.Bind(1, receiver).Step() ? new ReceiverState((int)select.Integer(0), DateTimeOffset.FromUnixTimeMilliseconds(select.Integer(1))) : default;
    });

    /// <summary>Gives up what waits for too long, for whatever receiver, and what is of runs that are gone.</summary>
    public void Forget(DateTimeOffset now) => Ask(() =>
    {
        using var delete = _database.Prepare("DELETE FROM deliveries WHERE NOT EXISTS (SELECT 1 FROM runs WHERE key = deliveries.run AND started_at > ?1)"u8);
        delete.Bind(1, (now - Patience).ToUnixTimeMilliseconds()).Run();
    });

    public void Dispose() => _database.Dispose();

    /// <summary>A pattern of types for SQLite to compare with the JSON of events, where the type comes first.</summary>
    private static string EventGlob(string pattern)
    {
        var open = pattern.EndsWith('*');
        var type = (open ? pattern[..^1] : pattern).Replace("[", "[[]", StringComparison.Ordinal).Replace("*", "[*]", StringComparison.Ordinal).Replace("?", "[?]", StringComparison.Ordinal);
        return $"{{\"type\":\"{type}{(open ? "" : "\"")}*";
    }

    private void Forgive(string receiver)
    {
        using var well = _database.Prepare("DELETE FROM receivers WHERE id = ?1"u8);
        well.Bind(1, receiver).Run();
    }

    private void Ask(Action change) => Ask(() =>
    {
        change();
        return true;
    });

    private T Ask<T>(Func<T> question) => History.Ask(_folder, question);
}
