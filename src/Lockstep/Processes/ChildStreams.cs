using System.Diagnostics;
using System.Runtime.InteropServices;
using Lockstep.Processes.Native;
using Lockstep.Processes.Terminals;

namespace Lockstep.Processes;

/// <summary>The descriptors a process is to have as 0, 1 and 2, and our ends of its pipes. Whatever is not taken is closed.</summary>
internal unsafe ref struct ChildStreams : IDisposable
{
    private const int FirstFree = 3;
    private const int Ours = -1;
    private const int MostOpened = 8;

    private readonly ProcessLoop _loop;
    private readonly ProcessSpec _spec;
    private fixed int _opened[MostOpened];
    private int _openedCount;
    private int _ourOutput = -1;
    private int _ourErrors = -1;

    private ChildStreams(ProcessLoop loop, ProcessSpec spec)
    {
        _loop = loop;
        _spec = spec;
    }

    public int Input { readonly get; private set; }

    public int Output { readonly get; private set; }

    public int Errors { readonly get; private set; }

    /// <summary>The terminal it gets; null for none. Our side of it is the first of <see cref="TakeOurs"/>.</summary>
    public string? Terminal { readonly get; private set; }

    /// <exception cref="ProcessStartException">No more descriptors.</exception>
    public static ChildStreams Open(ProcessLoop loop, ProcessSpec spec)
    {
        var streams = new ChildStreams(loop, spec);
        try
        {
            streams.OpenAll();
            return streams;
        }
        catch
        {
            streams.Dispose();
            throw;
        }
    }

    /// <summary>Our ends, -1 for none, which are the caller's from now on.</summary>
    public (int Output, int Errors) TakeOurs()
    {
        var ours = (_ourOutput, _ourErrors);
        _ourOutput = _ourErrors = -1;
        return ours;
    }

    public void Dispose()
    {
        for (var i = 0; i < _openedCount; i++) _ = LibC.Close(_opened[i]);
        _openedCount = 0;
        if (_ourOutput >= 0) _ = LibC.Close(_ourOutput);
        if (_ourErrors >= 0) _ = LibC.Close(_ourErrors);
        _ourOutput = _ourErrors = -1;
    }

    private void OpenAll()
    {
        Input = _spec.Input switch
        {
            InputFrom.NullDevice => Lift(Check(_loop.NullDevice())),
            InputFrom.OurInput when _spec.Terminal && !TerminalSession.InputIsTerminal => Lift(0),
            // In the background we could lend it nothing, and the first read would stop it for ever.
            InputFrom.OurInput when !_spec.Terminal && LibC.IsTerminal(0) != 0 && !TerminalSession.InputIsTerminal => Lift(Check(_loop.NullDevice())),
            InputFrom.OurInput => Ours,
            InputFrom.OpenHandle handle => Lift((int)handle.Value.DangerousGetHandle()),
            InputFrom.GivenBytes bytes => Stored(bytes.Value.Span),
            _ => throw new UnreachableException(),
        };
        if (_spec.Terminal)
        {
            _ourOutput = Check(PseudoTerminal.Open(out var terminal));
            Terminal = terminal;
            Output = Errors = Ours;
            TerminalSession.Prepare(_ourOutput);
            return;
        }
        Output = OpenOutput(_spec.Output, ref _ourOutput);
        Errors = _spec.Errors is OutputTo.SharedPipe
            ? Output == Ours ? 1 : Output
            : OpenOutput(_spec.Errors, ref _ourErrors);
    }

    private int OpenOutput(OutputTo output, ref int ours) => output switch
    {
        OutputTo.Pipe or OutputTo.SharedPipe => OpenPipe(ref ours),
        OutputTo.OurOutput => Ours,
        OutputTo.NullDevice => Lift(Check(_loop.NullDevice())),
        OutputTo.OpenHandle handle => Lift((int)handle.Value.DangerousGetHandle()),
        _ => throw new UnreachableException(),
    };

    private int OpenPipe(ref int ours)
    {
        var ends = stackalloc int[2];
        Check(LibC.Pipe(ends, LibC.CloseOnExec));
        ours = ends[0];
        return Lift(ToClose(ends[1]));
    }

    /// <summary>
    /// The target descriptors are filled one after another, so a source below 3 might be overwritten before its turn: it is copied up.
    /// </summary>
    private int Lift(int descriptor) =>
        descriptor is < 0 or >= FirstFree
            ? descriptor
            : ToClose(Check(LibC.FileControl(descriptor, LibC.DuplicateCloseOnExec, FirstFree)));

    /// <summary>Input of any length in a file that exists only in memory: nobody has to feed it.</summary>
    private int Stored(ReadOnlySpan<byte> bytes)
    {
        int file;
        fixed (byte* name = "input\0"u8) file = ToClose(Check(LibC.MemoryFile(name, 1)));
        fixed (byte* start = bytes)
            for (nint done = 0; done < bytes.Length;)
                done += Check((int)LibC.Write(file, start + done, (nuint)(bytes.Length - done)));
        _ = LibC.Seek(file, 0, 0);
        return Lift(file);
    }

    private int ToClose(int descriptor)
    {
        _opened[_openedCount++] = descriptor;
        return descriptor;
    }

    private readonly int Check(int result) =>
        result >= 0 ? result : throw ProcessStartException.From(_spec, Marshal.GetLastPInvokeError());
}
