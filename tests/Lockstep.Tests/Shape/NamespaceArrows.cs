namespace Lockstep.Tests.Shape;

public sealed class NamespaceArrows
{
    /// <summary>
    /// The table of ARCHITECTURE.md: each namespace and what it may import of ours. A namespace without a row belongs to the
    /// row of its nearest parent; a parent may use its own sub-namespaces.
    /// </summary>
    private const string Table = """
        Source:              nothing
        Processes:           nothing
        Workspaces:          nothing
        Expressions:         Source
        Plans:               Expressions, Source
        Commands:            Plans, Expressions, Source
        TaskFiles:           Plans, Expressions, Source
        Workflows:           Plans, Expressions, Source
        Commands.Decorators: Plans, Expressions, Source
        Redaction:           nothing
        Values:              Expressions, Processes, Redaction, Source
        Journal:             Plans, Source
        Repositories:        Processes, Workspaces
        Agents:              Processes, Workspaces
        Execution.Steps:     Plans, Expressions, Journal, Processes, Workspaces, Repositories, Agents, Source
        Execution:           Execution.Steps and what it may import, Values, Redaction
        Simulation:          Execution and what it may import
        Sqlite:              Journal, Workspaces
        Configuration:       Journal, Source
        Telemetry:           Configuration, Journal, Plans, Sqlite, Source
        """;

    /// <summary>Uses that the table does not allow and that are there all the same, with the reason. Each is a debt: none may be added lightly.</summary>
    private static readonly Dictionary<(string From, string To), string> Departures = new()
    {
        [("Journal", "Expressions")] = "the event of a resolved value says where the value came from, which is an enum of Expressions",
        [("Sqlite", "Plans")] = "the journal's seam names a step by its StepId, and how long steps take is kept by their hash, both of Plans",
        [("Sqlite", "Source")] = "plans and long step names are stored under their SHA-256, and Source has the one that loads no OpenSSL",
    };

    private static readonly Dictionary<string, HashSet<string>> Allowed = ReadTable();

    private static readonly IReadOnlySet<TypeUse> Uses = TypeUses.Of(typeof(Lockstep.Plans.Plan).Assembly.Location);

    [Fact]
    public void Every_type_has_a_row_or_belongs_to_the_root()
    {
        var strays = from use in Uses
                     where RowOf(use.FromNamespace) is "" && use.FromNamespace is not "Lockstep"
                     where use.FromNamespace.StartsWith("Lockstep", StringComparison.Ordinal)
                     select use.FromNamespace;
        Assert.Empty(strays.Distinct());
    }

    [Fact]
    public void No_namespace_imports_what_its_row_does_not_name()
    {
        var wrong = from use in Arrows()
                    where !Departures.ContainsKey((use.From, use.To))
                    where !Allowed[use.From].Contains(use.To)
                    select $"{use.From} → {use.To}: {use.Where}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_departure_outlives_its_reason()
    {
        var arrows = Arrows().Select(use => (use.From, use.To)).ToHashSet();
        Assert.All(Departures.Keys, departure => Assert.True(arrows.Contains(departure) && !Allowed[departure.From].Contains(departure.To), $"{departure}"));
    }

    [Fact]
    public void Nothing_imports_the_facade()
    {
        var wrong = from use in Uses
                    where use.ToNamespace == "Lockstep" && RowOf(use.FromNamespace) is not ""
                    select $"{use.FromNamespace}.{use.From} → {use.To}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_namespaces_import_each_other_in_a_circle()
    {
        var next = Arrows().ToLookup(use => use.From, use => use.To);
        var finished = new HashSet<string>();
        foreach (var start in Allowed.Keys) Visit(start, []);

        void Visit(string at, List<string> path)
        {
            Assert.False(path.Contains(at), $"a circle: {string.Join(" → ", path.SkipWhile(name => name != at))} → {at}");
            if (finished.Contains(at)) return;
            foreach (var to in next[at].Distinct()) Visit(to, [.. path, at]);
            finished.Add(at);
        }
    }

    [Fact]
    public void The_architecture_page_tells_the_same_table()
    {
        var page = File.ReadAllText(Repository.PathOf("ARCHITECTURE.md"));
        foreach (var line in Table.Split('\n'))
        {
            var (name, imports) = (line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Trim());
            Assert.Contains($"| `{name}` | {imports} |", page, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<(string From, string To, string Where)> Arrows()
        => from use in Uses
           let @from = RowOf(use.FromNamespace)
           let to = RowOf(use.ToNamespace)
           where @from != "" && to != "" && @from != to
           where !to.StartsWith(@from + '.', StringComparison.Ordinal)
           select (@from, to, $"{use.From} uses {use.To}");

    /// <summary>The longest row that a namespace is or stands in; empty for the root and for what compilers add.</summary>
    private static string RowOf(string name)
    {
        const string root = "Lockstep.";
        if (!name.StartsWith(root, StringComparison.Ordinal)) return "";
        var row = name[root.Length..];
        while (!Allowed.ContainsKey(row))
        {
            var dot = row.LastIndexOf('.');
            if (dot < 0) return "";
            row = row[..dot];
        }

        return row;
    }

    private static Dictionary<string, HashSet<string>> ReadTable()
    {
        const string inherited = " and what it may import";
        var rows = new Dictionary<string, HashSet<string>>();
        foreach (var line in Table.Split('\n'))
        {
            var colon = line.IndexOf(':');
            var imports = new HashSet<string>();
            foreach (var import in line[(colon + 1)..].Trim().Split(", "))
            {
                if (import == "nothing") continue;
                var name = import.Replace(inherited, "", StringComparison.Ordinal);
                imports.Add(name);
                if (name != import) imports.UnionWith(rows[name]);
            }

            rows.Add(line[..colon], imports);
        }

        return rows;
    }
}
