using Lockstep.Cli.Options;
using Lockstep.Cli.Terminal;

namespace Lockstep.Cli;

/// <summary>What a built-in gets from outside: the world and the settings it runs under.</summary>
internal sealed record Host(Screen Screen, Settings Settings, Func<string, string?> Environment, TimeProvider Clock, Random Random)
{
    /// <summary>A note of the program's own on standard error; nothing when quiet.</summary>
    public void Note(string text)
    {
        if (Settings.Verbosity != Verbosity.Quiet) Screen.Error.WriteLine(text);
    }

    /// <summary>Whether a question can be asked: a terminal on both ends, or <c>--interactive=always</c>.</summary>
    public bool CanAsk => Settings.Interactivity switch
    {
        Interactivity.Always => true,
        Interactivity.Never => false,
        _ => Screen.InputIsTerminal && Screen.ErrorIsTerminal,
    };
}
