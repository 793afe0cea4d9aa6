using Lockstep.Expressions;

namespace Lockstep.Tests.Expressions;

public sealed class SensitiveNameTests
{
    [Theory]
    [InlineData("GITHUB_TOKEN")]
    [InlineData("client_secret")]
    [InlineData("DbPassword")]
    [InlineData("AWS_ACCESS_KEY_ID")]
    [InlineData("authorization")]
    public void Names_of_secrets_are_sensitive(string name) => Assert.True(SensitiveName.Matches(name));

    [Theory]
    [InlineData("")]
    [InlineData("PATH")]
    [InlineData("IMAGE_NAME")]
    [InlineData("TOKE")]
    [InlineData("USER")]
    public void Other_names_are_not(string name) => Assert.False(SensitiveName.Matches(name));
}
