using System.Net.Http.Headers;

namespace Lockstep.Telemetry;

/// <summary>Posts JSON to others; what goes wrong is an answer, not an exception.</summary>
internal static class Outbound
{
    public static HttpClient Connect(TimeSpan timeout, string version)
    {
        // A redirect would take the body, and what signs it, to whoever is named there.
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = timeout }) { Timeout = timeout };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("lockstep", version));
        return client;
    }

    /// <summary>Posts; null when it was taken, else why not.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, and may have been taken or not.</exception>
    public static async Task<string?> Post(HttpClient client, Uri url, byte[] json, IEnumerable<(string Name, string Value)> headers, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? null : $"it answered {(int)answer.StatusCode} {answer.ReasonPhrase}".TrimEnd();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"it gave no answer within {client.Timeout.TotalSeconds:0.###} s";
        }
        catch (HttpRequestException failed)
        {
            return (failed.InnerException?.Message ?? failed.Message).TrimEnd('.');
        }
    }
}
