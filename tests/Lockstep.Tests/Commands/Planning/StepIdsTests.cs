namespace Lockstep.Tests.Commands.Planning;

public sealed class StepIdsTests
{
    [Fact]
    public void Leaves_are_numbered_and_blocks_are_named_after_their_decorator()
    {
        var planner = Planner.Of("""
            deploy: {
              ./a.sh
              @parallel {
                ./b.sh
                ./c.sh
              }
              @parallel { ./d.sh }
              ./e.sh
            }
            """);
        Assert.Equal(
            ["deploy/1", "deploy/parallel", "deploy/parallel/1", "deploy/parallel/2", "deploy/parallel-2", "deploy/parallel-2/1", "deploy/2"],
            planner.Ids("deploy"));
    }

    [Fact]
    public void Inserting_a_block_renames_no_shell_step()
    {
        var before = Planner.Of("build: {\n  make a\n  make b\n}").Ids("build");
        var after = Planner.Of("build: {\n  make a\n  @timeout(5s) { make x }\n  make b\n}").Ids("build");
        Assert.Subset(after.ToHashSet(), before.ToHashSet());
    }

    [Fact]
    public void Calls_and_branches_carry_the_authors_names()
    {
        var planner = Planner.Of("""
            build: make
            deploy: {
              @cmd(build)
              @when(OS) {
                linux: ./linux.sh
                "windows/arm": ./windows.sh
              }
              @try {
                main: ./main.sh
                catch: {
                  ./one.sh
                  ./two.sh
                }
              }
            }
            """);
        Assert.Equal(
            [
                "deploy/build", "deploy/build/1", "deploy/when", "deploy/when/linux/1", "deploy/when/windows-arm/1",
                "deploy/try", "deploy/try/main/1", "deploy/try/catch/1", "deploy/try/catch/2",
            ],
            planner.Ids("deploy"));
    }

    [Fact]
    public void Names_that_would_clash_are_told_apart()
    {
        var ids = Planner.Of("""
            timeout: make
            sequence: make
            all: @timeout(5s) {
              @cmd(timeout)
              @timeout(1s) { make }
              @cmd(sequence)
              @cmd(timeout)
            }
            """).Good("all").Steps().Select(step => step.Id.Path).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.Contains("all/timeout/timeout-2", ids);
        Assert.Contains("all/timeout/sequence", ids);
        Assert.Contains("all/timeout/sequence-2", ids);
    }

    [Fact]
    public void The_leaves_of_a_chain_are_numbered_as_they_are_read()
    {
        var planner = Planner.Of("build: make\nship: @cmd(build) && ./pack.sh | ./sign.sh || @log(\"no\") >> log.txt");
        Assert.Equal(
            [
                "ship/chain", "ship/chain/and", "ship/chain/build", "ship/chain/build/1", "ship/chain/pipe", "ship/chain/1", "ship/chain/2",
                "ship/chain/append", "ship/chain/3",
            ],
            planner.Ids("ship"));
    }
}
