using System.Buffers.Binary;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Estimates;
using Lockstep.Sqlite.Binding;

namespace Lockstep.Sqlite;

/// <summary>How long steps took, for estimates: of each the last 20 times it succeeded, by what it does.</summary>
/// <param name="hashes">The hash of each step; worked out when it is first needed, or before by <see cref="Prepare"/>.</param>
internal sealed class StepTimings(Func<IReadOnlyDictionary<StepId, long>> hashes)
{
    private const int Kept = 20;
    private const int EntryBytes = sizeof(uint);

    private readonly Lazy<IReadOnlyDictionary<StepId, long>> _hashes = new(hashes);
    private readonly List<(StepId Step, uint Milliseconds)> _taken = [];

    /// <summary>The times of a run's steps.</summary>
    /// <param name="hashes">The hash of each step; asked for once.</param>
    /// <param name="before">What happened in the run before, when it is resumed.</param>
    public static StepTimings In(Func<IReadOnlyDictionary<StepId, long>> hashes, IReadOnlyList<RunEvent> before)
    {
        var timings = new StepTimings(hashes);
        foreach (var happened in before) timings.Take(happened);
        return timings;
    }

    /// <summary>Works out the hashes, on a thread that nobody waits for.</summary>
    public void Prepare() => _ = _hashes.Value;

    /// <summary>Takes note of how long a step took, if it succeeded.</summary>
    public void Take(RunEvent happened)
    {
        // What a forked run shares with its parent is the parent's.
        if (happened is RunForked) _taken.Clear();

        // What somebody or something else had done already took no time here.
        if (happened is not StepEnded { Outcome: Outcome.Succeeded } ended || ended.Duration <= TimeSpan.Zero) return;
        _taken.Add((ended.Step, (uint)Math.Min(Math.Round(ended.Duration.TotalMilliseconds), uint.MaxValue)));
    }

    /// <summary>Adds what was taken to the store, in the transaction that is open.</summary>
    public void Store(SqliteDatabase database)
    {
        var byStep = new Dictionary<long, List<uint>>();
        foreach (var (step, milliseconds) in _taken)
        {
            if (!_hashes.Value.TryGetValue(step, out var hash)) continue;
            if (!byStep.TryGetValue(hash, out var times)) byStep[hash] = times = [];
            times.Add(milliseconds);
        }

        _taken.Clear();
        if (byStep.Count == 0) return;
        using var find = database.Prepare(Find);
        using var keep = database.Prepare("INSERT OR REPLACE INTO timings (step, durations) VALUES (?1, ?2)"u8);
        Span<byte> entry = stackalloc byte[2 * Kept * EntryBytes];
        foreach (var (hash, times) in byStep)
        {
            var length = 0;
            if (find.Bind(1, hash).Step())
            {
                var before = find.Bytes(0);
                if (before.Length > Kept * EntryBytes) before = before[^(Kept * EntryBytes)..];
                before.CopyTo(entry);
                length = before.Length;
            }

            find.Reset();
            for (var i = Math.Max(0, times.Count - Kept); i < times.Count; i++, length += EntryBytes) BinaryPrimitives.WriteUInt32LittleEndian(entry[length..], times[i]);
            keep.Bind(1, hash).BindBlob(2, entry[Math.Max(0, length - (Kept * EntryBytes))..length]).Run();
        }
    }

    /// <summary>What is known of a plan's steps.</summary>
    public static IReadOnlyDictionary<StepId, StepTiming> Of(SqliteDatabase database, Plan plan)
    {
        var known = new Dictionary<long, StepTiming?>();
        var timings = new Dictionary<StepId, StepTiming>();
        using var find = database.Prepare(Find);
        foreach (var (step, hash) in StepHash.Of(plan))
        {
            if (!known.TryGetValue(hash, out var timing)) known[hash] = timing = find.Bind(1, hash).Step() ? Read(find.Bytes(0)) : null;
            find.Reset();
            if (timing is { } some) timings[step] = some;
        }

        return timings;
    }

    private static ReadOnlySpan<byte> Find => "SELECT durations FROM timings WHERE step = ?1"u8;

    private static StepTiming? Read(ReadOnlySpan<byte> durations)
    {
        var count = Math.Min(Kept, durations.Length / EntryBytes);
        if (count == 0) return null;
        Span<TimeSpan> times = stackalloc TimeSpan[count];
        for (var i = 0; i < count; i++) times[i] = TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32LittleEndian(durations[(i * EntryBytes)..]));
        return StepTiming.Of(times);
    }
}
