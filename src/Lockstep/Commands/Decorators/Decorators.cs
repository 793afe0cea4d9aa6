using System.Collections.Immutable;
using Lockstep.Commands.Decorators.Actions;
using Lockstep.Commands.Decorators.Blocks;
using Lockstep.Commands.Decorators.Patterns;
using Lockstep.Commands.Decorators.Values;

namespace Lockstep.Commands.Decorators;

/// <summary>Every decorator there is.</summary>
internal static class Decorators
{
    /// <summary>All of them, by role and then as the guide presents them.</summary>
    public static ImmutableArray<Decorator> All =>
    [
        VarDecorator.Instance, EnvDecorator.Instance, HttpDecorator.Instance, DnsDecorator.Instance, FileDecorator.Instance,
        ShDecorator.Instance, TimestampDecorator.Instance, UuidDecorator.Instance, SecretDecorator.Instance, OutputDecorator.Instance,
        RawDecorator.Instance,
        CmdDecorator.Instance, NeedsDecorator.Instance, LogDecorator.Instance,
        ParallelDecorator.Instance, TimeoutDecorator.Instance, RetryDecorator.Instance, WorkdirDecorator.Instance, WithDecorator.Instance,
        ConfirmDecorator.Instance, LockDecorator.Instance, CacheDecorator.Instance, DebounceDecorator.Instance,
        EffectDecorator.Instance, LimitDecorator.Instance,
        WhenDecorator.Instance, TryDecorator.Instance,
    ];

    /// <summary>The decorator of a name, written without the <c>@</c>; null for an unknown one.</summary>
    // A switch, and not a table: the program starts in milliseconds, and most files use a few of these.
    public static Decorator? Find(ReadOnlySpan<char> name) => name switch
    {
        "var" => VarDecorator.Instance,
        "env" => EnvDecorator.Instance,
        "http" => HttpDecorator.Instance,
        "dns" => DnsDecorator.Instance,
        "file" => FileDecorator.Instance,
        "sh" => ShDecorator.Instance,
        "timestamp" => TimestampDecorator.Instance,
        "uuid" => UuidDecorator.Instance,
        "secret" => SecretDecorator.Instance,
        "output" => OutputDecorator.Instance,
        "raw" => RawDecorator.Instance,
        "cmd" => CmdDecorator.Instance,
        "needs" => NeedsDecorator.Instance,
        "log" => LogDecorator.Instance,
        "parallel" => ParallelDecorator.Instance,
        "timeout" => TimeoutDecorator.Instance,
        "retry" => RetryDecorator.Instance,
        "workdir" => WorkdirDecorator.Instance,
        "with" => WithDecorator.Instance,
        "confirm" => ConfirmDecorator.Instance,
        "lock" => LockDecorator.Instance,
        "cache" => CacheDecorator.Instance,
        "debounce" => DebounceDecorator.Instance,
        "effect" => EffectDecorator.Instance,
        "limit" => LimitDecorator.Instance,
        "when" => WhenDecorator.Instance,
        "try" => TryDecorator.Instance,
        _ => null,
    };

    /// <summary>The decorator that other languages and tools know by a name; null when there is none.</summary>
    public static string? CalledElsewhere(string name) => name switch
    {
        "if" or "switch" or "case" or "match" or "choose" => "when",
        "print" or "echo" or "info" => "log",
        "call" or "run" or "task" or "do" => "cmd",
        "depends" or "deps" or "dependencies" or "requires" => "needs",
        "catch" or "finally" => "try",
        "cd" or "dir" or "working-directory" => "workdir",
        "environment" or "export" or "set" => "with",
        "repeat" => "retry",
        _ => null,
    };
}
