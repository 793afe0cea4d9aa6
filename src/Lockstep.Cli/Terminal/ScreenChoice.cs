using Lockstep.Cli.Options;

namespace Lockstep.Cli.Terminal;

/// <summary>Decides what a screen can show, by the flags, the environment and what the streams are.</summary>
internal static class ScreenChoice
{
    public static Screen For(ColourChoice colour, Func<string, string?> environment)
    {
        var forced = environment("CLICOLOR_FORCE") is { Length: > 0 } force && force != "0";
        var unwanted = environment("NO_COLOR") is { Length: > 0 } || environment("TERM") is "dumb";
        bool Coloured(bool terminal) => colour switch
        {
            ColourChoice.Always => true,
            ColourChoice.Never => false,
            _ => !unwanted && (forced || terminal),
        };
        return new Screen(Coloured(Screen.OutIsTerminal), Coloured(Screen.ErrorIsTerminal), Unicode(environment));
    }

    /// <summary>A locale that names another encoding than UTF-8 can't show more than ASCII; none, or C, is taken for UTF-8, as pipes and CI have none.</summary>
    private static bool Unicode(Func<string, string?> environment)
    {
        var locale = environment("LC_ALL") is { Length: > 0 } all ? all
            : environment("LC_CTYPE") is { Length: > 0 } type ? type
            : environment("LANG");
        if (locale is null || !locale.Contains('.')) return environment("TERM") is not "linux";
        return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("utf8", StringComparison.OrdinalIgnoreCase);
    }
}
