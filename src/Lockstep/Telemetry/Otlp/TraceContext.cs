using System.Text;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Source;

namespace Lockstep.Telemetry.Otlp;

/// <summary>The trace that a run belongs to (W3C Trace Context). Ids follow from the run's, so that a resumed run goes on in the same trace.</summary>
/// <param name="Run">The run.</param>
/// <param name="TraceId">32 hexadecimal digits.</param>
/// <param name="Parent">The span that started the run, 16 hexadecimal digits; null for none.</param>
/// <param name="Sampled">Whether whoever started the run keeps the trace.</param>
internal sealed record TraceContext(RunId Run, string TraceId, string? Parent, bool Sampled)
{
    /// <summary>The environment variable that a trace is handed on by.</summary>
    public const string Variable = "TRACEPARENT";

    /// <summary>The trace that a <c>TRACEPARENT</c> names, or one of the run's own.</summary>
    public static TraceContext Of(RunId run, string? traceParent)
        => IsValid(traceParent)
            ? new(run, traceParent![3..35], traceParent[36..52], (Convert.ToInt32(traceParent[53..55], 16) & 1) == 1)
            : new(run, Hash(run.Text)[..32], null, Sampled: true);

    /// <summary>Whether a text is a <c>TRACEPARENT</c>, such as <c>00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01</c>.</summary>
    public static bool IsValid(string? text)
    {
        if (text is null || text.Length < 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;

        // A later version may add parts; the first has none.
        if (text.StartsWith("ff", StringComparison.Ordinal) || (text.StartsWith("00", StringComparison.Ordinal) ? text.Length != 55 : text.Length > 55 && text[55] != '-')) return false;
        var digits = text[..2] + text[3..35] + text[36..52] + text[53..55];
        return digits.All(digit => digit is (>= '0' and <= '9') or (>= 'a' and <= 'f')) && text[3..35].Any(digit => digit != '0') && text[36..52].Any(digit => digit != '0');
    }

    /// <summary>The run's own span.</summary>
    public string RunSpan => Hash($"{Run.Text} run")[..16];

    /// <summary>The span of a step in an attempt, or of an attempt that a step makes.</summary>
    public string SpanOf(StepId step, string attempt, bool ofAttempt = false) => Hash($"{Run.Text} {(ofAttempt ? "attempt" : "step")} {step.Path} {attempt}")[..16];

    /// <summary>What a process is handed that works for a span.</summary>
    public string HeaderOf(string span) => $"00-{TraceId}-{span}-{(Sampled ? "01" : "00")}";

    private static string Hash(string text) => Sha256.Hex(Encoding.UTF8.GetBytes(text));
}
