using System.Collections.Immutable;
using System.Text;
using Lockstep.Journal;
using Lockstep.Source;

namespace Lockstep.Telemetry.Webhooks;

/// <summary>An address that is told of events.</summary>
/// <param name="Url">The address.</param>
/// <param name="Secret">What requests are signed with; null for unsigned ones.</param>
/// <param name="Events">The types it wants.</param>
internal sealed record WebhookReceiver(Uri Url, string? Secret, ImmutableArray<string> Events)
{
    /// <summary>What it is called in the store, where the address, which may hold a secret, never stands.</summary>
    public string Id { get; } = Sha256.Hex(Encoding.UTF8.GetBytes(Url.AbsoluteUri))[..16];

    /// <summary>The address as it may be shown.</summary>
    public string Shown => Outbound.Shown(Url);

    /// <summary>A receiver at an address; null where that is none to post to.</summary>
    public static WebhookReceiver? Of(string url, string? secret, ImmutableArray<string> events)
        => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https" ? new(parsed, secret, events) : null;

    public bool Wants(string type)
    {
        foreach (var pattern in Events)
            if (EventPattern.Matches(pattern, type)) return true;
        return false;
    }
}
