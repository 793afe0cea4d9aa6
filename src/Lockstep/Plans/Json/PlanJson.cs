using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lockstep.Plans.Estimates;

namespace Lockstep.Plans.Json;

/// <summary>Plans as JSON: one byte form for one plan, of any depth. docs/plan.schema.json describes it.</summary>
/// <remarks>Sensitive values are never written; reading gives them back unresolved.</remarks>
public static class PlanJson
{
    /// <summary>The options a writer needs for the one byte form, or for its indented reading; the platform's own stop at a depth of 1,000.</summary>
    public static JsonWriterOptions WriterOptions(bool indented = false) => new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = indented,
        NewLine = "\n",
        MaxDepth = int.MaxValue,
        SkipValidation = true,
    };

    /// <summary>A plan as compact UTF-8.</summary>
    public static byte[] ToUtf8(Plan plan)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions())) Write(writer, plan);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a plan as one line of UTF-8, or indented for people, with a line feed at its end.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="indented">Whether it is indented.</param>
    /// <param name="estimate">How long it will take, which is written beside the plan and is no part of it; null for nothing.</param>
    public static void Write(Stream output, Plan plan, bool indented = false, PlanEstimate? estimate = null)
    {
        using (var writer = new Utf8JsonWriter(output, WriterOptions(indented))) PlanJsonWriter.Write(writer, plan, estimate);
        output.WriteByte((byte)'\n');
    }

    /// <summary>Writes a plan as one JSON value. The writer's depth must be enough: take <see cref="WriterOptions"/>.</summary>
    public static void Write(Utf8JsonWriter writer, Plan plan) => PlanJsonWriter.Write(writer, plan, null);

    /// <summary>Reads a plan from UTF-8.</summary>
    /// <exception cref="PlanFormatException">It is no JSON, no plan, a plan of a later format, or its <c>graph_hash</c> is not that of its steps.</exception>
    public static Plan Read(ReadOnlySpan<byte> json) => Read(json, null);

    /// <summary>Reads a plan, with each of its steps, the innermost first, replaced by what it is to be.</summary>
    internal static Plan Read(ReadOnlySpan<byte> json, Func<PlanNode, PlanNode>? replace)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
            var plan = PlanJsonReader.Read(ref reader, replace);
            return reader.Read() ? throw new FormatException("something follows the plan") : plan;
        }
        catch (JsonException e)
        {
            throw new PlanFormatException($"the plan is no JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: it is cut off or damaged", e);
        }
        catch (FormatException e)
        {
            throw new PlanFormatException($"the plan can't be read: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new PlanFormatException("the plan can't be read: it holds text that is no UTF-8", e);
        }
    }
}
