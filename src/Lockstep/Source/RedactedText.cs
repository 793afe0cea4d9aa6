namespace Lockstep.Source;

/// <summary>What stands where a sensitive text is left out.</summary>
internal static class RedactedText
{
    public const string Mark = "<redacted>";
}
