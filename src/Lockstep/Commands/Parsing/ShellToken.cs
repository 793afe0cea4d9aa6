using Lockstep.Expressions;

namespace Lockstep.Commands.Parsing;

internal enum ShellTokenKind
{
    /// <summary>The end of the range.</summary>
    End,

    /// <summary>What the shell gets as it is.</summary>
    Text,

    /// <summary>An escaped line end with the next line's indentation: one space.</summary>
    Join,

    /// <summary><c>\@</c>.</summary>
    EscapedAt,

    /// <summary>A value decorator with its arguments.</summary>
    Value,

    /// <summary>A value in back-ticks after an escape that moves the quotes there, so that nobody can say how to quote it.</summary>
    UnquotableValue,

    /// <summary>An action decorator where a chain's link may stand.</summary>
    Action,

    /// <summary>A known decorator where it can't stand.</summary>
    Misplaced,

    /// <summary><c>&amp;&amp;</c> outside quotes, parentheses and compound commands, as are the next ones.</summary>
    And,

    /// <summary><c>||</c>.</summary>
    Or,

    /// <summary><c>|</c>.</summary>
    Pipe,

    /// <summary><c>&gt;&gt;</c>.</summary>
    Append,

    /// <summary><c>;</c> that parts statements of a one-line block.</summary>
    Semicolon,

    /// <summary><c>}</c> that stands alone and closes no <c>{</c> before it.</summary>
    CloseBrace,

    /// <summary>From <c> // </c> to the end.</summary>
    Comment,

    /// <summary>From <c>#</c> at the start of a word to the end: the shell's own comment.</summary>
    ShellComment,
}

/// <summary>A stretch of shell text.</summary>
/// <param name="Quoting">For a value: how it is inserted.</param>
internal readonly record struct ShellToken(ShellTokenKind Kind, int Start, int End, Quoting Quoting = Quoting.Bare);
