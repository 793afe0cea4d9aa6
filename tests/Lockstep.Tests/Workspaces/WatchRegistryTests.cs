using Lockstep.Workspaces;

namespace Lockstep.Tests.Workspaces;

public sealed class WatchRegistryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_watch_of_one_name_and_folder_is_refused_until_the_first_has_left()
    {
        var registry = new WatchRegistry(_folder["watches"]);
        var first = new RunningWatch("dev", "/project", Environment.ProcessId, "run-1", DateTimeOffset.UnixEpoch);
        using (Assert.IsAssignableFrom<IDisposable>(await registry.EnterAsync(first, TimeProvider.System)))
        {
            Assert.Null(await registry.EnterAsync(first with { Run = "run-2" }, TimeProvider.System));
            Assert.Equal(first, registry.Find("dev", "/project"));
            using var other = await registry.EnterAsync(first with { Directory = "/elsewhere" }, TimeProvider.System);
            Assert.Equal(["/elsewhere", "/project"], registry.All().Select(watch => watch.Directory));
        }
        Assert.Empty(registry.All());
        using var again = await registry.EnterAsync(first with { Run = "run-2" }, TimeProvider.System);
        Assert.Equal("run-2", Assert.Single(registry.All()).Run);
    }

    [Fact]
    public async Task Its_folder_is_private_with_all_above_it()
    {
        using var entry = await new WatchRegistry(_folder["store/watches"])
            .EnterAsync(new RunningWatch("dev", "/project", Environment.ProcessId, "run-1", DateTimeOffset.UnixEpoch), TimeProvider.System);
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal((ownerOnly, ownerOnly), (ModeOf(_folder["store"]), ModeOf(_folder["store/watches"])));
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);
}
