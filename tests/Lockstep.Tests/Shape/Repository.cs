using System.Runtime.CompilerServices;

namespace Lockstep.Tests.Shape;

/// <summary>The working copy that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "..", "..", ".."));

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    /// <summary>Hand-written C# files under <c>src</c>, <c>tests</c> and <c>bench</c>.</summary>
    public static IEnumerable<string> SourceFiles(params string[] folders)
        => from folder in folders.Length == 0 ? ["src", "tests", "bench"] : folders
           where Directory.Exists(PathOf(folder))
           from file in Directory.EnumerateFiles(PathOf(folder), "*.cs", SearchOption.AllDirectories)
           let parts = Relative(file).Split('/')
           where !parts.Contains("obj") && !parts.Contains("bin")
           select file;

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
