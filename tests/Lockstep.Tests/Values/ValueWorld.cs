using Lockstep.Expressions;
using Lockstep.Values;

namespace Lockstep.Tests.Values;

/// <summary>A resolver in a small world of its own: a folder, an environment, a clock that stands still, a scripted shell.</summary>
internal sealed class ValueWorld : IDisposable
{
    public ValueWorld()
    {
        Cache = new ValueCache(Folder["cache"], Clock);
        Resolver = new ValueResolver(new ValueSurroundings
        {
            Environment = key => Variables.GetValueOrDefault(key),
            Clock = Clock,
            Directory = Folder.Path,
            NewUuid = () => Guid.Parse($"01935b5e-0000-7000-8000-{++_uuids:x12}"),
            Shell = (command, _) =>
            {
                Commands.Add(command);
                return Task.FromResult(Answer);
            },
            Cache = Cache,
        });
    }

    private int _uuids;

    public TemporaryFolder Folder { get; } = new();

    public Dictionary<string, string> Variables { get; } = [];

    public ManualTime Clock { get; } = new();

    public List<string> Commands { get; } = [];

    public ShellAnswer Answer { get; set; } = new(0, "", "");

    public ValueCache Cache { get; }

    public ValueResolver Resolver { get; }

    public Task<ValueResolution> ResolveAsync(ValueExpression expression, bool sensitive = false)
        => Resolver.ResolveAsync(expression, sensitive, CancellationToken.None);

    public async Task<ResolvedValue> KnownAsync(ValueExpression expression, bool sensitive = false)
        => Assert.IsType<ValueKnown>(await ResolveAsync(expression, sensitive)).Value;

    public async Task<ValueFailed> FailedAsync(ValueExpression expression)
        => Assert.IsType<ValueFailed>(await ResolveAsync(expression));

    public static HttpExpression Http(string url, string path = "", double ttl = 0, double timeout = 10)
        => new(url, url, path, TimeSpan.FromSeconds(ttl), TimeSpan.FromSeconds(timeout));

    public void Dispose()
    {
        Resolver.Dispose();
        Folder.Dispose();
    }
}
