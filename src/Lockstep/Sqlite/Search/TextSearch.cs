using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lockstep.Journal;

namespace Lockstep.Sqlite.Search;

/// <summary>What a search has found, and how far it looked.</summary>
/// <param name="Runs">The runs that hold the text, newest first.</param>
/// <param name="Looked">How many runs it looked at.</param>
/// <param name="BackTo">The start of the oldest of them; null when there was none.</param>
/// <param name="Complete">Whether it looked at all runs that pass the filter, or found as many as were asked for.</param>
public sealed record FoundText(IReadOnlyList<RunRecord> Runs, int Looked, DateTimeOffset? BackTo, bool Complete);

/// <summary>Looks for a text, letter for letter, in what steps printed and in the texts of events: commands, reasons, values.</summary>
/// <remarks>There is no index of it: a search reads, newest first, until it has read as much as it may.</remarks>
public static class TextSearch
{
    private const int MostRuns = 10_000;
    private const long MostBytes = 512L << 20;
    private const int BufferBytes = 128 * 1024;

    /// <summary>The newest runs that pass the filter and hold the text.</summary>
    /// <param name="history">The store.</param>
    /// <param name="text">The text; not empty.</param>
    /// <param name="filter">Which runs; its limit is for what is found.</param>
    /// <param name="mostRuns">How many runs it looks at, at most; default 10,000.</param>
    /// <param name="mostBytes">How much it reads, at most, the last run's rest apart; default 512 MiB.</param>
    /// <exception cref="JournalException">The store can't be read.</exception>
    public static FoundText Of(History history, string text, RunFilter filter, int mostRuns = MostRuns, long mostBytes = MostBytes) => History.Ask(history.Folder, () =>
    {
        var candidates = history.Runs(filter with { Limit = mostRuns + 1 });
        var needle = new Needle(text);
        var found = new List<RunRecord>();
        var looked = 0;
        var read = 0L;
        foreach (var run in candidates)
        {
            if (looked == mostRuns || read >= mostBytes || found.Count == filter.Limit) break;
            looked++;
            if (InEvents(history, run, needle, ref read) || InLogs(history, run, needle, ref read)) found.Add(run);
        }

        return new FoundText(found, looked, looked == 0 ? null : candidates[looked - 1].StartedAt, looked == candidates.Count || found.Count == filter.Limit);
    });

    private static bool InEvents(History history, RunRecord run, Needle needle, ref long read)
    {
        using var select = history.Database!.Prepare("SELECT json FROM events WHERE run = ?1"u8);
        select.Bind(1, run.Key);
        while (select.Step())
        {
            var json = select.Bytes(0);
            read += json.Length;
            if (json.IndexOf(needle.Json) >= 0 && InTexts(json, needle)) return true;
        }

        return false;
    }

    /// <summary>Not in names of members, which every event has.</summary>
    private static bool InTexts(ReadOnlySpan<byte> json, Needle needle)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && (reader.ValueTextEquals("type"u8) || reader.ValueTextEquals("at"u8))) reader.Skip();
                else if (reader.TokenType == JsonTokenType.String && reader.GetString()!.Contains(needle.Text, StringComparison.Ordinal)) return true;
            }
        }
        catch (JsonException)
        {
            // A damaged event holds no text; lockstep verify names it.
        }

        return false;
    }

    private static bool InLogs(History history, RunRecord run, Needle needle, ref long read)
    {
        var folder = StoreFolder.Logs(history.Folder, run.Id);
        if (!Directory.Exists(folder)) return false;
        var buffer = new byte[BufferBytes + needle.Utf8.Length];
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            var kept = 0;
            var at = 0L;
            for (int got; (got = RandomAccess.Read(file, buffer.AsSpan(kept), at)) > 0;)
            {
                at += got;
                var filled = buffer.AsSpan(0, kept + got);
                if (filled.IndexOf(needle.Utf8) >= 0) return true;

                // What may be the beginning of it stays for the next look.
                kept = Math.Min(needle.Utf8.Length - 1, filled.Length);
                filled[^kept..].CopyTo(buffer);
            }

            read += at;
        }

        return false;
    }

    /// <summary>The text as it stands in a log and in JSON.</summary>
    private sealed class Needle(string text)
    {
        public string Text => text;

        public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(text);

        public byte[] Json { get; } = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray();
    }
}
