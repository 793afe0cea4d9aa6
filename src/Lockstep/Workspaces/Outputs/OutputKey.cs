using System.Collections.Immutable;
using Lockstep.Workspaces.Globs;

namespace Lockstep.Workspaces.Outputs;

/// <summary>What a cached step is made of.</summary>
/// <param name="Directory">The absolute folder that patterns are relative to. It is not part of the key: two checkouts share results.</param>
/// <param name="Inputs">Globs of files read; a leading <c>!</c> leaves out.</param>
/// <param name="Outputs">Globs of files made; none where only success is worth remembering.</param>
/// <param name="Commands">All that decides what is run: commands with their values, environment, tool versions as far as known.</param>
/// <param name="Key">Anything else the result depends on.</param>
internal sealed record OutputRequest(
    string Directory, ImmutableArray<string> Inputs, ImmutableArray<string> Outputs, string Commands, string Key);

/// <summary>An input as it was when the key was made; its time and length tell later whether it was touched.</summary>
internal readonly record struct InputStamp(string Path, string Hash, long Length, DateTime Modified);

/// <summary>Where a step's result is kept.</summary>
internal sealed record OutputKey
{
    /// <summary>What it was made of.</summary>
    public required OutputRequest Request { get; init; }

    /// <summary>64 hexadecimal digits; null when it can't be known, and then nothing is restored and nothing kept.</summary>
    public string? Id { get; init; }

    /// <summary>Why there is no id, in one sentence.</summary>
    public string? Problem { get; init; }

    /// <summary>What the author should be told, such as a glob that matches nothing.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>The inputs, sorted by path.</summary>
    public ImmutableArray<InputStamp> Inputs { get; init; } = [];

    /// <summary>The same for all inputs: what the last kept result of this step goes by.</summary>
    internal string Recipe { get; init; } = "";

    internal GlobSet? OutputGlobs { get; init; }
}

/// <summary>What came of looking for a result. Closed.</summary>
internal abstract record OutputLookup
{
    private protected OutputLookup() { }
}

/// <summary>The outputs are as they were when the result was kept. Other files are left alone.</summary>
/// <param name="Written">How many had to be written.</param>
/// <param name="Unchanged">How many were there already, and keep their times.</param>
/// <param name="Bytes">The size of what was written.</param>
internal sealed record OutputsRestored(int Written, int Unchanged, long Bytes) : OutputLookup;

/// <summary>The step must run.</summary>
/// <param name="Reason">Why, in one sentence: which input changed, what was damaged.</param>
internal sealed record OutputsMissed(string Reason) : OutputLookup;

/// <summary>What came of keeping a result. Closed.</summary>
internal abstract record OutputSave(ImmutableArray<string> Warnings)
{
    /// <summary>What the author should be told.</summary>
    public ImmutableArray<string> Warnings { get; } = Warnings;
}

/// <summary>The result is kept.</summary>
/// <param name="Files">How many outputs.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Warnings">What the author should be told.</param>
internal sealed record OutputsSaved(int Files, long Bytes, ImmutableArray<string> Warnings) : OutputSave(Warnings);

/// <summary>The result is not kept; the step itself is none the worse for it.</summary>
/// <param name="Reason">Why, in one sentence.</param>
/// <param name="Warnings">What the author should be told.</param>
internal sealed record OutputsNotSaved(string Reason, ImmutableArray<string> Warnings) : OutputSave(Warnings);
