using System.CommandLine;

namespace Lockstep.Cli.Options;

/// <summary>A command line taken apart: what is lockstep's, and what is for the command it runs.</summary>
/// <param name="BuiltIn">The built-in asked for; null when nothing but flags stands there.</param>
/// <param name="Leading">The tokens before the built-in's name: global flags.</param>
/// <param name="Rest">The tokens after it, or from the command's name on when the built-in is not written.</param>
internal sealed record Invocation(string? BuiltIn, IReadOnlyList<string> Leading, IReadOnlyList<string> Rest)
{
    /// <summary>Finds the first word that is no flag and no flag's value.</summary>
    /// <remarks>Plain loops: the first generic query of a native program costs a tenth of a millisecond.</remarks>
    /// <param name="arguments">The command line.</param>
    /// <param name="isBuiltIn">Whether a word is the name of a built-in.</param>
    /// <param name="run">Gives the built-in that runs commands, with all its flags: they may stand before the name of what is run.</param>
    public static Invocation Of(IReadOnlyList<string> arguments, Func<string, bool> isBuiltIn, Func<Command> run)
    {
        var leading = new List<string>();
        Command? known = null;
        var index = 0;
        for (; index < arguments.Count && arguments[index] is ['-', _, ..] flag && flag != "--"; index++)
        {
            // Before a built-in's name -f is the program's, also where the built-in has one of its own.
            if (flag == "-f") leading.Add("--file");
            else if (flag.StartsWith("-f", StringComparison.Ordinal)) leading.Add($"--file={flag.AsSpan(flag[2] == '=' ? 3 : 2)}");
            else leading.Add(flag);
            known ??= run();
            if (NamedCommand.Find(known, flag) is { Arity.MinimumNumberOfValues: > 0 } && index + 1 < arguments.Count) leading.Add(arguments[++index]);
        }
        if (index == arguments.Count) return new(null, leading, []);
        var named = isBuiltIn(arguments[index]);
        var rest = new List<string>();
        for (var i = named ? index + 1 : index; i < arguments.Count; i++) rest.Add(arguments[i]);
        return new(named ? arguments[index] : "run", leading, rest);
    }
}

/// <summary>The tokens after <c>run</c> or another built-in that names a command, parted between lockstep and that command.</summary>
/// <param name="Own">Flags of lockstep's, with their values.</param>
/// <param name="Name">The command's name; null when none is given.</param>
/// <param name="Arguments">What the command gets, in order.</param>
internal sealed record NamedCommand(IReadOnlyList<string> Own, string? Name, IReadOnlyList<string> Arguments)
{
    /// <summary>The long flags of lockstep's that stand after the name, where a parameter of the command may be named like them.</summary>
    public IReadOnlyList<string> Doubtful { get; private init; } = [];

    /// <summary>Flags that the built-in knows are lockstep's wherever they stand; everything after <c>--</c> is the command's.</summary>
    public static NamedCommand Of(IReadOnlyList<string> tokens, Command builtIn) => Part(tokens, builtIn, _ => false);

    /// <summary>The same, but what stands after the name and is a parameter of the command is the command's.</summary>
    /// <param name="tokens">What stands after the built-in's name.</param>
    /// <param name="builtIn">The built-in, with its flags.</param>
    /// <param name="parameters">Gives the parameters of the named command, from the flags that are lockstep's without doubt; asked only where there is doubt.</param>
    public static NamedCommand Of(IReadOnlyList<string> tokens, Command builtIn, Func<NamedCommand, IReadOnlyList<string>> parameters)
    {
        var named = Part(tokens, builtIn, _ => false);
        if (named.Doubtful.Count == 0) return named;
        var known = parameters(Part(tokens, builtIn, named.Doubtful.Contains));
        return known.Any(named.Doubtful.Contains) ? Part(tokens, builtIn, known.Contains) : named;
    }

    private static NamedCommand Part(IReadOnlyList<string> tokens, Command builtIn, Func<string, bool> isParameter)
    {
        var own = new List<string>();
        var doubtful = new List<string>();
        var arguments = new List<string>();
        string? name = null;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token == "--")
            {
                // The command's own reading of its arguments needs the dashes too: what follows them is no option.
                for (var rest = name is null ? i + 1 : i; rest < tokens.Count; rest++) arguments.Add(tokens[rest]);
                break;
            }
            if (token is not ['-', _, ..])
            {
                if (name is null) name = token;
                else arguments.Add(token);
                continue;
            }
            var equals = token.IndexOf('=');
            var flag = equals < 0 ? token : token[..equals];
            var exact = Find(builtIn, flag);
            var option = exact ?? Attached(builtIn, token);
            if (name is not null && (option is null || (flag.StartsWith("--", StringComparison.Ordinal) && isParameter(flag[2..]))))
            {
                arguments.Add(token);
                continue;
            }
            own.Add(token);
            if (name is not null && flag.StartsWith("--", StringComparison.Ordinal)) doubtful.Add(flag[2..]);
            if (exact is { Arity.MinimumNumberOfValues: > 0 } && equals < 0 && i + 1 < tokens.Count) own.Add(tokens[++i]);
        }
        if (name is null && arguments.Count > 0)
        {
            name = arguments[0];
            arguments.RemoveAt(0);
        }
        return new(own, name, arguments) { Doubtful = doubtful };
    }

    /// <summary>The short flag that a token begins with, where the rest is its value: <c>-j2</c>.</summary>
    private static Option? Attached(Command command, string token)
        => token.Length > 2 && token[1] != '-' && Find(command, token[..2]) is { Arity.MinimumNumberOfValues: > 0 } option ? option : null;

    /// <summary>A command's flag by one of its names; null for none.</summary>
    public static Option? Find(Command command, string token)
    {
        foreach (var option in command.Options)
            if (option.Name == token || option.Aliases.Contains(token)) return option;
        return null;
    }
}
