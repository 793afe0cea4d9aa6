using System.Collections.Immutable;
using Lockstep.Source;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Lockstep.Configuration;

/// <summary>A piece of a YAML document, with its place. Closed.</summary>
internal abstract record YamlNode(Span Span)
{
    private const int DeepestNesting = 100;

    /// <summary>The document's one node; null when it is empty.</summary>
    /// <exception cref="YamlException">It is no YAML, or has aliases, which this reader does not follow.</exception>
    public static YamlNode? Read(string text)
    {
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _)) return null;
        var node = Node(parser, 0);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second)) throw new YamlException(second.Start, second.End, "a second document begins here");
        return node;
    }

    private static YamlNode Node(Parser parser, int depth)
    {
        if (depth > DeepestNesting) throw new YamlException(parser.Current!.Start, parser.Current.End, $"it nests more than {DeepestNesting} deep");
        if (parser.TryConsume<Scalar>(out var scalar)) return new YamlText(scalar.Value, SpanOf(scalar, scalar));
        if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            var items = ImmutableArray.CreateBuilder<YamlNode>();
            while (!parser.Accept<SequenceEnd>(out _)) items.Add(Node(parser, depth + 1));
            return new YamlList(items.ToImmutable(), SpanOf(sequence, parser.Consume<SequenceEnd>()));
        }

        if (parser.TryConsume<MappingStart>(out var mapping))
        {
            var entries = ImmutableArray.CreateBuilder<(YamlText Key, YamlNode Value)>();
            while (!parser.Accept<MappingEnd>(out _))
            {
                if (Node(parser, depth + 1) is not YamlText key) throw new YamlException(mapping.Start, mapping.End, "a key is a word");
                entries.Add((key, Node(parser, depth + 1)));
            }

            return new YamlMap(entries.ToImmutable(), SpanOf(mapping, parser.Consume<MappingEnd>()));
        }

        var other = parser.Current!;
        throw new YamlException(other.Start, other.End, "aliases (*name) are not followed: write the value out");
    }

    private static Span SpanOf(ParsingEvent first, ParsingEvent last) => Span.FromBounds((int)first.Start.Index, (int)Math.Max(first.Start.Index, last.End.Index));
}

/// <summary>A word, a number or a text: what it is taken for is up to who reads it.</summary>
internal sealed record YamlText(string Text, Span Span) : YamlNode(Span);

internal sealed record YamlList(ImmutableArray<YamlNode> Items, Span Span) : YamlNode(Span);

internal sealed record YamlMap(ImmutableArray<(YamlText Key, YamlNode Value)> Entries, Span Span) : YamlNode(Span)
{
    public YamlNode? this[string key]
    {
        get
        {
            foreach (var entry in Entries)
                if (entry.Key.Text == key) return entry.Value;
            return null;
        }
    }
}
