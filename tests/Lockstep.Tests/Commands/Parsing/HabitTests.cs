using Lockstep.Commands.Binding;
using Lockstep.Source;

namespace Lockstep.Tests.Commands.Parsing;

/// <summary>What people bring along from make and just is told with what to write instead.</summary>
public sealed class HabitTests
{
    [Theory]
    [InlineData("alias b := build\nbuild: make\n", "LS1003 1: this is neither a command, a variable nor a comment | write b: @cmd(build)")]
    [InlineData("set dotenv-load\n", "LS1003 1: this is neither a command, a variable nor a comment | delete it: there are no settings; the shell is sh, and @with sets the environment of a block")]
    [InlineData("[private]\nbuild: make\n", "LS1003 1: this is neither a command, a variable nor a comment | delete it: commands have no attributes, and the comment above a command describes it")]
    [InlineData(".PHONY: build\nbuild: make\n", "LS1003 1: this is neither a command, a variable nor a comment | delete it: a command is always run")]
    [InlineData("@build:\n  make\n", "LS1003 1: this is neither a command, a variable nor a comment | write NAME: COMMAND; commands are not shown before they run, so @ is not needed")]
    [InlineData("import 'ci.just'\n", "LS1003 1: this is neither a command, a variable nor a comment | copy its commands into this file, or run them from there with lockstep -f FILE NAME")]
    [InlineData("ifeq ($(A),b)\n", "LS1003 1: this is neither a command, a variable nor a comment | choose inside a command: @when(NAME) { production: … default: … }")]
    [InlineData("deploy env tag=\"x\":\n  ./deploy.sh\n", "LS1003 1: this is neither a command, a variable nor a comment | parameters stand in parentheses: write deploy(env, tag=\"x\"): COMMAND")]
    [InlineData("A = 1.2.3\nx: echo @var(A)\n", "LS1044 1: a variable is declared with var, and A = is not | write var A = \"1.2.3\"")]
    [InlineData("A := 3\nx: @retry(A) { a }\n", "LS1044 1: a variable is declared with var, and A := is not | write var A = 3")]
    [InlineData("A =\n", "LS1044 1: a variable is declared with var, and A = is not | write var A = \"…\"")]
    public void A_declaration_of_another_tool_gets_one_error(string text, string error) => Assert.Equal(error, Planner.Of(text).CheckAll());

    [Theory]
    [InlineData("export: echo a\n")]
    [InlineData("set: echo a\nalias: echo b\n")]
    [InlineData("a(x): docker ps --format '{{.Names}} {{json .}}' $(date) \\{{x}} @var(x)\n")]
    [InlineData("a: ./x.sh || mail a@b.org\n")]
    [InlineData("a: @effect(\"once\", verify = \"./x.sh\") { ./y.sh }\n")]
    public void What_only_looks_alike_is_let_be(string text) => Assert.Equal("", Planner.Of(text).CheckAll());

    [Fact]
    public void A_command_that_is_called_like_a_program_is_told_where_there_is_none()
    {
        var bag = new DiagnosticBag();
        Binder.CheckAll(SyntaxText.Read("lint: lint .\nbuild: lint\ntest: npm test\nall: {\n  npm ci\n  test -f a\n}\n"), bag, name => name == "test");
        Assert.Equal("""
            commands.cli:2:8: warning LS1130: lint is a command of this file, and there is no program of that name on PATH
              2 | build: lint
                |        ^
              help: write @cmd(lint) to call it, or @needs(lint) to run it once

            """.ReplaceLineEndings("\n"), SyntaxText.Errors(bag));
    }
}
