using System.Text;
using Lockstep.Source;

namespace Lockstep.Telemetry.Webhooks;

/// <summary>The signature of a request, as Standard Webhooks has it: HMAC-SHA256 (RFC 2104) over <c>id.timestamp.body</c>.</summary>
internal static class WebhookSignature
{
    private const string Base64Secret = "whsec_";
    private const int BlockBytes = 64;

    /// <summary>The header's value: <c>v1,</c> and the signature in Base64.</summary>
    public static string Of(string secret, string id, long timestamp, ReadOnlySpan<byte> body)
        => $"v1,{Convert.ToBase64String(Hmac(KeyOf(secret), Encoding.UTF8.GetBytes($"{id}.{timestamp}."), body))}";

    /// <summary>A secret that begins with <c>whsec_</c> is Base64; any other one is taken as it is.</summary>
    private static byte[] KeyOf(string secret)
    {
        var key = new byte[secret.Length];
        return secret.StartsWith(Base64Secret, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[Base64Secret.Length..], key, out var length)
            ? key[..length]
            : Encoding.UTF8.GetBytes(secret);
    }

    /// <remarks>With our own SHA-256, since the platform's ends the process where there is no OpenSSL.</remarks>
    private static byte[] Hmac(byte[] key, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        if (key.Length > BlockBytes) key = Convert.FromHexString(Sha256.Hex(key));
        var inner = Pad(key, 0x36);
        inner.Append(head);
        inner.Append(body);
        var outer = Pad(key, 0x5c);
        outer.Append(Convert.FromHexString(inner.FinishHex()));
        return Convert.FromHexString(outer.FinishHex());
    }

    private static Sha256 Pad(byte[] key, byte with)
    {
        Span<byte> block = stackalloc byte[BlockBytes];
        block.Fill(with);
        for (var i = 0; i < key.Length; i++) block[i] ^= key[i];
        var hash = new Sha256();
        hash.Append(block);
        return hash;
    }
}
