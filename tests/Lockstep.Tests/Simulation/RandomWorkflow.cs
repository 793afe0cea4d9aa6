using Lockstep.Simulation;

namespace Lockstep.Tests.Simulation;

/// <summary>Workflows made by chance. Of steps beside each other at most one may fail: of two, which is the first would be a matter of time.</summary>
internal sealed class RandomWorkflow(Random random)
{
    private const int Deepest = 4;
    private readonly List<ScriptRule> _rules = [];
    private readonly List<string> _commands = [];
    private int _steps;

    public static Shape Of(int seed)
    {
        var workflow = new RandomWorkflow(new Random(seed));
        var body = workflow.Block(0, mayFail: true, locked: false);
        return new Shape(string.Join('\n', [.. workflow._commands, $"w: {body}"]), [.. workflow._rules]);
    }

    private string Block(int depth, bool mayFail, bool locked)
    {
        var count = random.Next(1, 4);
        return $"{{\n{string.Join('\n', Enumerable.Range(0, count).Select(_ => Statement(depth + 1, mayFail, locked)))}\n}}";
    }

    private string Statement(int depth, bool mayFail, bool locked) => depth >= Deepest ? Leaf(mayFail) : random.Next(14) switch
    {
        0 => Parallel(depth, mayFail, locked),
        1 => $"@retry(attempts = {random.Next(2, 4)}, delay = {random.Next(0, 90)}s, exponentialBackoff = true) {Block(depth, mayFail, locked)}",
        2 => $"@timeout(100h) {Block(depth, mayFail, locked)}",
        3 => $"@try {{\nmain: {Block(depth, mayFail, locked)}\ncatch: {Block(depth, mayFail, locked)}\nfinally: {Block(depth, mayFail, locked)}\n}}",
        4 => $"@try {{\nmain: {Block(depth, mayFail, locked)}\nfinally: {Block(depth, mayFail, locked)}\n}}",
        5 when !locked => $"@lock(\"one\", timeout = 50h) {Block(depth, mayFail, locked: true)}",
        6 => $"@effect(\"once\", verify = \"look\") {{ {Leaf(mayFail)} }}",
        7 => $"@effect(\"keyed\") {{ {Leaf(mayFail)} }}",
        8 => $"@confirm(\"Sure?\") {Block(depth, mayFail, locked)}",
        9 => Chain("&&", mayFail),
        10 => Chain("||", mayFail),
        11 => Chain("|", mayFail: false),
        _ => Leaf(mayFail),
    };

    private string Parallel(int depth, bool mayFail, bool locked)
    {
        var count = random.Next(2, 4);
        var failing = mayFail ? random.Next(count) : -1;
        var mode = random.Next(3) switch { 0 => "mode = all", 1 => "mode = immediate", _ => "concurrency = 2" };
        var branches = Enumerable.Range(0, count).Select(i => $"@with(A = \"{i}\") {Block(depth, i == failing, locked)}");
        return $"@parallel({mode}) {{\n{string.Join('\n', branches)}\n}}";
    }

    private string Chain(string joint, bool mayFail)
    {
        var (first, second) = ($"c{_steps++}", $"c{_steps++}");
        _commands.Add($"{first}: {Leaf(mayFail)}");
        _commands.Add($"{second}: {Leaf(mayFail)}");
        return $"@cmd({first}) {joint} @cmd({second})";
    }

    private string Leaf(bool mayFail)
    {
        var name = $"s{_steps++}";
        var attempts = new List<ScriptedProcess>();
        for (var i = random.Next(1, 4); i > 0; i--)
            attempts.Add(new ScriptedProcess { ExitCode = mayFail && random.Next(4) == 0 ? random.Next(1, 9) : 0, Duration = TimeSpan.FromSeconds(random.Next(3)) });
        _rules.Add(new ScriptRule(name, [.. attempts]));
        return name;
    }
}
