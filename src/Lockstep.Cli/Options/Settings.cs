namespace Lockstep.Cli.Options;

/// <summary>How much the program says of its own.</summary>
internal enum Verbosity { Quiet, Normal, Verbose }

/// <summary>Whether the program may ask questions.</summary>
internal enum Interactivity { Auto, Always, Never }

/// <summary>When output is coloured.</summary>
internal enum ColourChoice { Auto, Always, Never }

/// <summary>What the global flags and their environment fallbacks come to.</summary>
internal sealed record Settings
{
    public Verbosity Verbosity { get; init; } = Verbosity.Normal;

    /// <summary>Whether quiet was asked for in so many words, and not implied by <see cref="Ci"/>.</summary>
    public bool QuietAsked { get; init; }

    public Interactivity Interactivity { get; init; }

    public ColourChoice Colour { get; init; }

    public bool Yes { get; init; }

    public bool Ci { get; init; }

    public bool Json { get; init; }

    /// <summary>Where definitions are looked for: the absolute path of <c>-C</c>, else the working directory.</summary>
    public required string Directory { get; init; }

    /// <summary>The definition file named by <c>-f</c>.</summary>
    public string? File { get; init; }
}
