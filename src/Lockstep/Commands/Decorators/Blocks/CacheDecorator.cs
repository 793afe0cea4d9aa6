using System.Collections.Immutable;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Commands.Decorators.Blocks;

/// <summary><c>@cache</c>.</summary>
internal sealed class CacheDecorator : BlockDecorator
{
    private static readonly DecoratorParameter Inputs =
        new("inputs", ParameterType.Text, "Globs of the files it reads, parted by commas.") { Required = true };

    private static readonly DecoratorParameter Outputs =
        new("outputs", ParameterType.Text, "Globs of the files it makes, parted by commas.") { Default = new TextArgument("") };

    private static readonly DecoratorParameter Key =
        new("key", ParameterType.Template, "Anything else the result depends on.") { Default = new TextArgument("") };

    public static readonly CacheDecorator Instance = new();

    private CacheDecorator() : base("cache", "Skips its block, and restores its outputs, when nothing it depends on has changed.", Inputs, Outputs, Key) { }

    public override PlanNode Lower(StepId id, Arguments arguments, BlockBody body) => new CacheNode(
        id, Globs(arguments.Text(Inputs)), Globs(arguments.Text(Outputs)), arguments.Template(Key), body.Whole());

    private static ImmutableArray<string> Globs(string text)
    {
        var globs = ImmutableArray.CreateBuilder<string>();
        var start = 0;
        var depth = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            var symbol = i < text.Length ? text[i] : ',';
            if (symbol == '{') depth++;
            else if (symbol == '}') depth--;
            else if (symbol == ',' && (depth <= 0 || i == text.Length))
            {
                var glob = text.AsSpan(start, i - start).Trim();
                if (glob.Length > 0) globs.Add(glob.ToString());
                start = i + 1;
            }
        }
        return globs.DrainToImmutable();
    }
}
