using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Lockstep.Tests.Telemetry;

/// <summary>A request that a <see cref="Collector"/> got.</summary>
internal sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}

/// <summary>An HTTP server on a loopback port that keeps what is posted to it and answers with a status, by the number of the request from 1; 0 never answers.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();
    private readonly Func<int, int> _answer;
    private readonly Task _serving;
    private readonly List<Received> _all = [];

    public Collector(Func<int, int>? answer = null)
    {
        _answer = answer ?? (_ => 200);
        _listener.Start();
        _serving = Serve();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>All requests so far.</summary>
    public IReadOnlyList<Received> All
    {
        get
        {
            lock (_all) return [.. _all];
        }
    }

    /// <summary>The next request that nobody has taken yet; waits for it.</summary>
    public async Task<Received> Next() => await _received.Reader.ReadAsync(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task Serve()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(Answer(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
        }

        await Task.WhenAll(connections);
    }

    private async Task Answer(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var request = await Read(stream);
                int number;
                lock (_all)
                {
                    _all.Add(request);
                    number = _all.Count;
                }

                _received.Writer.TryWrite(request);
                var status = _answer(number);
                if (status == 0) await Task.Delay(Timeout.Infinite, _stop.Token);
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Answer\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _stop.Token);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
            }
        }
    }

    private async Task<Received> Read(NetworkStream stream)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[8192];
        int head;
        while ((head = bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf("\r\n\r\n"u8)) < 0) await More();
        var lines = Encoding.Latin1.GetString(bytes.GetBuffer(), 0, head).Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var length = int.Parse(headers["Content-Length"], System.Globalization.CultureInfo.InvariantCulture);
        while (bytes.Length < head + 4 + length) await More();
        return new Received(lines[0].Split(' ')[1], headers, Encoding.UTF8.GetString(bytes.GetBuffer(), head + 4, length));

        async Task More()
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0) throw new IOException("the request broke off");
            bytes.Write(buffer, 0, read);
        }
    }
}
