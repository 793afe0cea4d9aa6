using System.Text;

namespace Lockstep.Cli.Terminal;

/// <summary>Where the program prints: its two output streams, and what they can show.</summary>
internal sealed class Screen
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private StreamWriter? _out;
    private StreamWriter? _error;

    public Screen(bool colourOut, bool colourError, bool unicode)
    {
        OutStyle = colourOut ? Style.Coloured : Style.Plain;
        ErrorStyle = colourError ? Style.Coloured : Style.Plain;
        Unicode = unicode;
    }

    /// <summary>Standard output's bytes; flush <see cref="Out"/> before writing here.</summary>
    public Stream OutBytes { get; } = Open(1);

    public Stream ErrorBytes { get; } = Open(2);

    /// <summary>Standard output as text; buffered until <see cref="Flush"/>.</summary>
    public TextWriter Out => _out ??= new StreamWriter(OutBytes, Utf8, 16 * 1024) { NewLine = "\n" };

    /// <summary>Standard error as text; buffered until <see cref="Flush"/>.</summary>
    public TextWriter Error => _error ??= new StreamWriter(ErrorBytes, Utf8, 4 * 1024) { NewLine = "\n" };

    public Style OutStyle { get; }

    public Style ErrorStyle { get; }

    /// <summary>Whether characters beyond ASCII can be shown.</summary>
    public bool Unicode { get; }

    public static bool OutIsTerminal => Native.IsTerminal(1);

    public static bool ErrorIsTerminal => Native.IsTerminal(2);

    public static bool InputIsTerminal => Native.IsTerminal(0);

    public static int Columns => Native.Size(1)?.Columns ?? Native.Size(2)?.Columns ?? 80;

    public void Flush()
    {
        _out?.Flush();
        _error?.Flush();
    }

    private static Stream Open(int descriptor) => OperatingSystem.IsWindows()
        ? descriptor == 1 ? Console.OpenStandardOutput() : Console.OpenStandardError()
        : new DescriptorStream(descriptor);
}
