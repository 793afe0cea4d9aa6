namespace Lockstep.Expressions;

/// <summary>Names whose values are taken for secrets: those that hold <c>token</c>, <c>secret</c>, <c>password</c>, <c>key</c> or <c>auth</c>, whatever the case.</summary>
internal static class SensitiveName
{
    private static readonly string[] Words = ["token", "secret", "password", "key", "auth"];

    /// <summary>Whether a value of this name shows as <c>&lt;redacted&gt;</c>.</summary>
    public static bool Matches(string name)
    {
        foreach (var word in Words)
            if (name.Contains(word, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
