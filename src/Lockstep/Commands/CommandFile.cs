using System.Collections.Immutable;
using Lockstep.Commands.Parsing;
using Lockstep.Commands.Syntax;
using Lockstep.Source;

namespace Lockstep.Commands;

/// <summary>A command file, read as far as a run needs it: its top level at once, a command's body when it is asked for.</summary>
/// <remarks>See <see cref="BodyOutline"/> for how a body's end is known without parsing it.</remarks>
internal sealed class CommandFile
{
    private readonly Dictionary<string, CommandHeader> _commands;
    private readonly Dictionary<string, CommandHeader>? _stops;

    private CommandFile(SourceText source, FileIndexer index, ImmutableArray<Diagnostic> diagnostics)
    {
        Source = source;
        Variables = index.Variables.DrainToImmutable();
        Commands = index.Headers.DrainToImmutable();
        VariableGroups = index.Groups.DrainToImmutable();
        Diagnostics = diagnostics;
        (_commands, _stops) = (index.Commands, index.Stops);
    }

    public SourceText Source { get; }

    /// <summary>In the order of the file, each name once.</summary>
    public ImmutableArray<VariableSyntax> Variables { get; }

    /// <summary>Where <c>var ( … )</c> groups stand.</summary>
    public ImmutableArray<Span> VariableGroups { get; }

    /// <summary>In the order of the file, also those that are declared twice.</summary>
    public ImmutableArray<CommandHeader> Commands { get; }

    /// <summary>What is wrong with the top level; bodies are not looked at.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; }

    /// <summary>Reads a file's top level. Any bytes will do: what is wrong with them is in <see cref="Diagnostics"/>.</summary>
    /// <param name="path">What diagnostics call the file.</param>
    /// <param name="bytes">Its contents.</param>
    public static CommandFile Read(string path, ReadOnlySpan<byte> bytes)
    {
        var bag = new DiagnosticBag();
        var source = Utf8Text.Decode(path, bytes, bag);
        var index = new FileIndexer(source, bag);
        index.Run();
        return new CommandFile(source, index, bag.ToImmutable());
    }

    /// <summary>The command or watch of a name; null for an unknown one.</summary>
    public CommandHeader? Find(string name) => _commands.GetValueOrDefault(name);

    /// <summary>The <c>stop</c> body of a name; null for an unknown one.</summary>
    public CommandHeader? FindStop(string name) => _stops?.GetValueOrDefault(name);

    /// <summary>Reads a command's body. What can't be read is reported, and left out.</summary>
    public CommandSyntax Parse(CommandHeader header, DiagnosticBag bag)
    {
        var body = new BodyParser(new Cursor(Source, bag)).Parse(header.Body);
        var name = new NameSyntax(header.Name, header.NameSpan);
        return new CommandSyntax(header.Kind, name, header.Parameters, header.Description(Source), body, header.Span);
    }

    /// <summary>Reports everything that is wrong with the file's syntax: the top level, then each body, until the bag is full.</summary>
    public void CheckAll(DiagnosticBag bag)
    {
        bag.AddRange(Diagnostics);
        var parser = new BodyParser(new Cursor(Source, bag));
        foreach (var header in Commands)
        {
            if (bag.IsFull) return;
            parser.Parse(header.Body);
        }
    }
}
