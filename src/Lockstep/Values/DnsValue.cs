using System.Net;
using System.Net.Sockets;
using Lockstep.Expressions;

namespace Lockstep.Values;

/// <summary><c>@dns</c>: the first address of a host, as the system's resolver gives it, <c>/etc/hosts</c> included.</summary>
internal static class DnsValue
{
    /// <summary>How long an address is used again: the platform's resolver does not tell a record's own time to live.</summary>
    public static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<ValueResolution> ResolveAsync(DnsExpression expression, ValueSurroundings around, CancellationToken cancel)
    {
        AddressFamily? family = expression.Type switch
        {
            "A" => AddressFamily.InterNetwork,
            "AAAA" => AddressFamily.InterNetworkV6,
            _ => null,
        };
        if (family is null)
            return ValueResolver.Failed(expression, $"'{expression.Type}' is not a record type it knows", "write type = \"A\" or type = \"AAAA\"");

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(expression.Host, family.Value, cancel).WaitAsync(Patience, around.Clock, cancel);
            return addresses.Length == 0
                ? NoAddress(expression)
                : new ValueKnown(new ResolvedValue(addresses[0].ToString(), ValueSource.Dns, around.Clock.GetUtcNow()));
        }
        catch (TimeoutException)
        {
            return ValueResolver.Failed(expression, $"no name server answered within {Patience.TotalSeconds:0} s", "check the network connection");
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            return NoAddress(expression);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.TryAgain)
        {
            return ValueResolver.Failed(expression, "the name server can't answer now", "check the network connection, then try again");
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            return ValueResolver.Failed(expression, $"'{expression.Host}' can't be looked up: {error.Message}", "check the host's name");
        }
    }

    private static ValueFailed NoAddress(DnsExpression expression) => ValueResolver.Failed(
        expression, $"'{expression.Host}' has no {expression.Type} record", "check the host's name, and whether it has an address of this type");
}
