using System.Text.Json;
using Lockstep.Telemetry;
using Lockstep.Tests.Execution;

namespace Lockstep.Tests.Telemetry;

/// <summary>What a webhook's receiver was told of a stage's runs.</summary>
internal static class Told
{
    public static IEnumerable<JsonElement> Events(IEnumerable<Received> requests) => requests.SelectMany(request => request.Json.GetProperty("events").EnumerateArray());

    public static List<long> Sequences(IEnumerable<Received> requests) => [.. Events(requests).Select(line => line.GetProperty("sequence").GetInt64())];

    /// <summary>The same, of one run.</summary>
    public static List<long> Sequences(IEnumerable<Received> requests, Report of)
        => Sequences(requests.Where(request => request.Json.GetProperty("run").GetString() == of.Result.Run.Text));

    /// <summary>What <c>lockstep deliver</c> does.</summary>
    public static async Task<IReadOnlyList<UndeliveredEvents>> Deliver(Stage stage, Collector collector)
        => await new Runs(new ProjectOptions
        {
            Variables = new Dictionary<string, string> { ["LOCKSTEP_HOME"] = stage.Folder["store"], ["LOCKSTEP_WEBHOOK_URL"] = collector.Url },
        }).Deliver(stage.Folder["project"]);
}
