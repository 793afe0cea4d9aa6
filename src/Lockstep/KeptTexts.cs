using System.Collections.Immutable;
using Lockstep.Expressions;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Json;
using Lockstep.Plans.Views;

namespace Lockstep;

/// <summary>The sensitive texts that a stored plan lacks, taken anew from the definition file while that is the one the plan was made of.</summary>
internal static class KeptTexts
{
    /// <summary>The plan with what the file and the given parameters tell.</summary>
    /// <param name="plan">As it was stored.</param>
    /// <param name="events">The run's events: they have its arguments, those that may show.</param>
    /// <param name="inputs">Parameters that were given again, by name.</param>
    /// <param name="project">Around what the file is read.</param>
    public static RestoredPlan Restore(Plan plan, IReadOnlyList<RunEvent> events, IReadOnlyDictionary<string, string> inputs, ProjectOptions project)
    {
        if (!plan.Values.Any(value => value.NotKept)) return new(plan, plan, [], []);
        var known = FromEnvironment(plan, project);
        if (!known.Values.Any(value => value.NotKept)) return new(plan, known, [], []);
        if (events.OfType<RunStarted>().FirstOrDefault() is not { } start || Open(plan, project) is not { } definitions)
            return new(plan, known, [], []) { FileChanged = true };
        var redacted = new List<string>();
        if (definitions.Plan(plan.Command, plan.Mode, start.Arguments, (name, text) => Given(name, text, inputs, redacted)).Plan is not { } fresh)
            return new(plan, known, [], [.. redacted]);

        var values = known.Values.ToBuilder();
        var waiting = false;
        foreach (var (stored, now) in Pairs(plan, fresh))
        {
            var value = fresh.Values[now];
            if (!values[stored].NotKept) continue;
            if (Lacks(value)) waiting = true;
            if (Lacks(value) || value.Error is not null) continue;
            var resolved = value.Expression is VariableExpression or ParameterExpression ? value.Resolved : null;
            values[stored] = plan.Values[stored] with { Expression = value.Expression, References = value.References, Resolved = resolved, NotKept = false };
        }

        return new(plan, known with { Values = values.MoveToImmutable() }, [.. redacted.Where(inputs.ContainsKey)], waiting ? [.. redacted.Where(name => !inputs.ContainsKey(name))] : []);
    }

    /// <summary>A default that was not kept is not missed where the variable is set.</summary>
    private static Plan FromEnvironment(Plan plan, ProjectOptions project) => plan with
    {
        Values = [.. plan.Values.Select(value => value.NotKept && value.Expression is EnvironmentExpression { Key: var key } && project.Environment(key) is { Length: > 0 } ? value with { NotKept = false } : value)],
    };

    private static string? Given(string name, string? text, IReadOnlyDictionary<string, string> inputs, List<string> redacted)
    {
        if (text is null || !IsRedacted(text)) return text;
        redacted.Add(name);
        return inputs.GetValueOrDefault(name, text);
    }

    private static Project? Open(Plan plan, ProjectOptions project)
    {
        if (plan.Context.Files is not [var file]) return null;
        try
        {
            var definitions = Project.Open(project with { Directory = plan.Context.Directory, File = file.Path });
            return definitions.Sha256 == file.Sha256 ? definitions : null;
        }
        catch (ProjectNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Which values are the same, by what a stored plan says of them: those that say the same stand in the same order.</summary>
    private static IEnumerable<(int Stored, int Now)> Pairs(Plan stored, Plan fresh)
    {
        var written = PlanJson.Read(PlanJson.ToUtf8(fresh)).Values;
        var places = Enumerable.Range(0, written.Length).ToLookup(index => Key(written[index]));
        foreach (var same in Enumerable.Range(0, stored.Values.Length).GroupBy(index => Key(stored.Values[index])))
        {
            var there = places[same.Key].ToList();
            var here = same.ToList();
            if (here.Count != there.Count) continue;
            for (var i = 0; i < here.Count; i++) yield return (here[i], there[i]);
        }
    }

    private static (string Name, ValueExpression Expression, string References) Key(PlannedValue value)
        => (value.Name, value.Expression, string.Join('\n', value.References.Select(reference => $"{reference.Field}={reference.Origin}")));

    /// <summary>Whether a value needs a parameter that is not given again: its text is what stands for it in the history.</summary>
    private static bool Lacks(PlannedValue value)
        => value.Expression switch
        {
            VariableExpression variable => IsRedacted(variable.Text),
            ParameterExpression parameter => IsRedacted(parameter.Text),
            EnvironmentExpression { Default: { } text } => IsRedacted(text),
            _ => SensitiveArguments.Of(value).Any(IsRedacted),
        };

    private static bool IsRedacted(string text) => text.Contains(PlannedText.Redacted, StringComparison.Ordinal);
}
