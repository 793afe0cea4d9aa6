using Lockstep.Processes;
using Lockstep.Processes.Shell;

namespace Lockstep.Tests.Processes;

/// <summary>The dummy program beside the tests.</summary>
internal static class Dummy
{
    public static string Library { get; } = Path.Combine(AppContext.BaseDirectory, "Lockstep.Dummy.dll");

    public static string Dotnet { get; } =
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet"
            ? host
            : ((SearchResult.Found)new ExecutableSearch().Find("dotnet", Environment.GetEnvironmentVariable("PATH"), "/")).Path;

    public static ProcessSpec Run(string what, string script) => new(Dotnet, [Library, what, script]);
}
