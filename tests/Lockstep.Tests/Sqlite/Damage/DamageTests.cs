using Lockstep.Sqlite;
using Xunit.Abstractions;

namespace Lockstep.Tests.Sqlite.Damage;

/// <summary>LOCKSTEP_LONG_TESTS=1 injects 3,000 of each instead of 150. docs/reliability.md keeps the figures.</summary>
public sealed class DamageTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20261121;
    private static readonly int _injections = Environment.GetEnvironmentVariable("LOCKSTEP_LONG_TESTS") == "1" ? 3_000 : 150;
    private readonly WholeStore _store = new();
    private readonly Random _random = new(Seed);

    public void Dispose() => _store.Dispose();

    [Fact]
    public void No_damage_to_what_rows_hold_is_accepted_silently()
        => Inject("rows", () =>
        {
            var sql = RowDamage();
            _store.Change(sql);
            return sql;
        });

    [Fact]
    public void No_damage_to_the_databases_file_is_accepted_silently()
        => Inject("file", DamageFile);

    [Fact]
    public void A_damaged_log_of_writes_leaves_an_earlier_moment_of_each_run_and_never_a_mixture()
    {
        var lost = 0;
        for (var i = 0; i < _injections; i++)
        {
            _store.CopyAnew();
            var log = StoreFolder.Database(_store.Copy) + "-wal";
            _store.Change($"""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) INSERT INTO requests (run, at, json) SELECT 99, 0, hex(zeroblob(150)) FROM n;
                UPDATE runs SET alive_at = 0
                """);
            using (var writer = WholeStore.Open(_store.Copy))
            {
                writer.TruncateLog();
                for (var moment = 1; moment <= 3; moment++)
                    writer.Execute(System.Text.Encoding.ASCII.GetBytes($"BEGIN; UPDATE runs SET alive_at = {moment}; UPDATE requests SET at = {moment}; COMMIT\0"));
            }

            var bytes = File.ReadAllBytes(log);
            if (i % 2 == 0) bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
            else bytes = bytes[.._random.Next(bytes.Length)];
            File.WriteAllBytes(log, bytes);
            File.Delete(StoreFolder.Database(_store.Copy) + "-shm");

            Assert.Equal(Effect.None, _store.Look());
            using var database = WholeStore.Open(_store.Copy);
            Assert.Equal(1, database.Integer("SELECT count(DISTINCT at) FROM (SELECT at FROM requests UNION ALL SELECT alive_at FROM runs)"u8));
            if (database.Integer("SELECT alive_at FROM runs"u8) != 3) lost++;
        }

        output.WriteLine($"log of writes, seed {Seed}: {_injections} injected, {lost} left an earlier moment, 0 mixtures");
        Assert.InRange(lost, 1, _injections);
    }

    private void Inject(string where, Func<string> damage)
    {
        var effects = new int[3];
        for (var i = 0; i < _injections; i++)
        {
            _store.CopyAnew();
            var what = damage();
            var effect = _store.Look();
            effects[(int)effect]++;
            Assert.True(effect != Effect.AcceptedSilently, $"accepted silently, seed {Seed}, injection {i}: {what}");
            Assert.False(_store.ReadersAreMisled(), $"readers are misled, seed {Seed}, injection {i}: {what}");
        }

        output.WriteLine($"{where}, seed {Seed}: {_injections} injected, {effects[(int)Effect.Detected]} detected, {effects[(int)Effect.None]} without effect, {effects[(int)Effect.AcceptedSilently]} accepted silently");
        Assert.InRange(effects[(int)Effect.Detected], _injections / 10, _injections);
    }

    /// <summary>Torn, short, reordered, exchanged, doubled and changed rows.</summary>
    private string RowDamage()
    {
        var run = _random.Next(_store.Runs.Count) + 1;
        var other = (run % _store.Runs.Count) + 1;
        var first = $"(SELECT sequence FROM events WHERE run = {run} ORDER BY (sequence * 7919 + {_random.Next(1000)}) % 1009 LIMIT 1)";
        var letter = _random.Next(20, 60);
        return _random.Next(14) switch
        {
            0 => $"UPDATE events SET json = substr(json, 1, {letter}) || char(unicode(substr(json, {letter + 1}, 1)) + 1) || substr(json, {letter + 2}) WHERE run = {run} AND sequence = {first}",
            1 => $"UPDATE events SET json = substr(json, 1, length(json) - {_random.Next(1, 20)}) WHERE run = {run} AND sequence = {first}",
            2 => $"UPDATE events SET checksum = checksum ^ 1 WHERE run = {run} AND sequence = {first}".Replace("checksum ^ 1", $"(checksum | {1 << _random.Next(31)}) - (checksum & {1 << _random.Next(31)}) - 1", StringComparison.Ordinal),
            3 => $"DELETE FROM events WHERE run = {run} AND sequence = {first}",
            4 => $"DELETE FROM events WHERE run = {run} AND sequence > {_random.Next(4)}",
            5 => $"UPDATE events SET sequence = -sequence WHERE run = {run} AND sequence IN (2, 3); UPDATE events SET sequence = 5 + sequence WHERE run = {run} AND sequence < 0",
            6 => $"DELETE FROM events WHERE run = {run}; INSERT INTO events SELECT {run}, sequence, json, checksum FROM events WHERE run = {other}",
            7 => $"UPDATE events SET json = (SELECT json FROM events AS e WHERE e.run = {other} AND e.sequence = 2) WHERE run = {run} AND sequence = 2",
            8 => $"INSERT INTO events SELECT run, sequence + 100, json, checksum FROM events WHERE run = {run} AND sequence = {first}",
            9 => $"INSERT INTO events SELECT run, (SELECT max(sequence) + 1 FROM events WHERE run = {run}), json, checksum FROM events WHERE run = {run} AND sequence = 2",
            10 => $"UPDATE plans SET content = CAST(replace(CAST(content AS TEXT), 'echo', 'ecko') || ' ' AS BLOB) WHERE key = (SELECT plan FROM runs WHERE key = {run})",
            11 => $"UPDATE plans SET content = substr(content, 1, length(content) - {_random.Next(1, 40)}) WHERE key = (SELECT plan FROM runs WHERE key = {run})",
            12 => $"UPDATE runs SET plan = (SELECT plan FROM runs AS r WHERE r.key = {other}) WHERE key = {run}",
            _ => $"UPDATE runs SET {Column()} WHERE key = {run}",
        };
    }

    private string Column() => _random.Next(8) switch
    {
        0 => "status = CASE status WHEN 'failed' THEN 'succeeded' ELSE 'failed' END",
        1 => "exit_code = exit_code + 1",
        2 => "ended_at = NULL",
        3 => "started_at = started_at + 1000",
        4 => "command = command || 'x'",
        5 => "directory = '/'",
        6 => "events = events - 1",
        _ => "checksum = checksum + 1",
    };

    private string DamageFile()
    {
        var path = StoreFolder.Database(_store.Copy);
        var bytes = File.ReadAllBytes(path);
        const int page = 4096;
        var at = _random.Next(bytes.Length);
        var from = at / page * page;
        var to = _random.Next(bytes.Length / page) * page;
        string what;
        switch (_random.Next(6))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                what = $"a bit of byte {at} flipped";
                break;
            case 1:
                bytes[at] = (byte)_random.Next(256);
                what = $"byte {at} replaced";
                break;
            case 2:
                Array.Clear(bytes, at / 512 * 512, 512);
                what = $"the sector at {at / 512 * 512} cleared";
                break;
            case 3:
                bytes.AsSpan(to, page / 2).CopyTo(bytes.AsSpan(from));
                what = $"the page at {from} torn: half of it is the page at {to}";
                break;
            case 4:
                var kept = bytes.AsSpan(from, page).ToArray();
                bytes.AsSpan(to, page).CopyTo(bytes.AsSpan(from));
                kept.CopyTo(bytes.AsSpan(to));
                what = $"the pages at {from} and {to} exchanged";
                break;
            default:
                bytes = bytes[..at];
                what = $"cut off at {at}";
                break;
        }

        File.WriteAllBytes(path, bytes);
        return what;
    }
}
