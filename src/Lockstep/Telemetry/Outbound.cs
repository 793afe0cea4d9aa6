using System.Net.Http.Headers;
using Lockstep.Source;

namespace Lockstep.Telemetry;

/// <summary>Posts JSON to others; what goes wrong is an answer, not an exception.</summary>
internal static class Outbound
{
    public static HttpClient Connect(TimeSpan timeout, string version)
    {
        // A redirect would take the body, and what signs it, to whoever is named there.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = timeout, ConnectCallback = SecureConnections.Connect };
        var client = new HttpClient(handler) { Timeout = timeout };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("lockstep", version));
        return client;
    }

    /// <summary>Posts; null when it was taken.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, and may have been taken or not.</exception>
    public static async Task<Refusal?> Post(HttpClient client, Uri url, byte[] json, IEnumerable<(string Name, string Value)> headers, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode) return null;
            return new($"it answered {(int)answer.StatusCode} {answer.ReasonPhrase}".TrimEnd(), Passing: (int)answer.StatusCode is 408 or 429 or >= 500);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new($"it gave no answer within {client.Timeout.TotalSeconds:0.###} s", Passing: true);
        }
        catch (HttpRequestException failed)
        {
            return new((failed.InnerException?.Message ?? failed.Message).TrimEnd('.'), Passing: true);
        }
    }
}

/// <summary>Why something was not taken.</summary>
/// <param name="Why">In a few words, about whoever did not take it.</param>
/// <param name="Passing">Whether the same may be taken later.</param>
internal sealed record Refusal(string Why, bool Passing);
