using Lockstep.Expressions;

namespace Lockstep.Commands.Decorators.Values;

/// <summary><c>@file</c>.</summary>
internal sealed class FileDecorator : SourceDecorator
{
    private static readonly DecoratorParameter Path =
        new("path", ParameterType.Text, "The file, relative to the folder of the definition file.") { Required = true };

    public static readonly FileDecorator Instance = new();

    private FileDecorator() : base("file", "The contents of a file, trimmed; at most 1 MiB.", Path) { }

    public override ValueExpression Lower(Arguments arguments, int ordinal)
        => new FileExpression(arguments.Text(Path));
}
