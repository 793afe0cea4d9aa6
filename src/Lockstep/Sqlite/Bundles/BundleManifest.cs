using System.Text.Json;
using System.Text.Json.Serialization;
using Lockstep.Journal;

namespace Lockstep.Sqlite.Bundles;

/// <summary>What a bundle says of itself, in <c>manifest.json</c>. docs/bundles.md describes the format.</summary>
/// <param name="Format">The format's version.</param>
/// <param name="Run">The run's name.</param>
/// <param name="ToolVersion">The version of the program that wrote it.</param>
/// <param name="ExportedAt">When.</param>
/// <param name="Events">How many events the run had then.</param>
/// <param name="Files">The other files in it.</param>
internal sealed record BundleManifest(int Format, string Run, string ToolVersion, DateTimeOffset ExportedAt, long Events, IReadOnlyList<BundledFile> Files)
{
    public const int Version = 1;

    public const string FileName = "manifest.json";
    public const string Seal = "manifest.sha256";
    public const string Plan = "plan.json";
    public const string EventLines = "events.jsonl";
    public const string Logs = "logs/";

    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, BundleJsonContext.Default.BundleManifest);

    /// <summary>What <see cref="ToUtf8"/> wrote.</summary>
    /// <exception cref="JournalException">It is none, or of a newer release.</exception>
    public static BundleManifest Read(ReadOnlySpan<byte> json)
    {
        BundleManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(json, BundleJsonContext.Default.BundleManifest);
        }
        catch (JsonException broken)
        {
            throw new JournalException($"its manifest can't be read: {broken.Message}", broken);
        }

        if (manifest is null) throw new JournalException("its manifest is empty");
        if (manifest.Format > Version) throw new JournalException($"it is in bundle format {manifest.Format} and this release reads up to {Version}: read it with a newer release");
        return manifest;
    }
}

/// <summary>A file in a bundle.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its hash, in hexadecimal digits.</param>
/// <param name="Step">Of a log, the step.</param>
/// <param name="Attempt">Of a log, the attempt; empty where nothing retries.</param>
internal sealed record BundledFile(string Name, long Bytes, string Sha256, string? Step = null, string? Attempt = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(BundleManifest))]
internal sealed partial class BundleJsonContext : JsonSerializerContext;
