namespace Lockstep.Processes.Shell;

/// <summary>What a piece of shell text is, and for a value where it stands.</summary>
internal enum PieceKind
{
    /// <summary>Text for the shell to read.</summary>
    Code,

    /// <summary>A value outside quotes, also inside back-ticks and <c>$( )</c>. It is always one word, or part of one.</summary>
    Bare,

    /// <summary>A value inside double quotes.</summary>
    DoubleQuoted,

    /// <summary>A value inside <c>$(( ))</c>, which must be a whole number: shells evaluate names and subscripts there.</summary>
    Arithmetic,
}

/// <summary>A piece of shell text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The code, or the value.</param>
internal readonly record struct ShellPiece(PieceKind Kind, string Text)
{
    /// <summary>Text for the shell to read.</summary>
    public static ShellPiece Code(string text) => new(PieceKind.Code, text);
}
