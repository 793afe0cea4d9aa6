using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Plans.Views;
using static Lockstep.Tests.Plans.Sketch;

namespace Lockstep.Tests.Plans.Views;

public sealed class PlanTreeTests
{
    private static Plan Deploy(PlannedValue version) => Plan(
        "deploy",
        [Variable(1, "IMAGE_NAME", "myapp"), version, Variable(3, "BUILD_DIR", "./build")],
        Timeout(TimeSpan.FromMinutes(5), Parallel(Shell("docker build -t ‹0›:‹1› ‹2›"), Shell("kubectl apply -f ./k8s/staging.yaml"))),
        Shell("echo \"Deployment complete\""));

    [Fact]
    public void A_quick_plan_shows_what_is_resolved_at_run_time()
        => AssertTree(Deploy(Http(2, "VERSION", "get-version")), """
            deploy:
            ├─ @timeout {5m timeout}
            │  └─ @parallel {2 concurrent}
            │     ├─ docker build -t myapp¹:@http(get-version)² ./build³
            │     └─ kubectl apply -f ./k8s/staging.yaml
            └─ echo "Deployment complete"

            Legend: Variable mappings (¹ ² ³) shown below
            {¹IMAGE_NAME=myapp, ²@http(get-version)=<will resolve at runtime>(~exec), ³BUILD_DIR=./build}
            """);

    [Fact]
    public void A_resolved_plan_shows_the_value_and_its_source()
        => AssertTree(Deploy(Http(2, "VERSION", "get-version", "v2.1.4")), """
            deploy:
            ├─ @timeout {5m timeout}
            │  └─ @parallel {2 concurrent}
            │     ├─ docker build -t myapp¹:v2.1.4² ./build³
            │     └─ kubectl apply -f ./k8s/staging.yaml
            └─ echo "Deployment complete"

            Legend: Variable mappings (¹ ² ³) shown below
            {¹IMAGE_NAME=myapp, ²VERSION=v2.1.4(http), ³BUILD_DIR=./build}
            """);

    [Fact]
    public void Blocks_and_statements_nest()
        => AssertTree(
            Plan(
                "build",
                Timeout(
                    TimeSpan.FromSeconds(30),
                    Parallel(Shell("npm run lint"), Shell("npm run typecheck"), Shell("npm run test")),
                    Shell("npm run build")),
                Shell("echo \"Build complete\"")),
            """
            build:
            ├─ @timeout {30s timeout}
            │  ├─ @parallel {3 concurrent}
            │  │  ├─ npm run lint
            │  │  ├─ npm run typecheck
            │  │  └─ npm run test
            │  └─ npm run build
            └─ echo "Build complete"
            """);

    [Fact]
    public void With_one_leaf_the_mapping_stands_under_it()
        => AssertTree(
            Plan(
                "deploy",
                [Variable(1, "IMAGE_NAME", "myapp"), Http(2, "VERSION", "get-version", "v2.1.4"), Variable(3, "REGISTRY", "registry.io")],
                Shell("docker push ‹0›:‹1› to ‹2›")),
            """
            deploy:
            └─ docker push myapp¹:v2.1.4² to registry.io³
               {¹IMAGE_NAME=myapp, ²VERSION=v2.1.4(http), ³REGISTRY=registry.io}
            """);

    [Fact]
    public void A_value_used_twice_keeps_its_number()
        => AssertTree(
            Plan(
                "deploy",
                [
                    Variable(1, "IMAGE_NAME", "myapp"), Environment(2, "VERSION", "v1.2.3", ValueSource.Default, "v1.2.3"),
                    Variable(3, "BUILD_DIR", "./build"), Environment(4, "DOCKER_REGISTRY", "docker.io"),
                ],
                Shell("docker build -t ‹0›:‹1› ‹2› && docker push ‹0›:‹1› --registry ‹3›")),
            """
            deploy:
            └─ docker build -t myapp¹:v1.2.3² ./build³ && docker push myapp¹:v1.2.3² --registry docker.io⁴
               {¹IMAGE_NAME=myapp, ²VERSION=v1.2.3(default), ³BUILD_DIR=./build, ⁴DOCKER_REGISTRY=docker.io}
            """);

    [Fact]
    public void A_simple_command_is_one_line()
        => AssertTree(Plan("build", Shell("npm run build")), """
            build:
            └─ npm run build
            """);

    [Fact]
    public void Decorators_nest()
        => AssertTree(Plan("deploy", Timeout(TimeSpan.FromMinutes(5), Parallel(Shell("task1"), Shell("task2")))), """
            deploy:
            └─ @timeout {5m timeout}
               └─ @parallel {2 concurrent}
                  ├─ task1
                  └─ task2
            """);

    [Fact]
    public void A_condition_shows_the_branch_it_selects()
        => AssertTree(Plan("build", When("OS", "linux", "linux", ("linux", Shell("make")), ("darwin", Shell("xcodebuild")))), """
            build:
            └─ @when {OS = linux → linux}
               └─ make
            """);

    [Fact]
    public void A_sensitive_value_is_redacted_with_its_marker()
        => AssertTree(
            Plan(
                "deploy", [Environment(1, "AUTH_TOKEN", "s3cret-t0ken") with { Sensitive = true }],
                Shell("curl -H \"Authorization: Bearer ‹0:double›\" api.internal")),
            """
            deploy:
            └─ curl -H "Authorization: Bearer <redacted>¹" api.internal
               {¹AUTH_TOKEN=<redacted>}
            """);

    [Fact]
    public void A_description_that_fails_shows_in_place()
        => AssertTree(
            Plan("deploy", Timeout(TimeSpan.Zero, Shell("make")) with { Error = "'abc' is not a duration" }),
            """
            deploy:
            └─ @timeout(<error: 'abc' is not a duration>)
               └─ make
            """);

    [Fact]
    public void A_captured_value_says_so()
        => AssertTree(Plan("up", [Environment(1, "VERSION", "staging", ValueSource.Captured)], Shell("run ‹0›")), """
            up:
            └─ run staging¹
               {¹VERSION=staging(captured)}
            """);

    [Fact]
    public void A_value_that_failed_says_why_in_the_mapping()
        => AssertTree(
            Plan("up", [new PlannedValue(1, "VERSION", new EnvironmentExpression("VERSION")) { Error = "VERSION is not set" }], Shell("run ‹0›")),
            """
            up:
            └─ run @env(VERSION)¹
               {¹@env(VERSION)=<error: VERSION is not set>}
            """);

    [Fact]
    public void Markers_go_on_past_nine()
        => Assert.EndsWith("{¹⁰TEN=10}\n", Plan("up", [Variable(10, "TEN", "10")], Shell("run ‹0›")).Tree());

    [Fact]
    public void Without_Unicode_everything_of_ours_is_ASCII()
        => AssertTree(
            Plan(
                "deploy", [Variable(1, "TAG", "v1"), Variable(2, "FLAGS", "-v -x")],
                Timeout(TimeSpan.FromMinutes(1), When("OS", "linux", "linux", ("linux", Parallel(Shell("push ‹0›"), Shell("sh ‹1:raw›"))))),
                Shell("echo ok")),
            """
            deploy:
            |- @timeout {1m timeout}
            |  `- @when {OS = linux -> linux}
            |     `- @parallel {2 concurrent}
            |        |- push v1(1)
            |        `- sh -v -x(2 raw)
            `- echo ok

            Legend: Variable mappings (1) (2) (3) shown below
            {(1)TAG=v1, (2)FLAGS=-v -x}
            """,
            new TreeOptions { Unicode = false });

    [Fact]
    public void Quiet_prints_the_structure_alone()
        => AssertTree(
            Deploy(Http(2, "VERSION", "get-version")),
            """
            deploy:
            ├─ @timeout
            │  └─ @parallel
            │     ├─ docker build -t myapp:@http(get-version) ./build
            │     └─ kubectl apply -f ./k8s/staging.yaml
            └─ echo "Deployment complete"
            """,
            new TreeOptions { Quiet = true });

    [Fact]
    public void Colour_marks_decorators_braces_and_markers()
        => Assert.Equal(
            "up:\n"
            + "└─ \u001b[36m@timeout\u001b[0m\u001b[90m {5m timeout}\u001b[0m\n"
            + "   └─ \u001b[33m@parallel\u001b[0m\u001b[90m {2 concurrent}\u001b[0m\n"
            + "      ├─ run v1\u001b[2m¹\u001b[0m now\n"
            + "      └─ \u001b[33m@retry\u001b[0m\u001b[90m {3 attempts, 5s delay}\u001b[0m\n"
            + "         └─ wait\n\n"
            + "\u001b[90mLegend: Variable mappings (¹ ² ³) shown below\u001b[0m\n"
            + "\u001b[90m{\u001b[0m\u001b[2m¹\u001b[0m\u001b[90mTAG=v1}\u001b[0m\n",
            Plan(
                "up", [Variable(1, "TAG", "v1")],
                Timeout(TimeSpan.FromMinutes(5), Parallel(Shell("run ‹0› now"), Retry(3, TimeSpan.FromSeconds(5), Shell("wait")))))
                .Tree(new TreeOptions { Color = true }));

    [Fact]
    public void A_value_shows_as_it_is_inserted_so_that_it_never_reads_as_code()
        => AssertTree(
            Plan("up", [Variable(1, "X", "a; rm -rf it's"), Variable(2, "Y", "$HOME \"x\"")], Shell("echo ‹0› \"‹1:double›\" ‹1:raw›")),
            """
            up:
            └─ echo 'a; rm -rf it'\''s'¹ "\$HOME \"x\"²" $HOME "x"²ʳᵃʷ
               {¹X=a; rm -rf it's, ²Y=$HOME "x"}
            """);

    [Fact]
    public void Nothing_in_a_plan_can_rewrite_the_terminal()
    {
        var tree = Plan(
            "up\u001b[2J", [Variable(1, "X", "a\u001b]0;title\u0007\nb\r\u0085\u202eevil")],
            When("Y", "\u001b[H", "\u001b[H", ("\u001b[H", Shell("echo \u001b[1A\t‹0› \ud800"))),
            Shell("x") with { Error = "bad \u001b[31m" })
            .Tree();
        Assert.DoesNotContain(tree, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain('\u202e', tree);
        Assert.Contains(@"echo \x1b[1A\t'a\x1b]0;title\x07\nb\r\x85\u202eevil'¹ \ud800", tree, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_over_80_columns_are_cut()
    {
        var command = "echo " + new string('x', 76);
        Assert.Equal($"up:\n└─ {command[..77]}...\n", Plan("up", Shell(command)).Tree());
        Assert.Equal($"up:\n└─ {command[..80]}\n", Plan("up", Shell(command[..80])).Tree());
        Assert.Equal($"up:\n└─ {command}\n", Plan("up", Shell(command)).Tree(new TreeOptions { Verbose = true }));
    }

    [Fact]
    public void So_are_values_and_what_stands_in_braces()
        => Assert.Equal(
            $$"""
            up:
            └─ @when {X = {{new string('x', 73)}}...}
               └─ a {{new string('v', 77)}}...¹
                  {¹V={{new string('v', 77)}}...}

            """,
            Plan("up", [Variable(1, "V", new string('v', 300))], When("X", new string('x', 300), "default", ("default", Shell("a ‹0›")))).Tree());

    [Fact]
    public void Wide_characters_take_two_columns_and_are_never_split()
        => Assert.Equal($"up:\n└─ {string.Concat(Enumerable.Repeat("日", 38))}...\n", Plan("up", Shell(new string('日', 41))).Tree());

    private static void AssertTree(Plan plan, string expected, TreeOptions? options = null) => Assert.Equal(expected + "\n", plan.Tree(options));
}
