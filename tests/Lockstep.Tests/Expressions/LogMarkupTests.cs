using Lockstep.Expressions;

namespace Lockstep.Tests.Expressions;

public sealed class LogMarkupTests
{
    [Theory]
    [InlineData("plain", "plain", "plain")]
    [InlineData("{green}ok{/green}!", "\e[32mok\e[0m!", "ok!")]
    [InlineData("{bold}{red}a{/red}b{/bold}", "\e[1m\e[31ma\e[0m\e[1mb\e[0m", "ab")]
    [InlineData("{green}a{bold}b{/green}c{/bold}", "\e[32ma\e[1mb\e[0m\e[1mc\e[0m", "abc")]
    [InlineData("{red}x{red}y{/red}z{/red}", "\e[31mx\e[31my\e[0m\e[31mz\e[0m", "xyz")]
    [InlineData("{gray}a{/grey}", "\e[90ma\e[0m", "a")]
    [InlineData("{dim}left open", "\e[2mleft open\e[0m", "left open")]
    [InlineData("{/green}", "{/green}", "{/green}")]
    [InlineData("{pink}a{/pink}", "{pink}a{/pink}", "{pink}a{/pink}")]
    [InlineData("{\"a\": {\"b\": {}}}", "{\"a\": {\"b\": {}}}", "{\"a\": {\"b\": {}}}")]
    [InlineData("write {{green}}x{{/green}}", "write {green}x{/green}", "write {green}x{/green}")]
    [InlineData("{{green}x{/green}}", "{\e[32mx\e[0m}", "{x}")]
    [InlineData("{", "{", "{")]
    [InlineData("{}{/}", "{}{/}", "{}{/}")]
    [InlineData("", "", "")]
    public void Styles_nest_and_other_braces_are_text(string markup, string ansi, string plain)
    {
        Assert.Equal(ansi, LogMarkup.Render(markup, colour: true));
        Assert.Equal(plain, LogMarkup.Render(markup, colour: false));
    }

    [Fact]
    public void Braces_in_a_value_are_only_braces()
    {
        var message = new LogMarkup(colour: true);
        message.AddMarkup("{green}tag ");
        message.AddText("{red}v1{/green}");
        message.AddMarkup("{/green}");

        Assert.Equal("\e[32mtag {red}v1{/green}\e[0m", message.Finish());
    }
}
