using System.Globalization;
using System.Text;
using Lockstep.Expressions;
using Lockstep.Source;

namespace Lockstep.Values;

/// <summary>Fetched values on disk, one file each, private to the user. Touches the disk only when a fetched value is asked for.</summary>
/// <remarks>
/// Several processes may use one folder: a file is written beside its place and renamed into it. Whatever can't be read, or is damaged,
/// is as if it were not there; what can't be written is not kept. A cache makes a run faster, never fail.
/// </remarks>
/// <param name="folder">The folder, made when first needed.</param>
/// <param name="clock">The clock of ages.</param>
/// <param name="makeFolder">Makes the folder and those above it; by default with the permissions that the user gives to all.</param>
internal sealed class ValueCache(string folder, TimeProvider clock, Action<string>? makeFolder = null)
{
    private const string FirstLine = "lockstep value 1";

    /// <summary>The value fetched last for an expression if it is younger than the expression's time to live, else null.</summary>
    public ResolvedValue? Find(ValueExpression expression)
    {
        if (SlotOf(expression) is not { } slot || slot.Ttl <= TimeSpan.Zero || Read(PathOf(slot)) is not { } entry) return null;
        var age = clock.GetUtcNow() - entry.At;
        return age >= TimeSpan.Zero && age < slot.Ttl ? new ResolvedValue(entry.Text, slot.Source, entry.At, age) : null;
    }

    /// <summary>Keeps a value just fetched, if its expression has a time to live. Not to be called with a sensitive value.</summary>
    public void Keep(ValueExpression expression, ResolvedValue fetched)
    {
        if (SlotOf(expression) is not { } slot || slot.Ttl <= TimeSpan.Zero) return;
        var at = (fetched.ResolvedAt ?? clock.GetUtcNow()).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var body = Encoding.UTF8.GetBytes($"{at}\n{fetched.Text}");
        var path = PathOf(slot);
        var temporary = $"{path}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}";
        try
        {
            if (makeFolder is null) Directory.CreateDirectory(folder);
            else makeFolder(folder);
            using (var file = new FileStream(temporary, PrivateToUser()))
            {
                file.Write(Encoding.ASCII.GetBytes($"{FirstLine}\n{Sha256.Hex(body)}\n"));
                file.Write(body);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            DeleteQuietly(temporary);
        }
    }

    /// <summary>Removes what was fetched longer ago than the given time; gives how many values that were.</summary>
    public int Prune(TimeSpan olderThan)
    {
        if (!Directory.Exists(folder)) return 0;
        var oldest = clock.GetUtcNow().UtcDateTime - olderThan;
        var removed = 0;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
        {
            if (file.LastWriteTimeUtc >= oldest) continue;
            DeleteQuietly(file.FullName);
            removed++;
        }

        return removed;
    }

    private readonly record struct Slot(string Key, TimeSpan Ttl, ValueSource Source);

    private readonly record struct Entry(DateTimeOffset At, string Text);

    private static Slot? SlotOf(ValueExpression expression) => expression switch
    {
        HttpExpression http => new Slot($"http\n{http.Url}\n{http.Path}", http.Ttl, ValueSource.Http),
        DnsExpression dns => new Slot($"dns\n{dns.Host}\n{dns.Type}", DnsValue.TimeToLive, ValueSource.Dns),
        _ => null,
    };

    private string PathOf(Slot slot) => Path.Combine(folder, Sha256.Hex(Encoding.UTF8.GetBytes(slot.Key)));

    private static Entry? Read(string path)
    {
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: <= 2 * ValueText.MaxBytes }) return null;
            var text = ValueText.Decode(File.ReadAllBytes(path));
            if (text is null) return null;
            var lines = text.Split('\n', 4);
            if (lines.Length != 4 || lines[0] != FirstLine) return null;
            if (lines[1] != Sha256.Hex(Encoding.UTF8.GetBytes($"{lines[2]}\n{lines[3]}"))) return null;
            return long.TryParse(lines[2], CultureInfo.InvariantCulture, out var at)
                ? new Entry(DateTimeOffset.FromUnixTimeMilliseconds(at), lines[3])
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static FileStreamOptions PrivateToUser()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }
}
