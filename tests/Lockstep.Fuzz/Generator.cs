using System.Text;

namespace Lockstep.Fuzz;

/// <summary>Makes inputs: files of the language, damaged ones, heaps of its fragments, one fragment many times over, and plain bytes.</summary>
internal sealed class Generator(Random random)
{
    public byte[] Next() => random.Next(10) switch
    {
        < 3 => Encoding.UTF8.GetBytes(File(depth: 4)),
        < 6 => Damage(Encoding.UTF8.GetBytes(random.Next(2) == 0 ? Pick(Corpus.Files) : File(depth: 3))),
        < 8 => Encoding.UTF8.GetBytes(Heap(random.Next(1, 60))),
        8 => Encoding.UTF8.GetBytes(Tower()),
        _ => Bytes(),
    };

    private string Pick(string[] from) => from[random.Next(from.Length)];

    private string Heap(int count)
    {
        var text = new StringBuilder(random.Next(3) == 0 ? "" : "c: ");
        for (; count > 0; count--) text.Append(Pick(Corpus.Fragments));
        return text.ToString();
    }

    // Repetition is what makes a careless parser slow or deep.
    private string Tower()
    {
        var unit = Pick(Corpus.Fragments) + (random.Next(2) == 0 ? Pick(Corpus.Fragments) : "");
        var count = random.Next(8) == 0 ? random.Next(5_000) : random.Next(500);
        var text = new StringBuilder("c: ").Insert(3, unit, count);
        if (random.Next(2) == 0) text.Insert(text.Length, Pick(Corpus.Fragments), count);
        return text.ToString();
    }

    private byte[] Bytes()
    {
        var bytes = new byte[random.Next(200)];
        random.NextBytes(bytes);
        return bytes;
    }

    private byte[] Damage(byte[] bytes)
    {
        var list = new List<byte>(bytes);
        for (var edits = random.Next(1, 6); edits > 0 && list.Count > 0; edits--)
        {
            var at = random.Next(list.Count);
            switch (random.Next(5))
            {
                case 0:
                    list.RemoveRange(at, Math.Min(random.Next(1, 20), list.Count - at));
                    break;
                case 1:
                    list.InsertRange(at, Encoding.UTF8.GetBytes(Pick(Corpus.Fragments)));
                    break;
                case 2:
                    list[at] = (byte)random.Next(256);
                    break;
                case 3:
                    list.InsertRange(random.Next(list.Count), list.GetRange(at, Math.Min(random.Next(1, 60), list.Count - at)));
                    break;
                default:
                    list.RemoveRange(at, list.Count - at);
                    break;
            }
        }
        return [.. list];
    }

    private string File(int depth)
    {
        var text = new StringBuilder("var X = \"x\"\nleaf: echo leaf\n");
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            if (random.Next(4) == 0) text.Append($"# about {i}\n");
            if (random.Next(4) == 0) text.Append($"var V{i} = {Value()}\n");
            text.Append($"{(random.Next(5) == 0 ? "watch " : "")}c{i}{Parameters()}: {Statement(depth, isOneLine: false, "")}{(random.Next(5) == 0 ? " // why" : "")}\n");
            if (random.Next(3) == 0) text.Append('\n', random.Next(1, 4));
        }
        return text.ToString();
    }

    private string Parameters() => random.Next(4) == 0 ? $"(a, b = {Value()})" : "";

    private string Value() => random.Next(6) switch
    {
        0 => $"{random.Next(1000)}",
        1 => $"{random.Next(90)}m{random.Next(60)}s",
        2 => "true",
        3 => "@env(\"K\", default = 'd')",
        4 => "`a\nb`",
        _ => "\"x\\\"y\"",
    };

    private string Statement(int depth, bool isOneLine, string indent) => (depth <= 0 ? random.Next(4) : random.Next(8)) switch
    {
        0 => $"echo {Word()} {Word()}",
        1 => $"{Word()} && {(random.Next(2) == 0 ? random.Next(4) == 0 ? "@cmd(c1)" : "@cmd(leaf)" : Word())} | tee \"{Word().Replace("\"", "", StringComparison.Ordinal)}\"",
        2 => "@log(\"hi @var(X)\" , plain=true)",
        3 => isOneLine ? "for i in 1 2; do echo $i; done" : $"a; b {Word()}{(random.Next(4) == 0 ? " \\\n   c" : "")}",
        4 => $"@timeout( 5m ) {Block(depth, isOneLine, indent)}",
        5 => $"@parallel {Block(depth, isOneLine, indent)}",
        6 => $"@retry(attempts=3){Block(depth, isOneLine, indent)}",
        _ => $"@try {Branches(depth, isOneLine, indent)}",
    };

    private string Word() => random.Next(8) switch
    {
        0 => "@var(X)",
        1 => "\"a @env(\"K\", default = \"x\") b\"",
        2 => "$(date \"+%s\")",
        3 => "'it;s }'",
        4 => "${X:-y}",
        5 => "{}",
        6 => "http://x//y",
        _ => "word",
    };

    private string Block(int depth, bool isOneLine, string indent)
    {
        var inner = indent + (random.Next(2) == 0 ? "  " : "\t");
        if (isOneLine || random.Next(3) == 0)
            return $"{{ {string.Join(random.Next(2) == 0 ? "; " : ";", Enumerable.Range(0, random.Next(1, 3)).Select(_ => Statement(depth - 2, true, "")))} }}";
        var lines = Enumerable.Range(0, random.Next(4)).Select(_ => $"{inner}{(random.Next(5) == 0 ? "# note\n\n" : "")}{Statement(depth - 1, false, inner)}\n");
        return $"{{{(random.Next(4) == 0 ? " // block" : "")}\n{string.Concat(lines)}{indent}}}";
    }

    private string Branches(int depth, bool isOneLine, string indent)
    {
        if (isOneLine || random.Next(3) == 0) return $"{{ main: {Statement(depth - 2, true, "")}; catch:{Block(depth - 2, true, "")} }}";
        return $"{{\n{indent}main: {Statement(depth - 1, false, indent)}\n{indent}\"x y\" : {Block(depth - 1, false, indent)}\n{indent}}}";
    }
}
