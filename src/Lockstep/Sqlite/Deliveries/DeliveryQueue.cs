using Lockstep.Journal;
using Lockstep.Sqlite.Binding;
using Lockstep.Sqlite.Connections;

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
    /// <exception cref="JournalException">It can't be used.</exception>
    public static DeliveryQueue? Open(string folder) => History.Ask(folder, () =>
        Schema.OpenExisting(StoreFolder.Database(folder), StoreConnection.BusyTimeout) is { } database ? new DeliveryQueue(folder, database) : null);

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

    /// <summary>All that waits for a receiver, the oldest run first.</summary>
    public IReadOnlyList<Delivery> Waiting(string receiver) => Ask(() =>
    {
        var waiting = new List<Delivery>();
        using var select = _database.Prepare(
            "SELECT runs.key, runs.id, deliveries.sequence FROM deliveries JOIN runs ON runs.key = deliveries.run WHERE receiver = ?1 ORDER BY runs.key"u8);
        select.Bind(1, receiver);
        while (select.Step()) waiting.Add(new(new RunId(select.Text(1)), receiver, select.Integer(2)) { Key = select.Integer(0) });
        return waiting;
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
            : "UPDATE deliveries SET sequence = max(sequence, ?3), claimed_until = 0 WHERE receiver = ?1 AND run = ?2"u8))
        {
            update.Bind(1, delivery.Receiver).Bind(2, delivery.Key);
            if (!all) update.Bind(3, sequence);
            update.Run();
        }

        Forgive(delivery.Receiver);
    });

    /// <summary>The receiver may be tried at once.</summary>
    public void IsWell(string receiver) => Ask(() => Forgive(receiver));

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
