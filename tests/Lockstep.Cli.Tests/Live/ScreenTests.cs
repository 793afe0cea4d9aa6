using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Lockstep.Cli.Tests.Live;

/// <summary>The whole program on a terminal: what stands there, with times and spinners made the same.</summary>
public sealed partial class ScreenTests : IDisposable
{
    private readonly Scenario _scenario = new Scenario().Commands($$"""
        ci: {
          echo prepared
          @parallel {
            sh lint.sh
            sh test.sh
          }
          echo packed
        }
        many: @parallel(concurrency = 8) {
        {{string.Concat(Enumerable.Repeat("  true\n", 999))}}
          sh wait.sh
        }

        """).With("lint.sh", "echo looks; read -r x < go\n").With("test.sh", "read -r x < fail; echo tested; exit 3\n").With("wait.sh", "read -r x < go\n");

    private string _shown = "";

    public ScreenTests() => _scenario.Shell("mkfifo go fail").Succeeded();

    public void Dispose() => _scenario.Dispose();

    [Theory]
    [InlineData(120)]
    [InlineData(40)]
    public void A_run_of_several_steps_is_drawn_and_ends_with_its_story(int columns)
    {
        var screen = new TerminalScreen(columns, 24);
        using var process = Start("ci", columns, 24);
        Read(process, screen, text => text.Contains("│    looks", StringComparison.Ordinal) && text.Contains("⠋ sh test.sh", StringComparison.Ordinal) && text.EndsWith("echo packed", StringComparison.Ordinal));
        Assert.Equal("""
            ✓ echo prepared  T
            prepared
            ci: T  1/4
            ├─ ✓ echo prepared  T
            ├─ ⠋ @parallel {…  T  0/2
            │  ├─ ⠋ sh lint.sh  T
            │  │    looks
            │  └─ ⠋ sh test.sh  T
            └─ · echo packed
            """, _shown);
        Go("go");
        Read(process, screen, text => text.Contains("✓ sh lint.sh", StringComparison.Ordinal));
        Go("fail");
        Read(process, screen, null);
        Assert.StartsWith("""
            ✓ echo prepared  T
            prepared
            ✓ sh lint.sh  T
            looks
            ✗ sh test.sh  T
            tested
            ci:
            ├─ ✓ echo prepared  T
            ├─ ✗ @parallel {…  T  2/2
            │  ├─ ✓ sh lint.sh  T
            │  └─ ✗ sh test.sh  T  exit code 3
            └─ - echo packed  ci/parallel did not
            """, Steady(screen.Text), StringComparison.Ordinal);
        Assert.Contains("\n✗ ci/parallel/2 (commands.cli:5:5)\n  $ sh test.sh\n  | tested\n  exit code 3 (after T)\nError: ci failed after T", Steady(screen.Text), StringComparison.Ordinal);
        Assert.True(screen.CursorShown);
    }

    [Fact]
    public void A_thousand_steps_at_40_columns_stay_in_sight()
    {
        var screen = new TerminalScreen(40, 12);
        using var process = Start("many", 40, 12);
        Read(process, screen, text => text.Contains("999/1000\n", StringComparison.Ordinal) && text.EndsWith("wait.sh  T", StringComparison.Ordinal));
        Assert.Equal("""
            many: T  999/1000
            └─ ⠋ @parallel {…  T  999/1000
               ├─ ✓ 999 done
               └─ ⠋ sh wait.sh  T
            """, _shown);
        Go("go");
        Read(process, screen, null);
        Assert.StartsWith("many:\n└─ ✓ @parallel {…  T  1000/1000\n✓ many succeeded after T", Steady(screen.Text), StringComparison.Ordinal);
        Assert.True(screen.CursorShown);
    }

    private Process Start(string name, int columns, int rows)
    {
        _scenario.WithVariable("TERM", "xterm-256color");
        return _scenario.StartUnder(["script", "-qec", $"stty cols {columns} rows {rows}; exec {Scenario.CommandLine} {name}", "/dev/null"]);
    }

    private void Go(string pipe) => File.WriteAllText(Path.Combine(_scenario.Project, pipe), "go\n");

    /// <summary>Lets the screen show what comes until it shows what is looked for; null until the end.</summary>
    private void Read(Process process, TerminalScreen screen, Func<string, bool>? isEnough)
    {
        while (isEnough is null || !isEnough(_shown))
        {
            if (process.StandardOutput.Read() is not (>= 0 and var next)) break;
            screen.Write((char)next);
            if (next == 'l' || next == '\n') _shown = Steady(screen.InSight);
        }
    }

    private static string Steady(string text) => Limit().Replace(Time().Replace(Spinner().Replace(text, "⠋"), "T"), "{…");

    [GeneratedRegex("[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]")]
    private static partial Regex Spinner();

    [GeneratedRegex(@"\b([0-9]+m)?[0-9]+(\.[0-9]+)?(ms|s)\b")]
    private static partial Regex Time();

    /// <summary>What is cut off of this where a time is long.</summary>
    [GeneratedRegex(@"\{[^{}…]*[}…]")]
    private static partial Regex Limit();
}
