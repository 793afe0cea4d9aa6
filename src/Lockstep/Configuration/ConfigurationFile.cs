using System.Collections.Immutable;
using Lockstep.Journal;
using Lockstep.Source;
using YamlDotNet.Core;

namespace Lockstep.Configuration;

/// <summary>What <c>lockstep.yaml</c> says.</summary>
internal sealed record ConfigurationFile
{
    /// <summary>The file's name; it stands beside the definitions.</summary>
    public const string FileName = "lockstep.yaml";

    /// <summary>The keys it may have: those that are read here, and those that belong to agents and repositories.</summary>
    private static readonly string[] _keys = ["webhooks", "repository", "repositories", "agents", "judge"];

    private static readonly string[] _webhookKeys = ["url", "secret", "events"];

    public static ConfigurationFile Empty { get; } = new();

    /// <summary>Who is told of events.</summary>
    public ImmutableArray<WebhookSetting> Webhooks { get; private init; } = [];

    /// <summary>The configuration of a folder; empty where there is no file.</summary>
    /// <exception cref="DefinitionException">What stands in it can't be used.</exception>
    public static ConfigurationFile Of(string folder)
    {
        var (read, diagnostics) = Check(folder);
        return diagnostics.IsEmpty ? read ?? Empty : throw new DefinitionException(diagnostics);
    }

    /// <summary>The configuration of a folder, null where there is no file, and all that is wrong with it.</summary>
    public static (ConfigurationFile? File, ImmutableArray<Diagnostic> Diagnostics) Check(string folder)
    {
        var path = Path.Join(folder, FileName);
        if (!File.Exists(path)) return (null, []);
        var bag = new DiagnosticBag();
        var read = Read(path, bag);
        return (read, bag.ToImmutable());
    }

    /// <summary>The environment variables that it names and that are not set.</summary>
    public IEnumerable<string> Unset(Func<string, string?> environment)
    {
        foreach (var webhook in Webhooks)
        {
            if (webhook.Url.Value(environment) is null) yield return webhook.Url.Text;
            if (webhook.Secret is { } secret && secret.Value(environment) is null) yield return secret.Text;
        }
    }

    private static ConfigurationFile Read(string path, DiagnosticBag bag)
    {
        var text = "";
        try
        {
            text = File.ReadAllText(path);
            var source = new SourceText(path, text);
            return YamlNode.Read(text) switch
            {
                null or YamlText { Text: "" } => Empty,
                YamlMap map => Bind(map, new ConfigurationDiagnostics(source, bag)),
                { } other => Wrong(other),
            };

            ConfigurationFile Wrong(YamlNode other)
            {
                new ConfigurationDiagnostics(source, bag).Wrong("the file", "keys and values", "write such as webhooks: [{ url: \"https://example.org/hook\" }]", other.Span);
                return Empty;
            }
        }
        catch (YamlException broken)
        {
            var start = (int)Math.Min(broken.Start.Index, text.Length);
            new ConfigurationDiagnostics(new SourceText(path, text), bag).NoYaml(broken.InnerException?.Message ?? broken.Message, new Span(start, 0));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            new ConfigurationDiagnostics(new SourceText(path, ""), bag).Unreadable(unreadable.Message, default);
        }

        return Empty;
    }

    private static ConfigurationFile Bind(YamlMap map, ConfigurationDiagnostics wrong)
    {
        Check(map, "lockstep.yaml", _keys, wrong);
        if (map["webhooks"] is not { } webhooks) return Empty;
        const string Like = "write such as webhooks: [{ url: \"https://example.org/hook\" }]";
        if (webhooks is not YamlList list)
        {
            wrong.Wrong("webhooks", "a list", Like, webhooks.Span);
            return Empty;
        }

        var settings = ImmutableArray.CreateBuilder<WebhookSetting>();
        foreach (var item in list.Items)
        {
            if (item is YamlMap webhook) settings.Add(Webhook(webhook, wrong));
            else wrong.Wrong("a webhook", "keys and values", Like, item.Span);
        }

        return new() { Webhooks = settings.ToImmutable() };
    }

    private static WebhookSetting Webhook(YamlMap map, ConfigurationDiagnostics wrong)
    {
        Check(map, "a webhook", _webhookKeys, wrong);
        var url = Text(map["url"], secretOnly: false, "url", "write url: \"https://example.org/hook\", or url: { secret: VARIABLE }", wrong, map.Span);
        var secret = map["secret"] is { } written
            ? Text(written, secretOnly: true, "secret", "write secret: { secret: VARIABLE }, which names the environment variable that holds it", wrong, map.Span)
            : null;
        return new(url, secret, Events(map["events"], wrong));
    }

    private static ConfiguredText Text(YamlNode? node, bool secretOnly, string key, string help, ConfigurationDiagnostics wrong, Span around)
    {
        switch (node)
        {
            case YamlText { Text.Length: > 0 } text when !secretOnly:
                return new(text.Text, Secret: false);
            case YamlMap { Entries: [var (name, value)] } when name.Text == "secret" && value is YamlText { Text.Length: > 0 } variable:
                return new(variable.Text, Secret: true);
            default:
                wrong.Wrong(key, secretOnly ? "the name of a secret" : "an address", help, node?.Span ?? around);
                return new("", Secret: false);
        }
    }

    private static ImmutableArray<string> Events(YamlNode? node, ConfigurationDiagnostics wrong)
    {
        if (node is null) return ["*"];
        var patterns = ImmutableArray.CreateBuilder<string>();
        foreach (var item in node is YamlList list ? list.Items : [node])
        {
            if (item is not YamlText pattern) wrong.Wrong("events", "a list of types", "write such as events: [\"execution:*\", \"step:end\"]", item.Span);
            else if (!EventPattern.Matches(pattern.Text, EventJson.Types)) wrong.UnknownType(pattern.Text, NearestName.Of(pattern.Text, EventJson.Types), item.Span);
            else patterns.Add(pattern.Text);
        }

        return patterns.ToImmutable();
    }

    private static void Check(YamlMap map, string owner, string[] known, ConfigurationDiagnostics wrong)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, _) in map.Entries)
        {
            if (Array.IndexOf(known, key.Text) < 0) wrong.UnknownKey(owner, key.Text, NearestName.Of(key.Text, known), known, key.Span);
            else if (!seen.Add(key.Text)) wrong.Twice(owner, key.Text, key.Span);
        }
    }
}

/// <summary>A receiver of events.</summary>
/// <param name="Url">Its address.</param>
/// <param name="Secret">What its requests are signed with; null for unsigned ones.</param>
/// <param name="Events">The types it wants: whole ones, or beginnings with <c>*</c>.</param>
internal sealed record WebhookSetting(ConfiguredText Url, ConfiguredText? Secret, ImmutableArray<string> Events);

/// <summary>A text as it was written, or the name of the environment variable that holds it.</summary>
internal sealed record ConfiguredText(string Text, bool Secret)
{
    /// <summary>The text; null when its variable is not set.</summary>
    public string? Value(Func<string, string?> environment) => !Secret ? Text : environment(Text) is { Length: > 0 } value ? value : null;
}
