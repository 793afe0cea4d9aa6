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

    /// <summary>An address as it may be shown: the rest of one may be secret.</summary>
    public static string Shown(Uri url) => $"{url.Scheme}://{url.Authority}/…";

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
            return new($"it answered {(int)answer.StatusCode} {answer.ReasonPhrase}".TrimEnd(), (int)answer.StatusCode switch
            {
                408 or 429 or >= 500 => Refused.ForNow,
                400 or 413 or 422 => Refused.ThisContent,
                _ => Refused.Everything,
            });
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new($"it gave no answer within {client.Timeout.TotalSeconds:0.###} s", Refused.ForNow);
        }
        catch (HttpRequestException failed)
        {
            return new((failed.InnerException?.Message ?? failed.Message).TrimEnd('.'), Refused.ForNow);
        }
    }
}

/// <summary>Why something was not taken.</summary>
/// <param name="Why">In a few words, about whoever did not take it.</param>
/// <param name="What">What it does not take.</param>
internal sealed record Refusal(string Why, Refused What);

/// <summary>What somebody does not take.</summary>
internal enum Refused
{
    /// <summary>Anything at this moment; the same may be taken later.</summary>
    ForNow,

    /// <summary>What a request held; another one may be taken.</summary>
    ThisContent,

    /// <summary>Anything, until somebody changes something.</summary>
    Everything,
}
