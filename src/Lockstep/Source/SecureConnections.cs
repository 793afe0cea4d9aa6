using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Lockstep.Source;

/// <summary>Connects HTTP clients, so that a machine that can't speak https says so.</summary>
/// <remarks>The platform loads the system's OpenSSL for the first secure connection, and ends the whole process where there is none.</remarks>
internal static class SecureConnections
{
    /// <summary>The files that the platform tries, in its order.</summary>
    private static readonly string[] _libraries = ["libssl.so.3", "libssl.so.1.1", "libssl.so.1.0.2", "libssl.so.1.0.0", "libssl.so.10"];

    private static readonly Lazy<bool> _possible = new(() => !OperatingSystem.IsLinux() || _libraries.Any(library => NativeLibrary.TryLoad(library, out _)));

    /// <summary>A connection for a request, or for one that it was redirected to.</summary>
    /// <exception cref="NoSecureConnectionException">It is to be secure, and that is impossible here.</exception>
    public static async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        if (context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttps && !_possible.Value) throw new NoSecureConnectionException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancel).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>https was asked for on a machine without OpenSSL.</summary>
internal sealed class NoSecureConnectionException() : IOException("https needs OpenSSL, and there is no libssl.so.3 or libssl.so.1.1 on this machine")
{
    public const string Mend = "install OpenSSL 3, whose package is called libssl3 or openssl-libs";
}
