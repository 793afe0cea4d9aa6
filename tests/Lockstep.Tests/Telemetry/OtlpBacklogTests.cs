using Lockstep.Telemetry.Otlp;

namespace Lockstep.Tests.Telemetry;

public sealed class OtlpBacklogTests
{
    private static readonly OtlpEndpoint _collector = new(new Uri("http://127.0.0.1:4318/v1/logs"), []);

    [Fact]
    public void The_oldest_go_when_there_are_too_many_bytes_and_are_counted()
    {
        var backlog = new OtlpBacklog(most: 100);
        var requests = Enumerable.Range(0, 5).Select(_ => new OtlpRequest(_collector, new byte[30])).ToArray();
        foreach (var request in requests) backlog.Add(request);
        Assert.Equal((2, 3), (backlog.Lost, backlog.Count));
        foreach (var left in requests.Skip(2)) Assert.Same(left, backlog.Take());
        Assert.Null(backlog.Take());
    }

    [Fact]
    public void What_is_put_back_comes_first_again_unless_newer_ones_need_its_place()
    {
        var backlog = new OtlpBacklog(most: 100);
        var (first, second, third) = (new OtlpRequest(_collector, new byte[50]), new OtlpRequest(_collector, new byte[50]), new OtlpRequest(_collector, new byte[50]));
        backlog.Add(first);
        backlog.Add(second);
        backlog.PutBack(backlog.Take()!);
        Assert.Same(first, backlog.Take());

        backlog.Add(third);
        backlog.PutBack(first);
        Assert.Equal((1, 2), (backlog.Lost, backlog.Count));
        Assert.Same(second, backlog.Take());
    }

    [Fact]
    public void A_request_that_is_too_large_by_itself_is_lost_alone()
    {
        var backlog = new OtlpBacklog(most: 100);
        var small = new OtlpRequest(_collector, new byte[10]);
        backlog.Add(small);
        backlog.Add(new(_collector, new byte[101]));
        Assert.Equal((1, 1), (backlog.Lost, backlog.Count));
        Assert.Same(small, backlog.Take());
    }
}
