namespace Lockstep.Redaction;

/// <summary>Which names tell that their value is a secret.</summary>
internal static class SensitiveNames
{
    /// <summary>
    /// Whether a variable's, key's or input's name holds <c>token</c>, <c>secret</c>, <c>password</c>, <c>key</c> or <c>auth</c>, in any case.
    /// That covers <c>*_TOKEN</c>, <c>*_SECRET</c>, <c>*_KEY</c> and <c>*_PASSWORD</c>; what configuration adds or allows is the caller's.
    /// </summary>
    public static bool IsSensitive(ReadOnlySpan<char> name) =>
        Holds(name, "token") || Holds(name, "secret") || Holds(name, "password") || Holds(name, "key") || Holds(name, "auth");

    private static bool Holds(ReadOnlySpan<char> name, string word) => name.Contains(word, StringComparison.OrdinalIgnoreCase);
}
