using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lockstep.Cli.Reports;

/// <summary>The one JSON document of <c>--json</c>.</summary>
internal static class JsonOutput
{
    public static void Write(Stream output, Action<Utf8JsonWriter> document)
    {
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            document(json);
        output.Write("\n"u8);
    }

    /// <summary>An object's string, left out when there is none.</summary>
    public static void Optional(this Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null) json.WriteString(name, text);
    }

    /// <summary>A moment: RFC 3339, in UTC, always with milliseconds.</summary>
    public static void Time(this Utf8JsonWriter json, string name, DateTimeOffset time)
        => json.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    public static void Milliseconds(this Utf8JsonWriter json, string name, TimeSpan time)
        => json.WriteNumber(name, Math.Round(time.TotalMilliseconds, 3));

    public static void Optional(this Utf8JsonWriter json, string name, int? number)
    {
        if (number is { } known) json.WriteNumber(name, known);
    }
}
