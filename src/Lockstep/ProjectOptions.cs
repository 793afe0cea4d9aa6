namespace Lockstep;

/// <summary>Around what a <see cref="Project"/> is opened. The defaults are this process's own surroundings.</summary>
public sealed record ProjectOptions
{
    /// <summary>The folder that the search upward for definitions begins in; default the working directory.</summary>
    public string Directory { get; init; } = System.IO.Directory.GetCurrentDirectory();

    /// <summary>A definition file to take instead of searching, relative to <see cref="Directory"/>.</summary>
    public string? File { get; init; }

    private readonly Func<string, string?>? _environment;

    /// <summary>All environment variables that steps, and the shell commands of values, start with; null, the default, for this process's own.</summary>
    /// <remarks>A run throws an <see cref="ArgumentException"/> for a name that is empty or holds <c>=</c>, and for NUL anywhere.</remarks>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>Reads an environment variable for definitions; null when it is unset. The default reads <see cref="Variables"/>.</summary>
    public Func<string, string?> Environment
    {
        get => _environment ?? (Variables is { } variables ? name => variables.GetValueOrDefault(name) : System.Environment.GetEnvironmentVariable);
        init => _environment = value;
    }

    /// <summary>The clock; default the system's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Chance, for run ids and jitter; default seeded by the system.</summary>
#pragma warning disable RS0030 // The composition root is where chance comes from.
    public Random Random { get; init; } = Random.Shared;
#pragma warning restore RS0030
}
