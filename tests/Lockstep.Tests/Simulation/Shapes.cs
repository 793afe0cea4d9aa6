using Lockstep.Simulation;
using Lockstep.Source;

namespace Lockstep.Tests.Simulation;

/// <summary>Workflows of each kind, with what their processes do.</summary>
internal static class Shapes
{
    public static readonly IReadOnlyDictionary<string, Shape> All = new Dictionary<string, Shape>
    {
        ["a sequence"] = new("w: {\n a\n b\n c\n}", [Step("b", After("5s"))]),
        ["a sequence that fails"] = new("w: {\n a\n b\n c\n}", [Step("b", Exit(7))]),
        ["a chain with &&"] = new("a: one\nb: two\nw: @cmd(a) && @cmd(b) && three", []),
        ["a chain with || that is made good"] = new("a: one\nw: @cmd(a) || two", [Step("one", Exit(1))]),
        ["a chain that appends to a file"] = new("a: one\nw: {\n @cmd(a) >> made\n two\n}", []),
        ["a pipe"] = new("a: { one; two }\nb: three\nw: {\n @cmd(a) | @cmd(b)\n four\n}", [Step("three", After("2s"))]),
        ["a pipe that fails"] = new("a: one\nb: two\nw: {\n @cmd(a) | @cmd(b)\n three\n}", [Step("two", Exit(3))]),
        ["messages"] = new("w: {\n @log(\"one\")\n a\n @log(\"two\", level = warn)\n}", []),
        ["parallel, fail fast"] = new("w: @parallel {\n a\n b\n c\n}", [Step("a", After("3s")), Step("b", After("1s", 3)), Step("c", After("2s"))]),
        ["parallel, all"] = new("w: @parallel(mode = all) {\n a\n { b; c }\n d\n}", [Step("a", Exit(3)), Step("c", After("4s", 5)), Step("d", After("1s"))]),
        ["parallel, immediate"] = new("w: @parallel(mode = immediate) {\n a\n b\n { c; d }\n}", [Step("a", After("9s")), Step("b", After("2s", 4)), Step("c", After("1s"))]),
        ["parallel, immediate, with a failure after other steps"] = new("w: @parallel(mode = immediate) {\n a\n @with(A = \"1\") { b; c }\n}", [Step("a", After("9s")), Step("c", After("2s", 4))]),
        ["parallel, immediate, with a failure in a lock after a retry"] = new(
            """
            w: @parallel(mode = immediate) {
                @with(A = "1") {
                    @lock("one") { @timeout(100h) { a } }
                    @effect("once", verify = "look") { b }
                    @lock("one") { c }
                }
                @with(A = "2") {
                    @retry(attempts = 3, delay = 42s) {
                        @timeout(100h) {
                            d
                            e
                            f
                        }
                    }
                    @lock("one") {
                        @effect("once", verify = "look") { g }
                        h
                    }
                }
            }
            """, [Step("b", After("2s")), Step("f", After("1s")), Step("g", Exit(5))]),
        ["parallel, two at a time"] = new("w: @parallel(concurrency = 2) {\n a\n b\n c\n d\n}", [Step("a", After("3s")), Step("b", After("1s"))]),
        ["a retry in a time-out in a try"] = new(
            """
            w: @try {
                main: @timeout(10m) { @retry(attempts = 3, delay = 5s) { flaky } }
                catch: caught
                finally: cleaned
            }
            """, [Step("flaky", Exit(1), Exit(1), Exit(0))]),
        ["a time-out that is over"] = new(
            """
            w: @try {
                main: @timeout(10s) { slow }
                catch: caught
                finally: cleaned
            }
            """, [Step("slow", After("1h"))]),
        ["a time-out longer than the work and shorter than the time nobody had the run"] = new("w: @timeout(50s) {\n a\n b\n c\n}", [Step("b", After("5s"))]),
        ["a run that times out"] = new("w: {\n a\n @timeout(10s) { slow }\n b\n}", [Step("slow", After("1h"))]),
        ["a try that catches"] = new("w: @try {\n main: { a; b }\n catch: caught\n finally: { cleaned; swept }\n}", [Step("b", Exit(4))]),
        ["a try whose finally fails"] = new("w: @try {\n main: { a; b }\n finally: cleaned\n}", [Step("cleaned", Exit(6))]),
        ["waits"] = new("w: {\n @retry(attempts = 5, delay = 1m, exponentialBackoff = true) { a }\n @retry(attempts = 2, delay = 1h) { b }\n c\n}", [Step("a", Exit(1), Exit(2), Exit(3), Exit(0)), Step("b", Exit(9))]),
        ["retries inside each other"] = new("w: @retry(attempts = 3, delay = 1s) { @retry(attempts = 2, delay = 1s) { a } }", [Step("a", Exit(1), Exit(1), Exit(1), Exit(0))]),
        ["a lock"] = new("w: {\n @lock(\"one\") { a; b }\n @parallel {\n  @lock(\"two\") { c }\n  @lock(\"two\") { d }\n }\n e\n}", [Step("c", After("2s")), Step("d", After("3s"))]),
        ["a cache"] = new("w: {\n @cache(inputs = \"commands.cli\", outputs = \"made\") { a; b }\n c\n}", []),
        ["a condition"] = new("var MODE = @sh(\"which mode\")\nw: {\n @when(MODE) {\n  fast: a\n  else: b\n }\n c\n}", []) { Values = { ["MODE"] = "fast" } },
        ["a condition that nothing meets"] = new("var MODE = @sh(\"which mode\")\nw: {\n @when(MODE) {\n  fast: a\n }\n c\n}", []),
        ["needs"] = new("a: one\nb: {\n @needs(a)\n two\n}\nw: {\n @needs(a, b)\n three\n}", [Step("one", After("1s"))]),
        ["needs beside each other, the first in a time-out that is over"] = new(
            "g: { zero; one }\na: @timeout(2s) { @needs(g) }\nb: {\n @needs(g)\n two\n}\nc: {\n @needs(g)\n three\n}\nw: @parallel(mode = all) {\n @cmd(a)\n @cmd(b)\n @cmd(c)\n}", [Step("one", After("5s"))]),
        ["needs in a time-out that is over, in a retry"] = new("g: slow\nw: @retry(attempts = 2, delay = 1s) { @timeout(5s) { @needs(g) } }", [Step("slow", After("1h"), After("1s"))]),
        ["needs that were needed before"] = new("g: one\nh: two\nw: {\n @needs(g)\n @needs(g, h)\n three\n}", []),
        ["an output that a later step uses"] = new("a: one\nw: {\n @cmd(a)\n got @output(a)\n}", [Step("one", new ScriptedProcess { Output = "text\n" })]),
        ["a step that happens once"] = new("w: {\n a\n @effect(\"once\", verify = \"look\") { pay }\n b\n}", [Step("pay", After("2s"))]),
        ["a step that happens once and fails"] = new("w: {\n a\n @effect(\"once\", verify = \"look\") { pay }\n b\n}", [Step("pay", Exit(2))]),
        ["a step that happens once, without verify"] = new("w: {\n @effect(\"once\") { pay }\n b\n}", []),
        ["a step that happens once beside others"] = new("w: @parallel {\n @effect(\"once\", verify = \"look\") { pay }\n b\n c\n}", [Step("pay", After("2s")), Step("b", After("1s"))]),
        ["a step that happens once in a retry"] = new("w: @retry(attempts = 3, delay = 1s) {\n @effect(\"once\", verify = \"look\") { pay }\n a\n}", [Step("a", Exit(1), Exit(0))]),
        ["a keyed step"] = new("w: {\n @effect(\"keyed\") { pay }\n @effect(\"pure\") { look }\n}", []),
        ["a confirmation"] = new("w: {\n a\n @confirm(\"Sure?\") { b }\n c\n}", []),
        ["a confirmation that is denied"] = new("w: {\n a\n @confirm(\"Sure?\") { b }\n c\n}", []) { Denied = "confirm" },
        ["a folder and variables"] = new("w: {\n @workdir(\"sub\", createIfNotExists = true) { @with(A = \"1\") { a; b } }\n c\n}", []),
    };

    public static ScriptRule Step(string name, params ScriptedProcess[] attempts) => new(name, [.. attempts]);

    public static ScriptedProcess Exit(int code) => new() { ExitCode = code };

    public static ScriptedProcess After(string time, int code = 0)
        => new() { ExitCode = code, Duration = HumanDuration.TryParse(time, out var duration) ? duration : throw new ArgumentException(time, nameof(time)) };
}

/// <summary>A workflow "w" and what its processes do.</summary>
internal sealed record Shape(string Commands, ScriptRule[] Steps)
{
    public Dictionary<string, string> Values { get; } = [];

    /// <summary>The confirmation that is denied.</summary>
    public string? Denied { get; init; }
}
