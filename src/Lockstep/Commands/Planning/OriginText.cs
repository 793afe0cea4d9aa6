using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Lockstep.Expressions;
using Lockstep.Source;

namespace Lockstep.Commands.Planning;

/// <summary>Writes how a value is come by, with nothing in it that resolving it found out: what a hash has in place of the value.</summary>
internal sealed class OriginText : FieldSink
{
    // An origin holds those of its own arguments, so without a limit variables that use each other twice would double it each time.
    private const int Limit = 400;

    private readonly StringBuilder _text = new();
    private readonly PlanValue _value;
    private string _separator = "";

    private OriginText(PlanValue value) => _value = value;

    public static string Of(PlanValue value)
    {
        var origin = new OriginText(value);
        var text = origin._text;
        text.Append(value.Name).Append(" = @").Append(value.Expression.Decorator).Append('(');
        value.Expression.Fields(origin);
        foreach (var reference in value.References)
        {
            origin.Separate();
            text.Append(reference.Field).Append('=').Append(reference.Origin);
        }

        text.Append(')');
        if (text.Length <= Limit) return text.ToString();
        var hash = new Sha256();
        hash.Append(Encoding.UTF8.GetBytes(text.ToString()));
        return $"{value.Name} = sha256:{hash.FinishHex()}";
    }

    public override void Text(string name, string text)
    {
        if (!Opens(name)) return;
        _text.Append('"').Append(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
    }

    public override void Number(string name, long number)
    {
        if (Opens(name)) _text.Append(number.ToString(CultureInfo.InvariantCulture));
    }

    public override void Flag(string name, bool flag)
    {
        if (Opens(name)) _text.Append(flag ? "true" : "false");
    }

    public override void Duration(string name, TimeSpan duration)
    {
        if (Opens(name)) _text.Append(HumanDuration.Format(duration));
    }

    public override void Literal(string name, string text)
    {
        if (!_value.Sensitive) Text(name, text);
    }

    public override void Texts(string name, ImmutableArray<string> texts) => throw NotOfAnExpression(name);

    public override void Template(string name, ShellTemplate template) => throw NotOfAnExpression(name);

    public override void Value(string name, int index) => throw NotOfAnExpression(name);

    private bool Opens(string name)
    {
        foreach (var reference in _value.References)
            if (reference.Field == name) return false;
        Separate();
        _text.Append(name).Append('=');
        return true;
    }

    private void Separate()
    {
        _text.Append(_separator);
        _separator = ", ";
    }

    private static InvalidOperationException NotOfAnExpression(string name) => new($"No expression has a field such as {name}.");
}
