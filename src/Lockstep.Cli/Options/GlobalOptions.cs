using System.CommandLine;
using Lockstep.Execution;

namespace Lockstep.Cli.Options;

/// <summary>The flags every command takes, and how they combine with the environment: a flag wins over a variable, a variable over the default.</summary>
internal sealed class GlobalOptions
{
    public Option<string> Directory { get; } = new("-C", "--directory") { HelpName = "DIR", Description = "Look for definitions in DIR and above" };

    public Option<string> File { get; } = new("-f", "--file") { HelpName = "FILE", Description = "Read definitions from FILE" };

    public Option<string> Colour { get; } = new("--color") { HelpName = "WHEN", Description = "Colour: auto, always or never" };

    public Option<bool> NoColour { get; } = new("--no-color") { Description = "The same as --color=never" };

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Say less" };

    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Say more: commands as they start, long lines uncut" };

    public Option<string> Interactive { get; } = new("--interactive") { HelpName = "WHEN", Description = "Questions: auto, always or never" };

    public Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Answer every confirmation with yes" };

    public Option<bool> Ci { get; } = new("--ci") { Description = "No questions, no colour, quiet; also when CI is set" };

    public Option<bool> Json { get; } = new("--json") { Description = "One JSON document on standard output, everything else on standard error" };

    public Option<bool> Help { get; } = new("--help", "-h") { Description = "Show this" };

    /// <summary>Adds them beside a built-in's own, which win where both have the same short name.</summary>
    public void AddTo(Command command, IEnumerable<Option> own)
    {
        foreach (var option in own)
        {
            foreach (var alias in option.Aliases)
                foreach (var global in All) global.Aliases.Remove(alias);
            command.Options.Add(option);
        }
        foreach (var option in All) command.Options.Add(option);
    }

    public IEnumerable<Option> All => [Directory, File, Colour, NoColour, Quiet, Verbose, Interactive, Yes, Ci, Json, Help];

    /// <param name="parsed">What stands on the command line.</param>
    /// <param name="environment">Gives a variable's value, null when it is not set.</param>
    /// <param name="commandLine">The command line without flags, for the texts that say what to type.</param>
    public Settings Read(ParseResult parsed, Func<string, string?> environment, string commandLine)
    {
        bool? Flag(Option<bool> option, string variable) => parsed.GetResult(option) is { Implicit: false }
            ? parsed.GetValue(option)
            : Switch(variable, environment(variable));

        var quietFlag = parsed.GetValue(Quiet);
        var verboseFlag = parsed.GetValue(Verbose);
        if (quietFlag && verboseFlag) throw Conflict("--quiet", "--verbose", commandLine);

        var ci = Flag(Ci, "LOCKSTEP_CI") ?? Switch("CI", environment("CI"), lenient: true) ?? false;
        var interactiveFlag = Choice("--interactive", parsed.GetValue(Interactive));
        if (parsed.GetValue(Ci) && interactiveFlag == "always") throw Conflict("--ci", "--interactive=always", commandLine);

        var quiet = quietFlag || (!verboseFlag && Switch("LOCKSTEP_QUIET", environment("LOCKSTEP_QUIET")) == true);
        var verbose = verboseFlag || (!quiet && Switch("LOCKSTEP_VERBOSE", environment("LOCKSTEP_VERBOSE")) == true);
        var interactivity = interactiveFlag ?? (parsed.GetValue(Ci) ? "never" : Choice("LOCKSTEP_INTERACTIVE", environment("LOCKSTEP_INTERACTIVE")));
        var directory = parsed.GetValue(Directory) is { } named ? Existing(Path.GetFullPath(named)) : Environment.CurrentDirectory;
        return new Settings
        {
            Verbosity = verbose ? Verbosity.Verbose : quiet || ci ? Verbosity.Quiet : Verbosity.Normal,
            QuietAsked = quiet,
            Interactivity = interactivity switch { "always" => Interactivity.Always, "never" => Interactivity.Never, _ => ci ? Interactivity.Never : Interactivity.Auto },
            Colour = ReadColour(parsed, environment, ci),
            Yes = Flag(Yes, "LOCKSTEP_YES") ?? false,
            Ci = ci,
            Json = parsed.GetValue(Json),
            Directory = directory,
            File = parsed.GetValue(File),
        };
    }

    private static string Existing(string directory)
    {
        if (System.IO.Directory.Exists(directory)) return directory;
        throw new CliException(System.IO.File.Exists(directory)
            ? new CliError(ExitCode.NotFound, $"{directory} is a file, and -C names a directory") { Use = $"lockstep -f {directory}" }
            : new CliError(ExitCode.NotFound, $"the directory {directory} does not exist") { Where = "-C", Help = "check its name; a relative one starts at the working directory" });
    }

    private ColourChoice ReadColour(ParseResult parsed, Func<string, string?> environment, bool ci)
    {
        if (parsed.GetValue(NoColour)) return ColourChoice.Never;
        var text = Choice("--color", parsed.GetValue(Colour)) ?? Choice("LOCKSTEP_COLOR", environment("LOCKSTEP_COLOR"));
        return text switch
        {
            "always" => ColourChoice.Always,
            "never" => ColourChoice.Never,
            "auto" => ColourChoice.Auto,
            _ => ci ? ColourChoice.Never : ColourChoice.Auto,
        };
    }

    private static CliException Conflict(string one, string other, string commandLine)
        => CliException.Usage($"{one} flag conflicts with {other}", use: $"{commandLine} {one}");

    private static string? Choice(string name, string? text) => text switch
    {
        null or "" => null,
        "auto" or "always" or "never" => text,
        _ => throw CliException.Usage($"{name} is '{text}', which is none of auto, always, never", use: $"{name}=auto"),
    };

    private static bool? Switch(string variable, string? text, bool lenient = false) => text switch
    {
        null or "" => null,
        "1" or "true" or "yes" or "on" => true,
        "0" or "false" or "no" or "off" => false,
        _ when lenient => true,
        _ => throw CliException.Usage($"the environment variable {variable} is '{text}', which is neither true nor false", use: $"{variable}=1"),
    };
}
