using System.Globalization;

namespace Lockstep.Telemetry.Otlp;

/// <summary>Where one kind of telemetry goes.</summary>
/// <param name="Url">The whole address.</param>
/// <param name="Headers">Headers of each request.</param>
internal sealed record OtlpEndpoint(Uri Url, IReadOnlyList<(string Name, string Value)> Headers);

/// <summary>What the standard variables of OpenTelemetry say.</summary>
internal sealed record OtlpSettings
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    public OtlpEndpoint? Traces { get; private init; }

    public OtlpEndpoint? Metrics { get; private init; }

    public OtlpEndpoint? Logs { get; private init; }

    /// <summary>How long one request may take.</summary>
    public TimeSpan Timeout { get; private init; }

    /// <summary>Whether metrics tell what is new instead of the sum.</summary>
    public bool Delta { get; private init; }

    /// <summary>What describes this program: names and values.</summary>
    public IReadOnlyList<(string Name, string Value)> Resource { get; private init; } = [];

    /// <summary>The settings; null where no endpoint is named, and where OpenTelemetry is switched off.</summary>
    /// <param name="environment">Gives a variable's value.</param>
    /// <param name="notices">Told what can't be followed.</param>
    public static OtlpSettings? Of(Func<string, string?> environment, ICollection<string> notices)
    {
        if (!IsAsked(environment) || string.Equals(environment("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)) return null;
        var settings = new OtlpSettings
        {
            Traces = Endpoint("TRACES", "v1/traces", environment, notices),
            Metrics = Endpoint("METRICS", "v1/metrics", environment, notices),
            Logs = Endpoint("LOGS", "v1/logs", environment, notices),
            Timeout = TimeSpan.FromMilliseconds(int.TryParse(environment(Prefix + "TIMEOUT"), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > 0 ? milliseconds : 10_000),
            Delta = string.Equals(environment(Prefix + "METRICS_TEMPORALITY_PREFERENCE"), "delta", StringComparison.OrdinalIgnoreCase),
            Resource = ResourceOf(environment),
        };
        return settings is { Traces: null, Metrics: null, Logs: null } ? null : settings;
    }

    private static bool IsAsked(Func<string, string?> environment)
        => Set(environment, "ENDPOINT") || Set(environment, "TRACES_ENDPOINT") || Set(environment, "METRICS_ENDPOINT") || Set(environment, "LOGS_ENDPOINT");

    private static bool Set(Func<string, string?> environment, string name) => environment(Prefix + name) is { Length: > 0 };

    private static OtlpEndpoint? Endpoint(string signal, string path, Func<string, string?> environment, ICollection<string> notices)
    {
        if (string.Equals(environment($"OTEL_{signal}_EXPORTER"), "none", StringComparison.OrdinalIgnoreCase)) return null;
        var own = environment($"{Prefix}{signal}_ENDPOINT") is { Length: > 0 } named ? named : null;
        var shared = environment(Prefix + "ENDPOINT") is { Length: > 0 } other ? $"{other.TrimEnd('/')}/{path}" : null;
        if ((own ?? shared) is not { } address) return null;

        var protocol = environment($"{Prefix}{signal}_PROTOCOL") is { Length: > 0 } special ? special : environment(Prefix + "PROTOCOL");
        if (protocol is { Length: > 0 } and not "http/json")
        {
            notices.Add($"OpenTelemetry gets no {signal.ToLowerInvariant()}: the protocol is {protocol}, and lockstep speaks http/json only: set {Prefix}PROTOCOL=http/json");
            return null;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            notices.Add($"OpenTelemetry gets no {signal.ToLowerInvariant()}: the endpoint is not an absolute http or https URL");
            return null;
        }

        return new(url, [.. Pairs(environment(Prefix + "HEADERS")), .. Pairs(environment($"{Prefix}{signal}_HEADERS"))]);
    }

    private static List<(string Name, string Value)> ResourceOf(Func<string, string?> environment)
    {
        var attributes = Pairs(environment("OTEL_RESOURCE_ATTRIBUTES"));
        if (environment("OTEL_SERVICE_NAME") is { Length: > 0 } name)
        {
            attributes.RemoveAll(attribute => attribute.Name == "service.name");
            attributes.Insert(0, ("service.name", name));
        }
        else if (!attributes.Exists(attribute => attribute.Name == "service.name")) attributes.Insert(0, ("service.name", "lockstep"));
        return attributes;
    }

    /// <summary>A list such as <c>a=1,b=2</c>, its values percent-encoded; what is no pair is left out.</summary>
    private static List<(string Name, string Value)> Pairs(string? list)
    {
        var pairs = new List<(string, string)>();
        foreach (var pair in (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            if (pair.IndexOf('=') is > 0 and var equals) pairs.Add((pair[..equals].Trim(), Uri.UnescapeDataString(pair[(equals + 1)..].Trim())));
        return pairs;
    }
}
