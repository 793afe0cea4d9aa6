using System.Collections.Immutable;
using Lockstep.Plans;
using Lockstep.Simulation;

namespace Lockstep.Tests.Simulation;

/// <summary>A simulator for a shape, with a folder of its own.</summary>
internal sealed class Simulated : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Simulated(Shape shape)
    {
        _folder.Write("commands.cli", shape.Commands + "\n");
        var planned = Project.Open(new ProjectOptions { Directory = _folder.Path, Environment = _ => null }).Plan("w", PlanMode.Run, []);
        Assert.Empty(planned.Diagnostics);
        Simulator = new Simulator(planned.Plan!, new SimulatorOptions
        {
            Script = new Script
            {
                Steps = [.. shape.Steps],
                Values = shape.Values.ToImmutableDictionary(),
                Confirmations = shape.Denied is { } denied ? ImmutableDictionary<string, bool>.Empty.Add(denied, false) : ImmutableDictionary<string, bool>.Empty,
            },
        });
    }

    public Simulator Simulator { get; }

    public string[] Files => Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray()!;

    public void Dispose() => _folder.Dispose();
}
