using System.CommandLine;
using System.CommandLine.Parsing;
using Lockstep.Cli.BuiltIns;
using Lockstep.Source;

namespace Lockstep.Cli.Options;

/// <summary>Says what is wrong with flags and arguments in the program's own words.</summary>
internal static class UsageErrors
{
    /// <param name="parsed">What stands on the command line.</param>
    /// <param name="command">The built-in, with its flags.</param>
    /// <param name="commandLine">The command line without flags, for the texts that say what to type.</param>
    /// <param name="builtIn">The built-in.</param>
    public static void Check(ParseResult parsed, Command command, string commandLine, BuiltIn builtIn)
    {
        foreach (var token in parsed.UnmatchedTokens)
        {
            if (token is not ['-', _, ..])
                throw CliException.Usage($"'{token}' is one word too many for {commandLine}", help: $"{commandLine} --help says what it takes");
            throw UnknownFlag(token, command, commandLine, builtIn);
        }
        foreach (var token in parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash))
            if (token is { Type: TokenType.Argument, Value: ['-', _, ..] } && command.Arguments.Any(argument => parsed.GetResult(argument)?.Tokens.Contains(token) == true))
                throw UnknownFlag(token.Value, command, commandLine, builtIn);
        if (parsed.Errors.Count == 0) return;
        var missing = command.Options.FirstOrDefault(option => option.Arity.MinimumNumberOfValues > 0
            && parsed.GetResult(option) is { Implicit: false, Tokens.Count: 0 });
        if (missing is not null)
            throw CliException.Usage($"{missing.Name} needs a value", use: $"{commandLine} {missing.Name} {missing.HelpName ?? "VALUE"}");
        var absent = command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0
            && (parsed.GetResult(argument)?.Tokens.Count ?? 0) == 0);
        if (absent is not null) throw CliException.Usage($"{commandLine} needs {absent.Name}", use: $"lockstep {builtIn.Name} {builtIn.Usage}");
        var misread = command.Options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false } result && result.Errors.Any());
        if (misread is not null && parsed.GetResult(misread)!.Tokens is [var value, ..])
            throw CliException.Usage($"{misread.Name} is '{value.Value}', which is no {(misread.ValueType == typeof(int) ? "whole number" : "value it takes")}", help: $"{commandLine} --help says what it takes");
        throw CliException.Usage(parsed.Errors[0].Message.TrimEnd('.'), help: $"{commandLine} --help says what it takes");
    }

    private static CliException UnknownFlag(string token, Command command, string commandLine, BuiltIn builtIn)
    {
        var flag = token.Split('=')[0];
        var names = command.Options.SelectMany(option => option.Aliases.Prepend(option.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal));
        var nearest = NearestName.Of(flag, names);
        if (builtIn.NamesCommand)
        {
            // Behind the name it would be the command's: what we took for the name may be its value.
            return CliException.Usage($"there is no flag {flag}{(nearest is null ? "" : $"; did you mean {nearest}?")}",
                help: $"lockstep {builtIn.Name} --help lists lockstep's flags; those of a command stand after its name: lockstep {builtIn.Name} NAME {token}");
        }
        return nearest is { } near
            ? CliException.Usage($"there is no flag {flag}; did you mean {near}?", use: $"{commandLine} {near}")
            : CliException.Usage($"there is no flag {flag}", help: $"{commandLine} --help lists them");
    }
}
