using System.Diagnostics;
using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Upkeep;
using Xunit.Abstractions;

namespace Lockstep.Tests.Sqlite.Damage;

/// <summary>
/// The system refuses a call on the store's files, and all calls after it: a full disk, a broken one, too many open files, a file system that was
/// made read-only. LOCKSTEP_LONG_TESTS=1 does that at each call instead of every ninth. docs/reliability.md keeps the figures.
/// </summary>
public sealed class FaultTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>Stands between the program and the C library; counts calls on paths below a folder "faulty-store".</summary>
    private const string Source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <stdarg.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/uio.h>
        #include <unistd.h>

        static int calls;

        static int refused(void) {
            const char *at = getenv("FAULT_AT"), *code = getenv("FAULT_ERRNO"), *log = getenv("FAULT_LOG");
            if (!at || __sync_add_and_fetch(&calls, 1) < atoi(at)) return 0;
            int (*real_open)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
            int file = real_open(log, O_CREAT | O_WRONLY, 0600);
            if (file >= 0) close(file);
            errno = atoi(code);
            return 1;
        }

        static int ours(int file) {
            char link[64], path[4096];
            snprintf(link, sizeof link, "/proc/self/fd/%d", file);
            int kept = errno;
            ssize_t length = readlink(link, path, sizeof path - 1);
            errno = kept;
            if (length < 0) return 0;
            path[length] = 0;
            return strstr(path, "/faulty-store/") != NULL;
        }

        static int opens(const char *path, int flags) {
            const char *code = getenv("FAULT_ERRNO");
            if (!path || !strstr(path, "/faulty-store/")) return 0;
            return (flags & (O_CREAT | O_WRONLY | O_RDWR)) || (code && atoi(code) == EMFILE);
        }

        #define OPEN(name) \
            int name(const char *path, int flags, ...) { \
                static int (*real)(const char *, int, ...); \
                if (!real) real = dlsym(RTLD_NEXT, #name); \
                va_list rest; va_start(rest, flags); int mode = va_arg(rest, int); va_end(rest); \
                return opens(path, flags) && refused() ? -1 : real(path, flags, mode); \
            }
        OPEN(open)
        OPEN(open64)

        #define CALL(type, name, parameters, arguments) \
            type name parameters { \
                static type (*real) parameters; \
                if (!real) real = dlsym(RTLD_NEXT, #name); \
                return ours(file) && refused() ? -1 : real arguments; \
            }
        CALL(ssize_t, pwrite, (int file, const void *from, size_t size, off_t at), (file, from, size, at))
        CALL(ssize_t, pwrite64, (int file, const void *from, size_t size, off64_t at), (file, from, size, at))
        CALL(ssize_t, write, (int file, const void *from, size_t size), (file, from, size))
        CALL(int, ftruncate, (int file, off_t size), (file, size))
        CALL(int, ftruncate64, (int file, off64_t size), (file, size))
        CALL(int, fsync, (int file), (file))
        CALL(int, fdatasync, (int file), (file))
        """;

    private static readonly int _stride = Environment.GetEnvironmentVariable("LOCKSTEP_LONG_TESTS") == "1" ? 1 : 9;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ProgramTheory("cc", "--version")]
    [InlineData("a full disk", 28)]
    [InlineData("a broken disk", 5)]
    [InlineData("too many open files", 24)]
    [InlineData("a read-only file system", 30)]
    public void A_run_comes_to_its_end_and_what_is_kept_of_it_can_go_on(string fault, int error)
    {
        var shim = Compiled();
        var (injected, kept, resumed) = (0, 0, 0);
        for (var at = 1; RunWith(shim, error, at); at += _stride)
        {
            injected++;
            var place = _folder[$"{at}"];
            Assert.Equal("a\nb\nc\n", File.ReadAllText(Path.Join(place, "trace")));
            if (!File.Exists(StoreFolder.Database(Path.Join(place, "faulty-store")))) continue;
            resumed += GoOn(place, out var runs);
            kept += runs;
        }

        output.WriteLine($"{fault}: refused from {injected} calls on, {kept} runs kept, {resumed} of them resumed to their end, 0 runs harmed, 0 damaged");
        Assert.InRange(injected, 2, int.MaxValue);
    }

    private string Compiled()
    {
        var shim = _folder["fault.so"];
        using var compiler = Process.Start(new ProcessStartInfo("cc", ["-shared", "-fPIC", "-O1", "-o", shim, _folder.Write("fault.c", Source), "-ldl"]) { RedirectStandardError = true })!;
        var said = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, said);
        return shim;
    }

    /// <summary>Runs a command whose store fails from a call on; false where it ended before that.</summary>
    private bool RunWith(string shim, int error, int at)
    {
        var place = Directory.CreateDirectory(_folder[$"{at}"]).FullName;
        File.WriteAllText(Path.Join(place, "commands.cli"), "main: {\n  echo a >> trace\n  echo b | tee -a trace\n  echo c >> trace\n}\n");
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Join(AppContext.BaseDirectory, "Lockstep.Dummy.dll"), "run", place]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LD_PRELOAD"] = shim;
        start.Environment["FAULT_AT"] = at.ToString();
        start.Environment["FAULT_ERRNO"] = error.ToString();
        start.Environment["FAULT_LOG"] = Path.Join(place, "refused");
        start.Environment["LOCKSTEP_HOME"] = Path.Join(place, "faulty-store");
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"error {error} from call {at} on: exit code {process.ExitCode}\n{said.Result}");
        return File.Exists(Path.Join(place, "refused"));
    }

    /// <summary>The store is whole, as it was left and after its runs have come to their ends.</summary>
    private static int GoOn(string place, out int count)
    {
        var store = Path.Join(place, "faulty-store");
        var around = new ProjectOptions { Directory = place, Environment = name => name == "LOCKSTEP_HOME" ? store : Environment.GetEnvironmentVariable(name) };
        var resumed = 0;
        foreach (var run in All(store))
        {
            if (run.Status != RunStatus.Crashed) continue;
            Assert.Equal(0, new Runs(around).Resume(run.Id, new RunOptions()).ExitCode);
            resumed++;
        }

        count = All(store).Count;
        Assert.All(All(store), run => Assert.Equal(RunStatus.Succeeded, run.Status));
        return resumed;
    }

    private static IReadOnlyList<RunRecord> All(string store)
    {
        using var history = History.Open(store);
        Assert.Empty(StoreCheck.Of(history).Damage);
        return history.Runs();
    }
}
