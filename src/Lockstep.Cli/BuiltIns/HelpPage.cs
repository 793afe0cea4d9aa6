using System.CommandLine;
using Lockstep.Cli.Options;
using Lockstep.Cli.Terminal;

namespace Lockstep.Cli.BuiltIns;

/// <summary>The help texts of the program and of its built-ins.</summary>
internal static class HelpPage
{
    private const int NameColumn = 26;

    public static int WriteRoot(Screen screen)
    {
        var style = screen.OutStyle;
        var output = screen.Out;
        output.WriteLine($"{style.Bold("Lockstep")} runs the commands of a project: see the plan, pin it, run exactly it.");
        output.WriteLine();
        output.WriteLine(style.Bold("Usage"));
        Line(output, style, "lockstep", "List what can be run here");
        Line(output, style, "lockstep NAME [ARGUMENTS]", "Run it");
        Line(output, style, "lockstep NAME --dry-run", "See what it would do, and do nothing");
        foreach (var (title, names) in BuiltInList.Groups)
        {
            output.WriteLine();
            output.WriteLine(style.Bold(title));
            foreach (var name in names)
            {
                var builtIn = BuiltInList.Find(name)!;
                Line(output, style, builtIn.Usage.Length > 0 ? $"{name} {builtIn.Usage}" : name, builtIn.Summary);
            }
        }
        output.WriteLine();
        output.WriteLine(style.Bold("Flags of every command"));
        foreach (var option in new GlobalOptions().All) Flag(output, style, option);
        Line(output, style, "    --version", "Show the version");
        output.WriteLine();
        output.WriteLine(style.Bold("Exit codes"));
        output.WriteLine("  0 success; the failing command's own code; 2 usage or definition error; 3 refused;");
        output.WriteLine("  4 not found; 70 an error in lockstep itself; 75 paused; 124 timed out; 130 interrupted");
        output.WriteLine();
        output.WriteLine(style.Dim("Start with lockstep init; lockstep COMMAND --help says more on each."));
        return 0;
    }

    public static int Write(BuiltIn builtIn, Command command, GlobalOptions globals, Screen screen)
    {
        var style = screen.OutStyle;
        var output = screen.Out;
        if (builtIn.Name.Length == 0) return WriteRoot(screen);
        output.WriteLine($"{builtIn.Summary}.");
        if (builtIn.Details is { } details) output.WriteLine(details);
        output.WriteLine();
        output.WriteLine(style.Bold("Usage"));
        output.WriteLine($"  lockstep {builtIn.Name}{(builtIn.Usage.Length > 0 ? " " + builtIn.Usage : "")} [FLAGS]");
        if (command.Arguments.Count > 0)
        {
            output.WriteLine();
            output.WriteLine(style.Bold("Arguments"));
            foreach (var argument in command.Arguments) Line(output, style, argument.Name, argument.Description ?? "");
        }
        var own = builtIn.Options.Where(option => !option.Hidden).ToList();
        if (own.Count > 0)
        {
            output.WriteLine();
            output.WriteLine(style.Bold("Flags"));
            foreach (var option in own) Flag(output, style, option);
        }
        output.WriteLine();
        output.WriteLine(style.Bold("Flags of every command"));
        var taken = own.SelectMany(option => option.Aliases).ToHashSet();
        foreach (var option in globals.All) Flag(output, style, option, taken);
        if (builtIn.Examples.Count == 0) return 0;
        output.WriteLine();
        output.WriteLine(style.Bold("Examples"));
        var width = builtIn.Examples.Max(example => example.Line.Length);
        foreach (var (line, meaning) in builtIn.Examples) output.WriteLine($"  {line.PadRight(width)}  {style.Dim("# " + meaning)}");
        return 0;
    }

    /// <param name="output">Where to print.</param>
    /// <param name="style">How.</param>
    /// <param name="option">The flag.</param>
    /// <param name="taken">Short names that mean something else here; null for none.</param>
    private static void Flag(TextWriter output, Style style, Option option, HashSet<string>? taken = null)
    {
        var names = option.Aliases.Prepend(option.Name).Where(name => taken?.Contains(name) != true).ToList();
        var brief = names.FirstOrDefault(name => name.Length == 2);
        var full = names.FirstOrDefault(name => name.Length > 2);
        var value = option.HelpName is { } named ? $" {named}" : "";
        Line(output, style, $"{(brief is null ? "   " : full is null ? brief : brief + ",")} {full}{value}", option.Description ?? "");
    }

    private static void Line(TextWriter output, Style style, string name, string meaning)
    {
        output.Write("  ");
        output.Write(style.Cyan(name));
        if (name.Length > NameColumn)
        {
            output.WriteLine();
            output.Write(new string(' ', NameColumn + 4));
        }
        else
        {
            output.Write(new string(' ', NameColumn + 2 - name.Length));
        }
        output.WriteLine(meaning);
    }
}
