using Lockstep.Redaction;

namespace Lockstep.Tests.Redaction;

public sealed class SensitiveNamesTests
{
    [Theory]
    [InlineData("GITHUB_TOKEN")]
    [InlineData("client_secret")]
    [InlineData("DbPassword")]
    [InlineData("AWS_ACCESS_KEY_ID")]
    [InlineData("authorization")]
    public void Names_of_secrets_are_sensitive(string name) => Assert.True(SensitiveNames.IsSensitive(name));

    [Theory]
    [InlineData("")]
    [InlineData("PATH")]
    [InlineData("IMAGE_NAME")]
    [InlineData("TOKE")]
    [InlineData("USER")]
    public void Other_names_are_not(string name) => Assert.False(SensitiveNames.IsSensitive(name));
}
