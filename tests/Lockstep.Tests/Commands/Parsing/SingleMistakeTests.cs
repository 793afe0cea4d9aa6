namespace Lockstep.Tests.Commands.Parsing;

/// <summary>A file with one mistake gives one error, at the mistake: nothing that follows from it is told as well.</summary>
public sealed class SingleMistakeTests
{
    private const string Sound = """
        var TAG = "v1"
        var (
          HOST = "h"
          PORT = 80
        )
        # Builds.
        build: {
          echo one
          @parallel {
            npm run lint
            npm run test
          }
          echo two
        }
        deploy(env = "staging", n): {
          @retry(3, delay = 1s) {
            @when(env) {
              production: ./deploy.sh --all
              staging: {
                ./canary.sh "@var(TAG)"
              }
              default: echo none
            }
          }
          @log("done") && echo ok
        }
        test: @timeout(5m) { npm test; npm run e2e }
        pick: @when("OS") { linux: make; darwin: xcodebuild }
        web: echo @env("API", default = "x") '@var(TAG)'
        last: echo end
        """;

    [Fact]
    public void The_file_without_a_mistake_has_no_error() => Assert.Equal("", Planner.Of(Sound).CheckAll());

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void One_mistake_gives_one_error(string sound, string mistaken, string error)
    {
        var at = Sound.IndexOf(sound, StringComparison.Ordinal);
        Assert.True(at >= 0);
        Assert.Equal(error, Planner.Of(string.Concat(Sound.AsSpan(0, at), mistaken, Sound.AsSpan(at + sound.Length), "\n")).CheckAll());
    }

    /// <summary>What stands in the sound file, what stands there instead, and the one error.</summary>
    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "  }\n  echo two", "  echo two", "LS1014 9: this block is not closed | close it with } at the start of a line" },
        { "  echo two\n}\n", "  echo two\n", "LS1014 7: this block is not closed | close it with } at the start of a line" },
        { "      }\n      default", "      default", "LS1014 19: this block is not closed | close it with } at the start of a line" },
        { "    }\n  }\n  @log", "  }\n  @log", "LS1014 17: this block is not closed | close it with } at the start of a line" },
        { "  @log(\"done\") && echo ok\n}\n", "  @log(\"done\") && echo ok\n", "LS1014 15: this block is not closed | close it with } at the start of a line" },
        { "npm run e2e }", "npm run e2e", "LS1015 27: a block begun on a line must end on it | put a line break after {, or close the block on this line with a } that stands alone between blanks" },
        { "xcodebuild }", "xcodebuild", "LS1015 28: a block begun on a line must end on it | put a line break after {, or close the block on this line with a } that stands alone between blanks" },
        { "@parallel {\n    npm run lint\n", "@parallel { npm run lint\n", "LS1015 9: a block begun on a line must end on it | put a line break after {, or close the block on this line with a } that stands alone between blanks" },
        { "build: {\n  echo one\n", "build: { echo one\n", "LS1015 7: a block begun on a line must end on it | put a line break after {, or close the block on this line with a } that stands alone between blanks" },
        { "@when(env) {\n      production: ./deploy.sh --all\n", "@when(env) { production: ./deploy.sh --all\n", "LS1015 17: a block begun on a line must end on it | put a line break after {, or close the block on this line with a } that stands alone between blanks" },
        { "@retry(3, delay = 1s) {\n    @when(env) {\n", "@retry(3, delay = 1s) { @when(env) {\n", "LS1015 16: a block begun on a line must end on it | put a line break after {, or close the block on this line with a } that stands alone between blanks" },
        { "staging: {\n        ./canary", "staging: { ./canary", "LS1015 19: a block begun on a line must end on it | put a line break after {, or close the block on this line with a } that stands alone between blanks" },
        { "@retry(3, delay = 1s) {", "@retry(3, delay = 1s {", "LS1019 16: these arguments are not closed on their line | close them with ), or end the line with \\ to go on in the next" },
        { "@when(env) {", "@when(env {", "LS1019 17: these arguments are not closed on their line | close them with ), or end the line with \\ to go on in the next" },
        { "@timeout(5m) {", "@timeout(5m {", "LS1019 27: these arguments are not closed on their line | close them with ), or end the line with \\ to go on in the next" },
        { "\"@var(TAG)\"", "\"@var(TAG\"", "LS1019 20: these arguments are not closed on their line | close them with ), or end the line with \\ to go on in the next" },
        { "@log(\"done\") &&", "@log(\"done\" &&", "LS1019 25: these arguments are not closed on their line | close them with ), or end the line with \\ to go on in the next" },
        { "default = \"x\")", "default = \"x\"", "LS1020 29: '@var(TAG can't stand here in a list of arguments | part arguments with commas; write each as VALUE or NAME = VALUE" },
        { "\"staging\", n):", "\"staging\", n:", "LS1031 15: these parameters are not closed on their line | write NAME(parameter, other = \"default\"): COMMAND" },
        { "PORT = 80\n)", "PORT = 80", "LS1032 2: this group of variables is not closed | close it with ) on a line of its own" },
        { "var (", "var", "LS1004 2: what follows var must be a name: a letter or _, then letters, digits, - and _ | write var NAME = VALUE" },
        { "\"v1\"", "\"v1", "LS1021 1: this string is not closed | close it with \" on the same line, or write it in ` ` to span lines" },
        { "\"v1\"", "v1\"", "LS1009 1: v1\" is not a string, number, duration or boolean | put it in quotes: 'v1\"'" },
        { "\"h\"", "\"h", "LS1021 3: this string is not closed | close it with \" on the same line, or write it in ` ` to span lines" },
        { "TAG)\"", "TAG)", "LS1026 20: \" is not closed in this statement | close it, or write \\ before it if it is text; a newline ends a statement" },
        { "TAG)'", "TAG)", "LS1026 29: ' is not closed in this statement | close it, or write \\ before it if it is text; a newline ends a statement" },
        { "\"done\")", "\"done)", "LS1021 25: this string is not closed | close it with \" on the same line, or write it in ` ` to span lines" },
        { "\"staging\",", "\"staging,", "LS1021 15: this string is not closed | close it with \" on the same line, or write it in ` ` to span lines" },
        { "\"x\")", "\"x)", "LS1021 29: this string is not closed | close it with \" on the same line, or write it in ` ` to span lines" },
        { "@parallel {", "@parallel", "LS1011 9: @parallel needs a block in braces | write @parallel { … }" },
        { "@when(env) {", "@when(env)", "LS1011 17: @when needs a block in braces | write @when(env) { NAME: … }" },
        { "build: {", "build:", "LS1007 7: command build has no body | write build: COMMAND on one line, or build: { with the commands on lines of their own and } at the end" },
        { "n): {", "n):", "LS1007 15: command deploy has no body | write deploy: COMMAND on one line, or deploy: { with the commands on lines of their own and } at the end" },
        { "staging: {\n", "staging:\n", "LS1029 19: branch staging holds nothing | write staging: COMMAND, or staging: { } to do nothing" },
        { "5m) {", "5m)", "LS1011 27: @timeout needs a block in braces | write @timeout(5m) { npm test; npm run e2e } }" },
        { "\"OS\") {", "\"OS\")", "LS1011 28: @when needs a block in braces | write @when(\"OS\") { NAME: … }" },
        { "@retry(3,", "@retry 3,", "LS1036 16: @retry needs its arguments in parentheses | write @retry(…), or \\@retry for the text" },
        { "web: echo", "}\nweb: echo", "LS1017 29: this } closes nothing | delete it, or open the block with {" },
        { "  echo two\n", "  }\n  echo two\n", "LS1043 13: this } ends build, and the lines below it are in no command | delete it, or open the block it is to close with {" },
        { "80\n)", "80\n)\n)", "LS1003 6: this is neither a command, a variable nor a comment | write NAME: COMMAND, var NAME = VALUE or # COMMENT" },
        { "@parallel", "@paralel", "LS1013 9: there is no decorator @paralel | write @parallel, or \\@paralel if the shell is to get it as text" },
        { "@when(env)", "@wen(env)", "LS1013 17: there is no decorator @wen | write @when, or \\@wen if the shell is to get it as text" },
        { "@when(env)", "@switch(env)", "LS1013 17: there is no decorator @switch | write @when, or \\@switch if the shell is to get it as text" },
        { "@log(\"done\")", "@lgo(\"done\")", "LS1013 25: there is no decorator @lgo | write @log, or \\@lgo if the shell is to get it as text" },
        { "@log(\"done\")", "@print(\"done\")", "LS1013 25: there is no decorator @print | write @log, or \\@print if the shell is to get it as text" },
        { "@log(\"done\") && echo ok", "@log(\"done\") {\n    echo ok\n  }", "LS1024 25: only &&, ||, | and >> may follow @log(…) | put what follows on a line of its own, or join it with one of them" },
        { "  echo two", "  @var(TAG) {\n    echo two\n  }", "LS1043 15: this } ends build, and the lines below it are in no command | delete it, or open the block it is to close with {" },
        { "  echo two\n", "  {\n    echo two\n  }\n", "LS1035 13: a block inside a block needs a decorator | delete the braces, or write a decorator before {" },
        { "  echo two\n", "  echo two {\n    echo two\n  }\n", "LS1043 15: this } ends build, and the lines below it are in no command | delete it, or open the block it is to close with {" },
        { "  echo two\n", "  if true; then {\n    echo two\n  }\n  fi\n", "LS1038 13: if is not closed in this statement, and a newline ends a statement | write all of it on one line, with ; where the line breaks are, up to its fi; end lines with \\ to go on in the next; or put it in a script file" },
        { "build: {", "build {", "LS1034 7: a : is missing after build | write build: COMMAND" },
        { "n): {", "n) {", "LS1034 15: a : is missing after deploy(env = \"staging\", n) | write deploy(env = \"staging\", n): COMMAND" },
        { "test: @timeout", "test @timeout", "LS1003 27: this is neither a command, a variable nor a comment | write NAME: COMMAND, var NAME = VALUE or # COMMENT" },
        { "last: echo end", "last echo end", "LS1003 30: this is neither a command, a variable nor a comment | write NAME: COMMAND, var NAME = VALUE or # COMMENT" },
        { "production: ./deploy", "production ./deploy", "LS1028 18: a block of @when holds branches only | write NAME: COMMAND or NAME: { … }; a name with other characters goes in quotes" },
        { "staging: {", "staging {", "LS1034 19: a : is missing after staging | write staging: { … }" },
        { "{ linux: make;", "{ linux:make;", "LS1041 28: a blank is missing after linux: | write linux: make …" },
        { "darwin: xcodebuild }", "darwin:xcodebuild }", "LS1041 28: a blank is missing after darwin: | write darwin: xcodebuild …" },
        { "{ linux: make; darwin: xcodebuild }", "{linux: make; darwin: xcodebuild}", "LS1042 28: a blank is missing before this }, which would be text to the shell | write a blank before it" },
        { "npm run e2e }", "npm run e2e}", "LS1042 27: a blank is missing before this }, which would be text to the shell | write a blank before it" },
        { "@retry(3, delay", "@retry(3 delay", "LS1020 16: delay can't stand here in a list of arguments | part arguments with commas; write each as VALUE or NAME = VALUE" },
        { "var TAG = \"v1\"", "var TAG \"v1\"", "LS1008 1: variable TAG has no value | write var TAG = \"…\"" },
        { "delay = 1s", "delay 1s", "LS1020 16: 1s can't stand here in a list of arguments | part arguments with commas; write each as VALUE or NAME = VALUE" },
        { "@parallel {", "@parallel {{", "LS1035 9: a block inside a block needs a decorator | delete the braces, or write a decorator before {" },
        { "  @parallel {", "  @if(env) {", "LS1013 9: there is no decorator @if | write @when, or \\@if if the shell is to get it as text" },
        { "delay = 1s", "delay: 1s", "LS1121 16: @retry takes no \"pattern\": \"command\" arguments | only @when does; to name an argument, write name = value" },
    };
}
