using Lockstep.Commands.Decorators;
using Registry = Lockstep.Commands.Decorators.Decorators;

namespace Lockstep.Tests.Commands.Decorators;

public sealed class DecoratorsTests
{
    [Fact]
    public void Every_decorator_of_the_list_is_found_by_its_name()
        => Assert.All(Registry.All, decorator
            => Assert.Same(decorator, Registry.Find(decorator.Name)));

    [Fact]
    public void Every_decorator_type_is_in_the_list()
        => Assert.Equal(
            typeof(Decorator).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Decorator)) && !type.IsAbstract).ToHashSet(),
            Registry.All.Select(decorator => decorator.GetType()).ToHashSet());

    [Fact]
    public void An_unknown_name_finds_nothing() => Assert.Null(Registry.Find("scope"));

    [Fact]
    public void A_signature_shows_the_defaults_and_the_block()
    {
        Assert.Equal("@timeout(duration = 30s) { … }", Registry.Find("timeout")!.Signature);
        Assert.Equal("@env(key, default, allowEmpty = false)", Registry.Find("env")!.Signature);
        Assert.Equal("@needs(names, …)", Registry.Find("needs")!.Signature);
        Assert.Equal("@with(KEY = value, …) { … }", Registry.Find("with")!.Signature);
    }
}
