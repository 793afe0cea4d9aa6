using System.Collections.Immutable;
using Lockstep.Expressions;
using Lockstep.Source;

namespace Lockstep.Plans.Views;

/// <summary>How values show, in a command and in the mapping.</summary>
internal static class PlannedText
{
    public const string Redacted = RedactedText.Mark;
    public const string AtRuntime = "<will resolve at runtime>";

    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>A value in shell text: as it is inserted, so that nothing in it reads as code.</summary>
    public static void AddValue(LineText line, PlannedValue value, Quoting quoting, Ink ink, int limit)
    {
        if (value.Sensitive) line.Add(Redacted, ink);
        else if (value.Resolved is { } resolved) line.AddCut(ShownValue.Of(resolved.Text, quoting), ink, limit);
        else AddPlaceholder(line, value, ink);
    }

    /// <summary>Its number: <c>¹⁰</c>, or <c>(10)</c> without Unicode; with a sign of its own where <c>@raw</c> inserts it as code.</summary>
    public static void AddMarker(LineText line, int marker, bool raw, bool unicode)
    {
        if (!unicode)
        {
            line.Add("(", Ink.Marker);
            line.Add(marker, Ink.Marker);
            line.Add(raw ? " raw)" : ")", Ink.Marker);
            return;
        }

        Span<char> digits = stackalloc char[11];
        marker.TryFormat(digits, out var written, default, System.Globalization.CultureInfo.InvariantCulture);
        for (var i = 0; i < written; i++) digits[i] = Superscripts[digits[i] - '0'];
        line.Add(digits[..written], Ink.Marker);
        if (raw) line.Add("ʳᵃʷ", Ink.Marker);
    }

    /// <summary><c>{¹IMAGE_NAME=myapp, ²VERSION=v2.1.4(http)}</c>: the values whose index <paramref name="shown"/> has.</summary>
    public static void AddMapping(LineText line, ImmutableArray<PlannedValue> values, bool[] shown, bool unicode, int limit)
    {
        var inOrder = new List<PlannedValue>(values.Length);
        for (var i = 0; i < values.Length; i++)
            if (shown[i]) inOrder.Add(values[i]);
        inOrder.Sort(static (a, b) => a.Marker.CompareTo(b.Marker));

        line.Add("{", Ink.Grey);
        for (var i = 0; i < inOrder.Count; i++)
        {
            if (i > 0) line.Add(", ", Ink.Grey);
            AddMarker(line, inOrder[i].Marker, raw: false, unicode);
            AddEntry(line, inOrder[i], limit);
        }

        line.Add("}", Ink.Grey);
    }

    private static void AddEntry(LineText line, PlannedValue value, int limit)
    {
        if (value.Sensitive || value.Resolved is not null) line.AddSafe(value.Name, Ink.Grey);
        else AddPlaceholder(line, value, Ink.Grey);
        line.Add("=", Ink.Grey);

        if (value.Sensitive)
        {
            line.Add(Redacted, Ink.Grey);
        }
        else if (value.Resolved is { } resolved)
        {
            line.AddCut(resolved.Text, Ink.Grey, limit);
            if (resolved.Source is ValueSource.Environment or ValueSource.Variable) return;
            line.Add("(", Ink.Grey);
            line.Add(resolved.Source.Word(), Ink.Grey);
            line.Add(")", Ink.Grey);
        }
        else if (value.Error is { } error)
        {
            line.Add("<error: ", Ink.Error);
            line.AddSafe(error, Ink.Error);
            line.Add(">", Ink.Error);
        }
        else
        {
            line.Add(AtRuntime, Ink.Grey);
            line.Add("(~exec)", Ink.Grey);
        }
    }

    private static void AddPlaceholder(LineText line, PlannedValue value, Ink ink)
    {
        line.Add("@", ink);
        line.Add(value.Expression.Decorator, ink);
        line.Add("(", ink);
        line.AddSafe(value.ShownArgument, ink);
        line.Add(")", ink);
    }
}
