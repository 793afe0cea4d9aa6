namespace Lockstep.Sqlite;

/// <summary>What a flushed event outlives; a synced one outlives a power cut in any case.</summary>
public enum Durability
{
    /// <summary>The death of the process; a power cut may take the events of the last tenth of a second, and never leaves a damaged store. The default.</summary>
    /// <remarks>A power cut takes as well what steps wrote and the kernel still held, so the steps whose end is lost are those that have to run again.</remarks>
    Normal,

    /// <summary>A power cut: each flush waits for the disk.</summary>
    Full,
}

/// <summary>How the environment says it.</summary>
internal static class DurabilitySetting
{
    public const string Variable = "LOCKSTEP_DURABILITY";

    public static string Rule => $"{Variable} must be normal or full";

    /// <returns>Null for what is neither.</returns>
    public static Durability? Parse(string? text) => text switch
    {
        null or "" or "normal" => Durability.Normal,
        "full" => Durability.Full,
        _ => null,
    };
}
