using System.CommandLine;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Cli.BuiltIns.Control;

/// <summary><c>--input NAME=VALUE</c> and <c>--set NAME=VALUE</c>: values for a plan that was made before.</summary>
internal sealed class GivenValueOptions(string inputs, string variables)
{
    private readonly Option<string[]> _inputs = new("--input") { HelpName = "NAME=VALUE", Description = inputs };
    private readonly Option<string[]> _variables = new("--set") { HelpName = "NAME=VALUE", Description = variables };

    public IEnumerable<Option> All => [_inputs, _variables];

    public GivenValues Read(ParseResult parsed) => new() { Inputs = Pairs(parsed.GetValue(_inputs), "--input"), Variables = Pairs(parsed.GetValue(_variables), "--set") };

    /// <summary>What is wrong with given values, as an error of the command line.</summary>
    /// <param name="wrong">What is wrong.</param>
    /// <param name="run">The run.</param>
    /// <param name="command">What was typed before the flags that are missing, such as <c>resume</c>.</param>
    public static CliException Error(ValueNotGivenException wrong, RunId run, string command) => new(new CliError(wrong.IsMissing ? ExitCode.Refused : ExitCode.Usage, wrong.Message)
    {
        Use = wrong.Flags.Count > 0 ? $"lockstep {command} {run} {string.Join(' ', wrong.Flags)}" : null,
        Help = wrong.Help,
    });

    private static Dictionary<string, string> Pairs(string[]? pairs, string flag)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw CliException.Usage($"{flag} needs NAME=VALUE", help: $"such as {flag} env=prod");
            if (!values.TryAdd(pair[..equals], pair[(equals + 1)..])) throw CliException.Usage($"{flag} {pair[..equals]} is given twice", help: "give each value once");
        }

        return values;
    }
}
