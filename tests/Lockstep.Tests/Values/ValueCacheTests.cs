using Lockstep.Expressions;
using Lockstep.Values;
using static Lockstep.Tests.Values.LoopbackServer;
using static Lockstep.Tests.Values.ValueWorld;

namespace Lockstep.Tests.Values;

public sealed class ValueCacheTests : IDisposable
{
    private readonly ValueWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_fetched_value_is_used_again_within_its_time_to_live_and_tells_its_age()
    {
        await using var server = new LoopbackServer(_ => Ok("v1"));
        var fetched = _world.Clock.GetUtcNow();

        Assert.Null((await _world.KnownAsync(Http(server.Url, ttl: 60))).CacheAge);
        _world.Clock.Advance(TimeSpan.FromSeconds(45));

        var cached = await _world.KnownAsync(Http(server.Url, ttl: 60));
        Assert.Equal(new ResolvedValue("v1", ValueSource.Http, fetched, TimeSpan.FromSeconds(45)), cached);
        Assert.Equal(new ValueKnown(cached), _world.Resolver.ResolveCheap(Http(server.Url, ttl: 60)));
        Assert.Equal(1, server.Requests);

        _world.Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Null((await _world.KnownAsync(Http(server.Url, ttl: 60))).CacheAge);
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task Without_a_time_to_live_nothing_is_kept()
    {
        await using var server = new LoopbackServer(_ => Ok("v1"));

        await _world.KnownAsync(Http(server.Url));

        Assert.False(Directory.Exists(_world.Folder["cache"]));
        Assert.Null(_world.Cache.Find(Http(server.Url, ttl: 60)));
    }

    [Fact]
    public async Task A_sensitive_value_is_never_kept()
    {
        await using var server = new LoopbackServer(_ => Ok("hunter2"));

        await _world.KnownAsync(Http(server.Url, ttl: 60), sensitive: true);
        await _world.KnownAsync(Http(server.Url, ttl: 60), sensitive: true);

        Assert.Equal(2, server.Requests);
        Assert.False(Directory.Exists(_world.Folder["cache"]));
    }

    [Fact]
    public void Each_path_of_one_address_is_a_value_of_its_own()
    {
        _world.Cache.Keep(Http("http://h/", "a", ttl: 60), new ResolvedValue("1", ValueSource.Http));

        Assert.Null(_world.Cache.Find(Http("http://h/", "b", ttl: 60)));
        Assert.Equal("1", _world.Cache.Find(Http("http://h/", "a", ttl: 30))!.Text);
    }

    [Fact]
    public void A_value_from_the_future_is_not_used()
    {
        _world.Cache.Keep(Http("http://h/", ttl: 60), new ResolvedValue("1", ValueSource.Http, _world.Clock.GetUtcNow().AddSeconds(1)));

        Assert.Null(_world.Cache.Find(Http("http://h/", ttl: 60)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("multi\nline\n\ntext")]
    [InlineData("žluťoučký 🦄")]
    public void Any_text_comes_back_as_it_was(string text)
    {
        _world.Cache.Keep(Http("http://h/", ttl: 60), new ResolvedValue(text, ValueSource.Http));

        Assert.Equal(text, _world.Cache.Find(Http("http://h/", ttl: 60))!.Text);
    }

    [Fact]
    public void A_file_damaged_at_any_byte_is_as_if_it_were_not_there()
    {
        var expression = Http("http://h/", ttl: 60);
        _world.Cache.Keep(expression, new ResolvedValue("v1.2.3", ValueSource.Http));
        var path = Assert.Single(Directory.GetFiles(_world.Folder["cache"]));
        var whole = File.ReadAllBytes(path);

        for (var i = 0; i < whole.Length; i++)
        {
            var damaged = whole.ToArray();
            damaged[i] ^= 0x15;
            File.WriteAllBytes(path, damaged);
            Assert.Null(_world.Cache.Find(expression));
            File.WriteAllBytes(path, whole[..i]);
            Assert.Null(_world.Cache.Find(expression));
        }
    }

    [Fact]
    public void Pruning_removes_what_was_fetched_long_ago()
    {
        Assert.Equal(0, _world.Cache.Prune(TimeSpan.FromDays(1)));
        _world.Cache.Keep(Http("http://old/", ttl: 60), new ResolvedValue("1", ValueSource.Http));
        var old = Assert.Single(Directory.GetFiles(_world.Folder["cache"]));
        _world.Cache.Keep(Http("http://new/", ttl: 60), new ResolvedValue("2", ValueSource.Http));
        foreach (var file in Directory.GetFiles(_world.Folder["cache"]))
            File.SetLastWriteTimeUtc(file, _world.Clock.GetUtcNow().AddDays(file == old ? -2 : 0).UtcDateTime);

        Assert.Equal(1, _world.Cache.Prune(TimeSpan.FromDays(1)));
        Assert.Null(_world.Cache.Find(Http("http://old/", ttl: 60)));
        Assert.NotNull(_world.Cache.Find(Http("http://new/", ttl: 60)));
    }

    [Fact]
    public void Its_files_are_private_to_the_user()
    {
        _world.Cache.Keep(Http("http://h/", ttl: 60), new ResolvedValue("1", ValueSource.Http));

        var path = Assert.Single(Directory.GetFiles(_world.Folder["cache"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_folder_that_can_not_be_written_keeps_nothing_and_fails_nothing()
    {
        var cache = new ValueCache(_world.Folder.Write("file", "") + "/below", _world.Clock);

        cache.Keep(Http("http://h/", ttl: 60), new ResolvedValue("1", ValueSource.Http));

        Assert.Null(cache.Find(Http("http://h/", ttl: 60)));
    }
}
