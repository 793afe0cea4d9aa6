using System.Runtime.InteropServices;
using System.Text;

namespace Lockstep.Processes.Native;

/// <summary>One call of <see cref="Spawner.Start"/>.</summary>
internal ref struct SpawnRequest
{
    /// <summary>The file to execute.</summary>
    public required string Executable;

    /// <summary>What stands before <see cref="Arguments"/>: the program's name for itself.</summary>
    public required string Name;

    /// <summary>An argument put between the name and the rest; null for none.</summary>
    public string? Script;

    /// <summary>The rest.</summary>
    public required ReadOnlySpan<string> Arguments;

    /// <summary>A terminated array of terminated <c>NAME=value</c> strings.</summary>
    public required nint Environment;

    /// <summary>Where it starts; null for where we are.</summary>
    public string? Directory;

    /// <summary>Whether it leads a session of its own, not only a group.</summary>
    public bool NewSession;

    /// <summary>
    /// The terminal that becomes its descriptors 1 and 2, its controlling terminal in a new session, and its descriptor 0 where
    /// <see cref="Input"/> is -1; null for none.
    /// </summary>
    public string? Terminal;

    /// <summary>Our descriptors that become its 0, 1 and 2; -1 leaves what we have there.</summary>
    public int Input, Output, Errors;

    /// <summary>Our descriptor that it has under the same number; -1 for none.</summary>
    public int Held = -1;

    public SpawnRequest() { }
}

/// <summary>
/// <c>posix_spawn</c> with what is the same for every start prepared once. The C library runs it on a borrowed address space, so its
/// cost does not grow with our memory, and it reports a failing <c>exec</c> as its own error number.
/// </summary>
internal sealed unsafe partial class Spawner : IDisposable
{
    // glibc needs 336 and 80 bytes, musl 336 and 80.
    private const int AttributesSize = 512;
    private const int ActionsSize = 128;
    private const int SignalSetSize = 128;

    private const short SetGroup = 0x02;
    private const short SetDefaultSignals = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;

    private const string Library = "libc";

    private readonly byte* _ownGroup = NewAttributes(SetGroup);
    private readonly byte* _actions = (byte*)NativeMemory.AllocZeroed(ActionsSize);
    private byte* _ownSession;
    private byte* _scratch;
    private nuint _scratchSize;

    /// <summary>Starts a process in its own group, or in its own session.</summary>
    /// <returns>0, or the error number of what failed.</returns>
    public int Start(in SpawnRequest request, out int process)
    {
        process = 0;
        var session = request.NewSession || request.Terminal is not null;
        if (session && _ownSession is null) _ownSession = NewAttributes(SetSession);

        var arguments = Pack(request, out var executable);
        _ = ActionsInit(_actions);
        try
        {
            var error = AddActions(request);
            if (error != 0) return error;
            fixed (int* id = &process)
                return Spawn(id, executable, _actions, session ? _ownSession : _ownGroup, arguments, (byte**)request.Environment);
        }
        finally
        {
            _ = ActionsDestroy(_actions);
        }
    }

    public void Dispose()
    {
        FreeAttributes(_ownGroup);
        if (_ownSession is not null) FreeAttributes(_ownSession);
        NativeMemory.Free(_actions);
        NativeMemory.Free(_scratch);
    }

    private int AddActions(in SpawnRequest request)
    {
        var error = 0;
        if (request.Input >= 0) error = ActionsAddDuplicate(_actions, request.Input, 0);
        if (request.Terminal is not null)
        {
            if (error == 0) error = ActionsAddOpen(_actions, 1, request.Terminal, LibC.ReadWrite, 0);
            if (error == 0) error = ActionsAddDuplicate(_actions, 1, 2);
            if (error == 0 && request.Input < 0) error = ActionsAddDuplicate(_actions, 1, 0);
        }
        else
        {
            if (error == 0 && request.Output >= 0) error = ActionsAddDuplicate(_actions, request.Output, 1);
            if (error == 0 && request.Errors >= 0) error = ActionsAddDuplicate(_actions, request.Errors, 2);
        }
        // Duplicated to its own number, a descriptor loses the mark that closes it at the exec.
        if (error == 0 && request.Held >= 0) error = ActionsAddDuplicate(_actions, request.Held, request.Held);
        return error == 0 && request.Directory is not null ? ActionsAddDirectory(_actions, request.Directory) : error;
    }

    private byte** Pack(in SpawnRequest request, out byte* executablePath)
    {
        var count = request.Arguments.Length + (request.Script is null ? 1 : 2);
        var pointers = (nuint)(count + 1) * (nuint)sizeof(byte*);
        var size = pointers + Room(request.Executable) + Room(request.Name) + Room(request.Script ?? "");
        foreach (var argument in request.Arguments) size += Room(argument);
        if (size > _scratchSize)
        {
            _scratch = (byte*)NativeMemory.Realloc(_scratch, size);
            _scratchSize = size;
        }

        var list = (byte**)_scratch;
        var next = _scratch + pointers;
        var end = _scratch + size;
        executablePath = Put(request.Executable, ref next, end);
        *list++ = Put(request.Name, ref next, end);
        if (request.Script is not null) *list++ = Put(request.Script, ref next, end);
        foreach (var argument in request.Arguments) *list++ = Put(argument, ref next, end);
        *list = null;
        return (byte**)_scratch;
    }

    private static nuint Room(string text) => (nuint)Encoding.UTF8.GetMaxByteCount(text.Length) + 1;

    private static byte* Put(string text, ref byte* next, byte* end)
    {
        var start = next;
        next += Encoding.UTF8.GetBytes(text, new Span<byte>(next, (int)Math.Min(end - next, int.MaxValue)));
        *next++ = 0;
        return start;
    }

    private static byte* NewAttributes(short kind)
    {
        var attributes = (byte*)NativeMemory.AllocZeroed(AttributesSize);
        var signals = stackalloc ulong[SignalSetSize / sizeof(ulong)];
        new Span<byte>(signals, SignalSetSize).Clear();
        _ = AttributesInit(attributes);
        _ = AttributesSetMask(attributes, signals);
        foreach (var signal in Signals.ResetInChildren) signals[0] |= 1UL << (signal - 1);
        _ = AttributesSetDefaults(attributes, signals);
        _ = AttributesSetGroup(attributes, 0);
        _ = AttributesSetFlags(attributes, (short)(kind | SetDefaultSignals | SetSignalMask));
        return attributes;
    }

    private static void FreeAttributes(byte* attributes)
    {
        _ = AttributesDestroy(attributes);
        NativeMemory.Free(attributes);
    }

    [LibraryImport(Library, EntryPoint = "posix_spawn")]
    private static partial int Spawn(int* process, byte* executable, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(byte* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setflags")]
    private static partial int AttributesSetFlags(byte* attributes, short flags);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setpgroup")]
    private static partial int AttributesSetGroup(byte* attributes, int group);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int AttributesSetDefaults(byte* attributes, ulong* signals);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int AttributesSetMask(byte* attributes, ulong* signals);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(byte* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(byte* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int ActionsAddDuplicate(byte* actions, int descriptor, int target);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ActionsAddOpen(byte* actions, int target, string path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ActionsAddDirectory(byte* actions, string path);
}
