using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Lockstep.Expressions;
using Lockstep.Plans.Estimates;
using Lockstep.Plans.Nodes;
using Lockstep.Plans.Views;
using Lockstep.Source;

namespace Lockstep.Plans.Json;

/// <summary>Writes a plan without recursion, each step by what its kind says of itself.</summary>
internal static class PlanJsonWriter
{
    private static readonly ViewOptions Describing = new(Markers: false, Cut: false, Describing: true);

    public static void Write(Utf8JsonWriter writer, Plan plan, PlanEstimate? estimate)
    {
        writer.WriteStartObject();
        writer.WriteNumber("format"u8, Plan.FormatVersion);
        writer.WriteString("command"u8, plan.Command);
        writer.WriteString("mode"u8, plan.Mode.Word());
        writer.WriteString("graph_hash"u8, GraphHash.Of(plan));
        WriteSummary(writer, PlanSummary.Of(plan));
        WriteContext(writer, plan.Context);
        WriteValues(writer, plan);
        WriteSteps(writer, plan);
        WriteEdges(writer, plan);
        if (estimate is not null) WriteEstimate(writer, plan, estimate);
        writer.WriteEndObject();
    }

    private static void WriteSummary(Utf8JsonWriter writer, PlanSummary summary)
    {
        writer.WriteStartObject("summary"u8);
        writer.WriteNumber("steps"u8, summary.Steps);
        writer.WriteNumber("leaves"u8, summary.Leaves);
        writer.WriteStartObject("kinds"u8);
        foreach (var (kind, count) in summary.Kinds) writer.WriteNumber(kind, count);
        writer.WriteEndObject();
        writer.WriteNumber("values"u8, summary.Values);
        writer.WriteNumber("unresolved"u8, summary.Unresolved);
        writer.WriteNumber("sensitive"u8, summary.Sensitive);
        writer.WriteNumber("errors"u8, summary.Errors);
        writer.WriteNumber("questions"u8, summary.Questions);
        if (summary.LongestTimeout is { } longest) writer.WriteString("longest_timeout"u8, HumanDuration.Format(longest));
        writer.WriteNumber("widest_parallel"u8, summary.WidestParallel);
        writer.WriteEndObject();
    }

    private static void WriteEstimate(Utf8JsonWriter writer, Plan plan, PlanEstimate estimate)
    {
        writer.WriteStartObject("estimate"u8);
        writer.WriteNumber("median_ms"u8, estimate.Median.TotalMilliseconds);
        writer.WriteNumber("p90_ms"u8, estimate.P90.TotalMilliseconds);
        writer.WriteNumber("measured"u8, estimate.Measured);
        writer.WriteNumber("unknown"u8, estimate.Unknown);
        writer.WriteStartArray("steps"u8);
        foreach (var step in plan.Steps())
        {
            if (!estimate.Steps.TryGetValue(step.Id, out var timing)) continue;
            writer.WriteStartObject();
            writer.WriteString("step"u8, step.Id.Path);
            writer.WriteNumber("median_ms"u8, timing.Median.TotalMilliseconds);
            writer.WriteNumber("p90_ms"u8, timing.P90.TotalMilliseconds);
            writer.WriteNumber("runs"u8, timing.Runs);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteContext(Utf8JsonWriter writer, PlanContext context)
    {
        writer.WriteStartObject("context"u8);
        writer.WriteString("directory"u8, context.Directory);
        writer.WriteStartArray("files"u8);
        foreach (var file in context.Files)
        {
            writer.WriteStartObject();
            writer.WriteString("path"u8, file.Path);
            writer.WriteString("sha256"u8, file.Sha256);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("os"u8, context.Os);
        writer.WriteString("arch"u8, context.Arch);
        writer.WriteEndObject();
    }

    private static void WriteValues(Utf8JsonWriter writer, Plan plan)
    {
        var fields = new JsonFields(writer);
        writer.WriteStartArray("values"u8);
        foreach (var value in plan.Values) WriteValue(writer, fields, value);
        writer.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter writer, JsonFields fields, PlannedValue value)
    {
        // A run reads a sensitive value from its source again, so the plan says of it what it says of any value not yet known.
        var resolved = value.Sensitive ? null : value.Resolved;
        writer.WriteStartObject();
        writer.WriteNumber("marker"u8, value.Marker);
        writer.WriteString("name"u8, value.Name);
        writer.WriteString("decorator"u8, value.Expression.Decorator);
        writer.WriteStartObject("arguments"u8);
        fields.Sensitive = value.Sensitive;
        fields.References = value.References;
        fields.HasLeftOut = value.NotKept || value is { Sensitive: true, Expression: VariableExpression or ParameterExpression };
        value.Expression.Fields(fields);
        value.Expression.Unhashed(fields);
        writer.WriteEndObject();
        WriteReferences(writer, value.References);
        writer.WriteString("nondeterministic"u8, value.Expression.Nondeterministic && resolved?.CacheAge is null ? "true" : "false");
        writer.WriteString("resolve_at"u8, resolved is null ? "exec" : "plan");
        writer.WriteString("pinned"u8, value.Pinned && resolved is not null ? "plan" : "");
        if (value.Sensitive)
        {
            writer.WriteBoolean("sensitive"u8, true);
            writer.WriteString("value"u8, PlannedText.Redacted);
            if (fields.HasLeftOut) writer.WriteBoolean("not_kept"u8, true);
            if (value.Expression is ParameterExpression { IsDefault: true }) writer.WriteString("source"u8, ValueSource.Default.Word());
        }

        if (resolved is not null) WriteResolved(writer, resolved);
        if (value.Error is not null) writer.WriteString("error"u8, value.Error);
        writer.WriteEndObject();
    }

    private static void WriteResolved(Utf8JsonWriter writer, ResolvedValue resolved)
    {
        writer.WriteString("value"u8, resolved.Text);
        writer.WriteString("source"u8, resolved.Source.Word());
        if (resolved.CacheAge is { } age) writer.WriteString("cache_age"u8, HumanDuration.Format(age));
        if (resolved.ResolvedAt is { } at)
            writer.WriteString("resolved_at"u8, at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture));
    }

    private static void WriteSteps(Utf8JsonWriter writer, Plan plan)
    {
        var open = new Stack<(PlanNode? Parent, ImmutableArray<PlanNode> Children, int Next)>();
        var fields = new JsonFields(writer);
        var view = new StepView(plan.Values, Describing);
        if (plan.Root is SequenceNode { Error: null } sequence)
        {
            writer.WriteStartObject("root"u8);
            writer.WriteString("id"u8, sequence.Id.Path);
            WritePlace(writer, sequence);
            writer.WriteEndObject();
            open.Push((sequence, sequence.Steps, 0));
        }
        else
        {
            open.Push((null, [plan.Root], 0));
        }

        writer.WriteStartArray("steps"u8);
        while (open.TryPop(out var at))
        {
            if (at.Next == at.Children.Length)
            {
                writer.WriteEndArray();
                if (open.Count > 0) writer.WriteEndObject();
                continue;
            }

            var step = at.Children[at.Next];
            open.Push(at with { Next = at.Next + 1 });
            writer.WriteStartObject();
            WriteStep(writer, fields, view, plan, step, at.Parent?.BranchOf(at.Next));
            var children = step.Children;
            if (children.IsEmpty)
            {
                writer.WriteEndObject();
                continue;
            }

            writer.WriteStartArray("children"u8);
            open.Push((step, children, 0));
        }
    }

    private static void WriteStep(Utf8JsonWriter writer, JsonFields fields, StepView view, Plan plan, PlanNode step, string? branch)
    {
        writer.WriteString("id"u8, step.Id.Path);
        writer.WriteString("kind"u8, step.Kind);
        view.Show(new(new(step, null, null), null, Alone: true));
        writer.WriteString("description"u8, view.Line.Chars);
        if (branch is not null) writer.WriteString("branch"u8, branch);
        writer.WriteStartObject("parameters"u8);
        step.Fields(fields);
        writer.WriteEndObject();
        WriteReferences(writer, step.References);
        if (step.HasFindings)
        {
            writer.WriteStartObject("evaluation"u8);
            step.Findings(fields, plan);
            writer.WriteEndObject();
        }

        WritePlace(writer, step);
        if (step.Error is not null) writer.WriteString("error"u8, step.Error);
    }

    private static void WriteReferences(Utf8JsonWriter writer, ImmutableArray<FieldReference> references)
    {
        if (references.IsEmpty) return;
        writer.WriteStartObject("references"u8);
        foreach (var reference in references) writer.WriteString(reference.Field, reference.Origin);
        writer.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter writer, PlanNode step)
    {
        if (step.Place is not { } place) return;
        writer.WriteStartObject("place"u8);
        writer.WriteString("file"u8, place.File);
        writer.WriteNumber("line"u8, place.Line);
        writer.WriteNumber("column"u8, place.Column);
        writer.WriteEndObject();
    }

    private static void WriteEdges(Utf8JsonWriter writer, Plan plan)
    {
        writer.WriteStartArray("edges"u8);
        foreach (var edge in PlanEdges.Of(plan))
        {
            writer.WriteStartObject();
            writer.WriteString("from"u8, edge.From.Path);
            writer.WriteString("to"u8, edge.To.Path);
            writer.WriteString("kind"u8, edge.Kind.Word());
            if (edge.Label is not null) writer.WriteString("label"u8, edge.Label);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
