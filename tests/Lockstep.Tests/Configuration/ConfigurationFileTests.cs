using Lockstep.Configuration;
using Lockstep.Source;

namespace Lockstep.Tests.Configuration;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("repository: acme/shop\nagents: { default: { provider: openai } }\n")]
    public void A_file_may_say_nothing_of_webhooks(string text) => Assert.Empty(Read(text).Webhooks);

    [Fact]
    public void A_webhook_has_an_address_a_secret_and_the_types_it_wants()
    {
        var file = Read("webhooks:\n  - url: https://example.org/a#b\n  - url: { secret: HOOK }\n    secret: { secret: KEY }\n    events: [step:*]\n");
        Assert.Equal(new ConfiguredText("https://example.org/a#b", false), file.Webhooks[0].Url);
        Assert.Equal("*", Assert.Single(file.Webhooks[0].Events));
        Assert.Equal((new ConfiguredText("HOOK", true), new ConfiguredText("KEY", true)), (file.Webhooks[1].Url, file.Webhooks[1].Secret!));
        Assert.Equal("step:*", Assert.Single(file.Webhooks[1].Events));
    }

    [Theory]
    [InlineData("webhooks: [", "1:12: error LS1400: this is no YAML: ")]
    [InlineData("a: &x 1\njudge: *x\n", "error LS1400: this is no YAML: ")]
    [InlineData("webhook: []", "1:1: error LS1401: lockstep.yaml has no key 'webhook'\nhelp: did you mean webhooks?")]
    [InlineData("webhooks:\n  - { url: \"https://example.org\", event: [] }", "2:35: error LS1401: a webhook has no key 'event'\nhelp: did you mean events?")]
    [InlineData("webhooks: yes", "1:11: error LS1402: webhooks is not a list\nhelp: write such as webhooks: [{ url: \"https://example.org/hook\" }]")]
    [InlineData("webhooks: [{ secret: { secret: A } }]", "1:12: error LS1402: url is not an address")]
    [InlineData("webhooks: [{ url: \"https://example.org\", secret: hush }]", "error LS1402: secret is not the name of a secret")]
    [InlineData("webhooks: [{ url: \"https://example.org\", events: [step:ended] }]", "error LS1403: no event is of the type 'step:ended'\nhelp: did you mean step:end?")]
    [InlineData("judge: a\njudge: b", "2:1: error LS1404: lockstep.yaml has the key 'judge' twice\nhelp: leave one of the two out")]
    public void What_is_wrong_is_told_with_its_place(string text, string expected)
    {
        var wrong = Assert.Throws<DefinitionException>(() => Read(text)).Diagnostics[0];
        var at = wrong.Source.PositionAt(wrong.Span.Start);
        Assert.Contains(expected, $"{at.Line}:{at.Column}: error {wrong.Id}: {wrong.Message}\nhelp: {wrong.Help}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_that_name_is_no_configuration()
    {
        Directory.CreateDirectory(_folder["lockstep.yaml"]);
        Assert.Empty(ConfigurationFile.Of(_folder.Path).Webhooks);
    }

    private ConfigurationFile Read(string text)
    {
        _folder.Write("lockstep.yaml", text);
        return ConfigurationFile.Of(_folder.Path);
    }
}
