using System.Net.Http.Headers;
using System.Text;
using Lockstep.Expressions;
using Lockstep.Source;

namespace Lockstep.Values;

/// <summary><c>@http</c>: the trimmed body of a GET, at most 1 MiB, or the JSON value at a path of it. Its client is made at the first use.</summary>
/// <remarks>Ten redirects are followed, never from https to http. Proxies are taken from the environment, as curl does.</remarks>
internal sealed class HttpValue(ValueSurroundings around) : IDisposable
{
    private HttpClient? _client;

    public async Task<ValueResolution> ResolveAsync(HttpExpression expression, CancellationToken cancel)
    {
        if (!Uri.TryCreate(expression.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return ValueResolver.Failed(expression, "the address is not an absolute http or https URL", "write one such as https://example.org/version");

        using var patience = new CancellationTokenSource(expression.Timeout, around.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            return await GetAsync(expression, url, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return ValueResolver.Failed(
                expression, $"GET {Shown(url)} had no whole answer within {expression.Timeout.TotalSeconds:0.###} s", "set a longer one with timeout = …");
        }
        catch (HttpRequestException error)
        {
            var (cause, help) = Explain(error, url);
            return ValueResolver.Failed(expression, $"GET {Shown(url)}: {cause}", help);
        }
        catch (IOException error)
        {
            return ValueResolver.Failed(expression, $"GET {Shown(url)}: the answer broke off: {error.Message}", "try again");
        }
    }

    /// <summary>An address without what may be secret in it: user, password, query and fragment.</summary>
    public static string Shown(string url)
        => Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? Shown(parsed) : url[..(url.IndexOfAny(['?', '@']) is >= 0 and var end ? end : url.Length)];

    private static string Shown(Uri url)
        => $"{url.Scheme}://{url.Authority}{url.AbsolutePath}{(url.Query.Length > 1 ? "?…" : "")}";

    public void Dispose() => _client?.Dispose();

    private async Task<ValueResolution> GetAsync(HttpExpression expression, Uri url, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (url.UserInfo.Length > 0)
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo))));

        using var answer = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        var status = (int)answer.StatusCode;
        if (!answer.IsSuccessStatusCode)
        {
            var redirect = status is >= 300 and < 400 ? ", a redirect that is not followed" : "";
            return ValueResolver.Failed(expression, $"GET {Shown(url)} answered {status} {answer.ReasonPhrase}{redirect}", HelpFor(status));
        }

        var buffer = new byte[ValueText.MaxBytes + 1];
        await using var body = await answer.Content.ReadAsStreamAsync(cancel);
        var read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        if (read > ValueText.MaxBytes)
            return ValueResolver.Failed(expression, $"the body of {Shown(url)} is larger than 1 MiB", "download it in a command instead");

        if (Decode(buffer.AsSpan(0, read), answer.Content.Headers.ContentType) is not { } text)
            return ValueResolver.Failed(expression, $"the body of {Shown(url)} is not text", "download it in a command instead");

        if (expression.Path.Length > 0)
        {
            if (JsonPath.Find(text, expression.Path, out var cause) is not { } found)
                return ValueResolver.Failed(expression, $"GET {Shown(url)}: {cause}", "correct path = …, such as data.0.name");
            text = found;
        }

        return new ValueKnown(new ResolvedValue(text.Trim(), ValueSource.Http, around.Clock.GetUtcNow()));
    }

    private HttpClient Client => _client ??= Connect();

    private static HttpClient Connect()
    {
        var client = new HttpClient(new SocketsHttpHandler { MaxAutomaticRedirections = 10, UseCookies = false, ConnectCallback = SecureConnections.Connect })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("lockstep", null));
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
        return client;
    }

    private static string? Decode(ReadOnlySpan<byte> body, MediaTypeHeaderValue? type) => type?.CharSet?.Trim('"').ToLowerInvariant() switch
    {
        "iso-8859-1" or "latin1" or "windows-1252" => Encoding.Latin1.GetString(body),
        "utf-16" or "utf-16le" => Encoding.Unicode.GetString(body),
        "utf-16be" => Encoding.BigEndianUnicode.GetString(body),
        _ => ValueText.Decode(body),
    };

    private static string HelpFor(int status) => status switch
    {
        >= 300 and < 400 => "write the address that it redirects to",
        401 or 403 => "check what the address needs to let you in",
        404 or 410 => "check the address",
        429 or >= 500 => "try again later",
        _ => "check the address and what it expects",
    };

    private static (string Cause, string Help) Explain(HttpRequestException error, Uri url) => error.HttpRequestError switch
    {
        _ when error.InnerException is NoSecureConnectionException impossible => (impossible.Message, NoSecureConnectionException.Mend),
        HttpRequestError.NameResolutionError => ($"the host '{url.Host}' is not known", "check the address and the network connection"),
        HttpRequestError.ConnectionError => ("no connection: " + (error.InnerException?.Message ?? error.Message), "check that the server is up and can be reached"),
        HttpRequestError.SecureConnectionError => ("no secure connection: " + (error.InnerException?.Message ?? error.Message), "check the server's certificate"),
        _ => (error.InnerException?.Message ?? error.Message, "check the address and the server"),
    };
}
