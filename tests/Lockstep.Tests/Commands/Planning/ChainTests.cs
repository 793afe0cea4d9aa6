using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Tests.Commands.Planning;

public sealed class ChainTests
{
    [Theory]
    [InlineData("@log(a) && b || c", "or(and(log, b), c)")]
    [InlineData("@log(a) || b && c", "and(or(log, b), c)")]
    [InlineData("@log(a) && b && c", "and(log, b, c)")]
    [InlineData("@log(a) | b | c", "pipe(log, b, c)")]
    [InlineData("a && b | @log(c) && d", "and(a, pipe(b, log), d)")]
    [InlineData("@log(a) | b >> f", "pipe(log, b >> f)")]
    [InlineData("@log(a) >> f && b", "and(append(log, f), b)")]
    [InlineData("a || @log(b) || c && d || e", "or(and(or(a, log, c), d), e)")]
    public void A_chain_groups_as_the_shell_would(string text, string structure)
    {
        text = System.Text.RegularExpressions.Regex.Replace(text, @"@log\((\w)\)", "@log(\"$1\")");
        var root = (SequenceNode)Planner.Of($"x: {text}").Good("x").Root;
        Assert.Equal(structure, Show(Assert.Single(root.Steps)));
    }

    [Fact]
    public void A_chain_without_an_action_is_left_to_the_shell()
    {
        var root = (SequenceNode)Planner.Of("x: a && b || c | d >> e").Good("x").Root;
        Assert.Equal(ShellTemplate.Of("a && b || c | d >> e"), Assert.IsType<ShellNode>(Assert.Single(root.Steps)).Text);
    }

    private static string Show(PlanNode node) => node switch
    {
        ShellNode shell => Text(shell.Text),
        LogNode => "log",
        ChainNode { AppendTo: { } file } append => $"append({Show(append.Links[0])}, {Text(file)})",
        ChainNode chain => $"{chain.Operator.ToString().ToLowerInvariant()}({string.Join(", ", chain.Links.Select(Show))})",
        _ => node.GetType().Name,
    };

    private static string Text(ShellTemplate template) => string.Concat(template.Pieces.Cast<LiteralText>().Select(piece => piece.Text));
}
