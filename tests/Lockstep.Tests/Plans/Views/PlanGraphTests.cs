using System.Diagnostics;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Plans.Views;
using static Lockstep.Tests.Plans.Sketch;

namespace Lockstep.Tests.Plans.Views;

public sealed class PlanGraphTests
{
    private static readonly Plan Example = Plan(
        "deploy", [Variable(1, "TAG", "v\"1\"")],
        Timeout(TimeSpan.FromMinutes(5), Parallel(Shell("build ‹0›"), Sequence(Shell("a"), Shell("b")))),
        When("OS", "linux", "linux", ("linux", Shell("make")), ("darwin", Shell("xcodebuild"))),
        new TryCatchNode(Id(), Chain(ChainOperator.Pipe, Shell("c"), Log("d")), Shell("fix"), null));

    [Fact]
    public void A_graph_for_Graphviz()
        => Assert.Equal(
            """
            digraph plan {
              label="deploy";
              labelloc=t; compound=true; rankdir=TB; fontname="Helvetica"; fontsize=11;
              node [shape=box, style=rounded, fontname="Courier", fontsize=10];
              edge [fontname="Helvetica", fontsize=9];
              subgraph cluster_0 { label="@timeout {5m timeout}"; style="rounded"; color=gray50;
              subgraph cluster_1 { label="@parallel {2 concurrent}"; style="rounded"; color=gray50;
              n2 [label="build 'v\"1\"'"];
              subgraph cluster_3 { label="sequence {2 steps, in order}"; style="rounded"; color=gray50;
              n4 [label="a"];
              n5 [label="b"];
              }
              }
              }
              subgraph cluster_6 { label="@when {OS = linux → linux}"; style="rounded"; color=gray50;
              subgraph cluster_7 { label="linux"; style="rounded"; color=gray50;
              n8 [label="make"];
              }
              subgraph cluster_9 { label="darwin"; style="rounded,dashed"; color=gray75; fontcolor=gray60;
              n10 [label="xcodebuild"];
              }
              }
              subgraph cluster_11 { label="@try"; style="rounded"; color=gray50;
              subgraph cluster_12 { label="main"; style="rounded"; color=gray50;
              subgraph cluster_13 { label="chain {2 links}"; style="rounded"; color=gray50;
              n14 [label="c"];
              n15 [label="@log(\"d\")"];
              }
              }
              subgraph cluster_16 { label="catch"; style="rounded"; color=gray50;
              n17 [label="fix"];
              }
              }
              n5 -> n8 [label="", ltail=cluster_0, lhead=cluster_6];
              n10 -> n14 [label="", ltail=cluster_6, lhead=cluster_11];
              n4 -> n5 [label=""];
              n15 -> n17 [label="||", ltail=cluster_12, lhead=cluster_16];
              n14 -> n15 [label="|"];
            }

            """,
            Dot(Example));

    [Fact]
    public void A_flow_chart_for_Mermaid()
        => Assert.Equal(
            """
            flowchart TD
              subgraph s0["@timeout #123;5m timeout#125;"]
              subgraph s1["@parallel #123;2 concurrent#125;"]
              s2["build #39;v#34;1#34;#39;"]
              subgraph s3["sequence #123;2 steps, in order#125;"]
              s4["a"]
              s5["b"]
              end
              end
              end
              subgraph s6["@when #123;OS = linux → linux#125;"]
              subgraph s7["linux"]
              s8["make"]
              end
              subgraph s9["darwin"]
              s10["xcodebuild"]
              end
              end
              subgraph s11["@try"]
              subgraph s12["main"]
              subgraph s13["chain #123;2 links#125;"]
              s14["c"]
              s15["@log(#34;d#34;)"]
              end
              end
              subgraph s16["catch"]
              s17["fix"]
              end
              end
              s0 --> s6
              s6 --> s11
              s4 --> s5
              s12 -->|"#124;#124;"| s16
              s14 -->|"#124;"| s15
              style s9 stroke-dasharray: 4 4,opacity:0.6

            """,
            Mermaid(Example));

    [ProgramFact("dot", "-V")]
    public void Graphviz_draws_every_plan()
    {
        foreach (var plan in AnyPlan.Any.Generator.Sample(12, 25)) Graphviz(Dot(plan));
        Graphviz(Dot(Example));
    }

    [Fact]
    public void Every_box_that_opens_closes_and_every_arrow_has_its_ends()
        => Prop.ForAll(AnyPlan.Any, plan =>
        {
            var lines = Mermaid(plan).Split('\n').Select(line => line.Trim()).ToList();
            Assert.Equal(lines.Count(line => line.StartsWith("subgraph ", StringComparison.Ordinal)), lines.Count(line => line == "end"));
            var drawn = lines.Where(line => line.Contains("[\"", StringComparison.Ordinal)).Select(line => line.Split('[')[0].Split(' ')[^1]).ToHashSet();
            foreach (var arrow in lines.Where(line => line.Contains("-->", StringComparison.Ordinal)))
            {
                Assert.Contains(arrow.Split(' ')[0], drawn);
                Assert.Contains(arrow.Split(' ')[^1], drawn);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_plan_100_000_deep_is_drawn()
    {
        PlanNode node = Shell("last");
        for (var i = 0; i < 100_000; i++) node = Call("next", node);
        Assert.StartsWith("digraph", Dot(Plan("first", node)), StringComparison.Ordinal);
    }

    private static string Dot(Plan plan)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        PlanDot.Write(text, plan);
        return text.ToString();
    }

    private static string Mermaid(Plan plan)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        PlanMermaid.Write(text, plan);
        return text.ToString();
    }

    private static void Graphviz(string graph)
    {
        using var process = Process.Start(new ProcessStartInfo("dot", "-Tcanon") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(graph);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{errors}\n{graph}");
        Assert.NotEmpty(output.Result);
    }
}
