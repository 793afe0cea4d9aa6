using System.CommandLine;

namespace Lockstep.Cli.Options;

/// <summary>A command line taken apart: what is lockstep's, and what is for the command it runs.</summary>
/// <param name="BuiltIn">The built-in asked for; null when nothing but flags stands there.</param>
/// <param name="Leading">The tokens before the built-in's name: global flags.</param>
/// <param name="Rest">The tokens after it, or from the command's name on when the built-in is not written.</param>
internal sealed record Invocation(string? BuiltIn, IReadOnlyList<string> Leading, IReadOnlyList<string> Rest)
{
    /// <summary>Finds the first word that is no flag and no flag's value.</summary>
    public static Invocation Of(IReadOnlyList<string> arguments, Func<string, bool> isBuiltIn)
    {
        var index = 0;
        while (index < arguments.Count && arguments[index] is ['-', _, ..] flag && flag != "--")
            index += flag is "-C" or "--directory" or "-f" or "--file" or "--interactive" or "--color" ? 2 : 1;
        index = Math.Min(index, arguments.Count);
        var leading = arguments.Take(index).Select(Unambiguous).ToList();
        if (index < arguments.Count && arguments[index] == "--") return new("run", leading, [.. arguments.Skip(index)]);
        if (index == arguments.Count) return new(null, leading, []);
        var named = isBuiltIn(arguments[index]);
        return new(named ? arguments[index] : "run", leading, [.. arguments.Skip(named ? index + 1 : index)]);
    }

    /// <summary>Before a built-in's name <c>-f</c> is the program's, also where the built-in has one of its own.</summary>
    private static string Unambiguous(string flag) => flag == "-f" ? "--file" : flag;
}

/// <summary>The tokens after <c>run</c> or another built-in that names a command, parted between lockstep and that command.</summary>
/// <param name="Own">Flags of lockstep's, with their values.</param>
/// <param name="Name">The command's name; null when none is given.</param>
/// <param name="Arguments">What the command gets, in order.</param>
internal sealed record NamedCommand(IReadOnlyList<string> Own, string? Name, IReadOnlyList<string> Arguments)
{
    /// <summary>Flags that the built-in knows are lockstep's wherever they stand; everything after <c>--</c> is the command's.</summary>
    public static NamedCommand Of(IReadOnlyList<string> tokens, Command builtIn)
    {
        var own = new List<string>();
        var arguments = new List<string>();
        string? name = null;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token == "--")
            {
                // The command's own reading of its arguments needs the dashes too: what follows them is no option.
                arguments.AddRange(tokens.Skip(name is null ? i + 1 : i));
                break;
            }
            if (token is not ['-', _, ..])
            {
                if (name is null) name = token;
                else arguments.Add(token);
                continue;
            }
            var equals = token.IndexOf('=');
            var option = Find(builtIn, equals < 0 ? token : token[..equals]);
            if (option is null && name is not null)
            {
                arguments.Add(token);
                continue;
            }
            own.Add(token);
            if (option is { Arity.MinimumNumberOfValues: > 0 } && equals < 0 && i + 1 < tokens.Count) own.Add(tokens[++i]);
        }
        if (name is null && arguments.Count > 0)
        {
            name = arguments[0];
            arguments.RemoveAt(0);
        }
        return new(own, name, arguments);
    }

    private static Option? Find(Command command, string token)
    {
        foreach (var option in command.Options)
            if (option.Name == token || option.Aliases.Contains(token)) return option;
        return null;
    }
}
