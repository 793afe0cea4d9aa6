using System.Text;
using Lockstep.Plans;
using Lockstep.Source;

namespace Lockstep.Sqlite.Logs;

/// <summary>File names for ids: any id gives a name that every file system takes, and different ids give different names.</summary>
internal static class LogName
{
    /// <summary>File systems allow 255 bytes; the rest is for the attempt and the ending.</summary>
    private const int Longest = 180;

    /// <summary>The file of a step's output in an attempt, such as <c>deploy~parallel~2@2.1.log</c>.</summary>
    public static string Of(StepId step, string attempt)
        => attempt.Length == 0 ? $"{Encode(step.Path)}.log" : $"{Encode(step.Path)}@{Encode(attempt)}.log";

    /// <summary>The id with <c>~</c> for <c>/</c> and percent signs for what is neither letter, digit nor one of <c>-_.</c>; a hash for the end of a long one.</summary>
    public static string Encode(string id)
    {
        if (id.Length is > 0 and <= Longest && IsPlain(id)) return id.Replace('/', '~');
        var name = new StringBuilder();
        foreach (var unit in Encoding.UTF8.GetBytes(id))
        {
            var letter = (char)unit;
            if (letter == '/') name.Append('~');
            else if (IsPlain(letter) && !(letter == '.' && name.Length == 0)) name.Append(letter);
            else name.Append('%').Append(unit.ToString("X2"));
        }

        if (name.Length == 0) return "%";
        if (name.Length <= Longest) return name.ToString();
        return $"{name.ToString(0, Longest - 33)}%{Sha256.Hex(Encoding.UTF8.GetBytes(id))[..32]}";
    }

    private static bool IsPlain(string id)
    {
        if (id[0] == '.') return false;
        foreach (var letter in id)
            if (letter != '/' && !IsPlain(letter)) return false;
        return true;
    }

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.';
}
