using System.Xml.Linq;

namespace Lockstep.Cli.Tests;

public sealed class ReportTests : IDisposable
{
    private readonly Scenario _scenario = new Scenario().Commands("""
        ci: {
          echo fine
          sh -c 'printf "<bad> \001 & ]]>\n"; exit 3'
        }

        """);

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void Junit_has_a_case_for_each_step_and_is_safe_xml()
    {
        _scenario.Run("ci", "--junit", "out.xml").Failed(3);
        var suite = XDocument.Parse(_scenario.Read("out.xml")).Root!.Element("testsuite")!;
        Assert.Equal("2", suite.Attribute("tests")!.Value);
        Assert.Equal("1", suite.Attribute("failures")!.Value);
        Assert.Equal(["ci.1", "ci.2"], suite.Elements("testcase").Select(test => test.Attribute("classname")!.Value));
        var failure = suite.Elements("testcase").Last().Element("failure")!;
        Assert.Equal("exit code 3", failure.Attribute("message")!.Value);
        Assert.Equal("<bad> \uFFFD & ]]>\n", failure.Value);
    }

    [Theory]
    [InlineData("alone: @confirm(\"sure?\") { true }", "alone.confirm", 1)]
    [InlineData("beside: @parallel { true; @confirm(\"sure?\") { true } }", "beside.parallel.confirm", 2)]
    public void A_run_that_was_refused_is_an_error_in_junit(string line, string step, int tests)
    {
        _scenario.Commands($"{line}\n").Run(line.Split(':')[0], "--junit", "out.xml").Failed(3);
        var suite = XDocument.Parse(_scenario.Read("out.xml")).Root!.Element("testsuite")!;
        Assert.Equal($"{tests}", suite.Attribute("tests")!.Value);
        Assert.Equal("1", suite.Attribute("errors")!.Value);
        var error = Assert.Single(suite.Elements("testcase"), test => test.Element("error") is not null);
        Assert.Equal(step, error.Attribute("classname")!.Value);
        Assert.StartsWith("not confirmed: sure?", error.Element("error")!.Attribute("message")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_of_GitHub_Actions_says_why_a_run_was_refused()
    {
        var summary = Path.Combine(_scenario.Folder, "summary.md");
        _scenario.Commands("alone: @confirm(\"sure?\") { true }\n").WithVariable("GITHUB_ACTIONS", "true").WithVariable("GITHUB_STEP_SUMMARY", summary).Run("alone").Failed(3);
        var text = File.ReadAllText(summary);
        Assert.Contains("| ❌ | <code>alone/confirm</code> | <code>not confirmed: sure?", text, StringComparison.Ordinal);
        Assert.Contains("\nrefused: <code>not confirmed: sure?", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_of_GitHub_Actions_shows_no_failure_where_one_was_made_good()
    {
        var summary = Path.Combine(_scenario.Folder, "summary.md");
        _scenario.Commands("fallback: true\nmend: { false || @cmd(fallback) }\n").WithVariable("GITHUB_ACTIONS", "true").WithVariable("GITHUB_STEP_SUMMARY", summary).Run("mend").Succeeded();
        Assert.Contains("| ⚠️ | <code>mend/chain/1</code>", File.ReadAllText(summary), StringComparison.Ordinal);
    }

    [Fact]
    public void In_GitHub_Actions_a_group_ends_on_a_line_of_its_own_whatever_its_step_printed()
    {
        _scenario.Commands("odd: {\n  printf out\n  sh -c 'printf err >&2; exit 3'\n}\n").WithVariable("GITHUB_ACTIONS", "true");
        var ran = _scenario.Run("odd").Failed(3);
        Assert.StartsWith("::group::printf out\nout\n::endgroup::\n::group::sh ", ran.Out, StringComparison.Ordinal);
        Assert.Contains("\nerr\n::endgroup::\n::error ", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_junit_report_that_cannot_be_written_is_told_before_anything_runs()
    {
        var ran = _scenario.Run("ci", "--junit", "missing/out.xml").Failed(2);
        Assert.Contains("the JUnit report can't be written", ran.Error, StringComparison.Ordinal);
        Assert.Equal("", ran.Out);
    }

    [Fact]
    public void In_GitHub_Actions_steps_are_groups_and_failures_annotations()
    {
        var summary = Path.Combine(_scenario.Folder, "summary.md");
        _scenario.WithVariable("GITHUB_ACTIONS", "true").WithVariable("CI", "true").WithVariable("GITHUB_STEP_SUMMARY", summary);
        var ran = _scenario.Run("ci").Failed(3);
        Assert.StartsWith("::group::echo fine\nfine\n::endgroup::\n::group::sh -c ", ran.Out, StringComparison.Ordinal);
        Assert.Contains("::endgroup::\n::error file=commands.cli,line=3,col=3,title=ci/2::exit code 3\n", ran.Out, StringComparison.Ordinal);
        Assert.Contains("| ✅ | <code>ci/1</code> | <code>echo fine</code> | 1 |", File.ReadAllText(summary), StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_of_GitHub_Actions_has_one_row_for_a_step_however_often_it_was_tried()
    {
        var summary = Path.Combine(_scenario.Folder, "summary.md");
        _scenario.Commands("flaky: @retry(3) { sh -c 'echo x >> tried; test $(wc -l < tried) = 3' }\n")
            .WithVariable("GITHUB_ACTIONS", "true").WithVariable("GITHUB_STEP_SUMMARY", summary).Run("flaky").Succeeded();
        var row = Assert.Single(File.ReadAllLines(summary), line => line.Contains("flaky/retry/1", StringComparison.Ordinal));
        Assert.Matches(@"^\| ✅ \| .* \| 3 \| \S+ of \S+ \|$", row);
    }

    [Fact]
    public void A_very_long_command_is_cut_for_people_and_whole_for_programs()
    {
        var summary = Path.Combine(_scenario.Folder, "summary.md");
        var text = $"false {new string('x', 1 << 20)}";
        _scenario.Commands($"long: {text}\n");
        var ran = _scenario.Run("long").Failed(126);
        Assert.InRange(ran.Error.Length, 400, 2000);
        Assert.Contains($"  $ {text[..399]}…\n", ran.Error, StringComparison.Ordinal);
        Assert.InRange(_scenario.Run("events").Succeeded().Out.Length, 400, 2000);
        Assert.InRange(_scenario.Run("show").Succeeded().Out.Length, 1, 1000);
        Assert.Equal(text, _scenario.Run("long", "--json").Failed(126).Json.GetProperty("steps")[0].GetProperty("text").GetString());
        Assert.Equal(text, _scenario.Run("show", "--json").Succeeded().Json.GetProperty("steps")[0].GetProperty("text").GetString());
        _scenario.WithVariable("GITHUB_ACTIONS", "true").WithVariable("GITHUB_STEP_SUMMARY", summary);
        Assert.InRange(_scenario.Run("long").Failed(126).Out.Length, 1, 2000);
        Assert.InRange(File.ReadAllText(summary).Length, 200, 1000);
    }

    [Fact]
    public void A_very_long_word_in_an_error_is_cut()
    {
        Assert.InRange(_scenario.Run("runs", "--status", new string('x', 100_000)).Failed(2).Error.Length, 400, 1000);
        Assert.InRange(_scenario.Run("runs", "--status", new string('x', 100_000), "--json").Failed(2).Json.GetProperty("error").GetProperty("what").GetString()!.Length, 100_000, 101_000);
    }

    [Fact]
    public void In_GitHub_Actions_groups_of_parallel_steps_do_not_overlap()
    {
        _scenario.Commands("all: @parallel {\n  sh -c 'echo a1; echo > a; read line < b; echo a2'\n  sh -c 'read line < a; echo b1; echo > b; echo b2'\n}\n").WithVariable("GITHUB_ACTIONS", "true");
        var ran = _scenario.Shell("mkfifo a b; lockstep all").Succeeded();
        Assert.Contains("\na1\na2\n::endgroup::\n", ran.Out, StringComparison.Ordinal);
        Assert.Contains("\nb1\nb2\n::endgroup::\n", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_junit_report_that_finds_the_disk_full_is_a_warning_and_the_run_keeps_its_code()
    {
        var ran = _scenario.Run("ci", "--junit", "/dev/full").Failed(3);
        Assert.Contains("Warning: the JUnit report was not written: ", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void In_GitHub_Actions_a_parallel_step_that_prints_very_much_shows_the_end_of_it()
    {
        _scenario.Commands("all: @parallel {\n  seq 1 1000000\n  true\n}\n").WithVariable("GITHUB_ACTIONS", "true");
        var ran = _scenario.Run("all").Succeeded();
        Assert.Contains("\n… the last 4 MiB of 6 MiB\n", ran.Out, StringComparison.Ordinal);
        Assert.Contains("\n999999\n1000000\n::endgroup::\n", ran.Out, StringComparison.Ordinal);
        Assert.InRange(ran.Out.Length, 1, (4 << 20) + 1000);
    }
}
