using Lockstep.Commands.Parsing.Habits;
using Lockstep.Source;

namespace Lockstep.Commands.Parsing;

/// <summary>Every diagnostic that reading a command file can give, before names and types are looked at: LS1001 to LS1099.</summary>
internal static class SyntaxDiagnostics
{
    private const int Shown = 60;

    public static Diagnostic NotUtf8(SourceText source, Span at, byte value) => new("LS1001",
        $"byte 0x{value:X2} is not UTF-8", "save the file as UTF-8", source, at);

    public static Diagnostic Nul(SourceText source, Span at) => new("LS1002",
        "a NUL character can't stand in a command file", "delete it: no program can be given one", source, at);

    public static Diagnostic NotADeclaration(SourceText source, Span at) => new("LS1003",
        "this is neither a command, a variable nor a comment", Declarations.Instead(source.Slice(at)) ?? "write NAME: COMMAND, var NAME = VALUE or # COMMENT", source, at);

    public static Diagnostic NameWanted(SourceText source, Span at, string what, string example) => new("LS1004",
        $"{what} must be a name: a letter or _, then letters, digits, - and _", $"write {example}", source, at);

    public static Diagnostic DuplicateCommand(SourceText source, Span at, string name, Span first) => new("LS1005",
        $"command {Cut(name)} is declared twice", "rename one of them, or delete it", source, at)
    { Related = ("first declared here", first) };

    public static Diagnostic DuplicateVariable(SourceText source, Span at, string name, Span first) => new("LS1006",
        $"variable {Cut(name)} is declared twice", "rename one of them, or delete it", source, at)
    { Related = ("first declared here", first) };

    public static Diagnostic NoBody(SourceText source, Span at, string name) => new("LS1007",
        $"command {Cut(name)} has no body",
        $"write {Cut(name)}: COMMAND on one line, or {Cut(name)}: {{ with the commands on lines of their own and }} at the end", source, at);

    public static Diagnostic NoValue(SourceText source, Span at, string name) => new("LS1008",
        $"variable {Cut(name)} has no value", $"write var {Cut(name)} = \"…\"", source, at);

    public static Diagnostic NotAValue(SourceText source, Span at, string text, string quoted) => new("LS1009",
        $"{Cut(text)} is not a string, number, duration or boolean", $"put it in quotes: {quoted}", source, at);

    public static Diagnostic List(SourceText source, Span at) => new("LS1010",
        "there are no lists", "write a string, such as \"1 2\", or one variable for each value", source, at);

    public static Diagnostic BracesWanted(SourceText source, Span at, string decorator, string write) => new("LS1011",
        $"@{Cut(decorator)} needs a block in braces", $"write {write}", source, at);

    public static Diagnostic Chained(SourceText source, Span at, int caret, string write) => new("LS1012",
        "block decorators nest, they do not chain", $"write {write}", source, at)
    { Caret = caret };

    public static Diagnostic UnknownDecorator(SourceText source, Span at, string name, string? nearest, bool isValue)
    {
        var help = (nearest, isValue) switch
        {
            (null, true) => "put it in quotes if it is text",
            (null, false) => $"write \\@{Cut(name)} if the shell is to get it as text",
            (_, true) => $"write @{nearest}, or put it in quotes if it is text",
            (_, false) => $"write @{nearest}, or \\@{Cut(name)} if the shell is to get it as text",
        };
        return new("LS1013", $"there is no decorator @{Cut(name)}", help, source, at);
    }

    public static Diagnostic NotClosed(SourceText source, Span at) => new("LS1014",
        "this block is not closed", "close it with } at the start of a line", source, at);

    public static Diagnostic NotClosedOnItsLine(SourceText source, Span at) => new("LS1015",
        "a block begun on a line must end on it",
        "put a line break after {, or close the block on this line with a } that stands alone between blanks", source, at);

    public static Diagnostic AfterStatement(SourceText source, Span at) => new("LS1016",
        "nothing may follow a block on its line", "put it on the next line; to redirect or pipe a group of commands, write ( … )", source, at);

    public static Diagnostic StrayBrace(SourceText source, Span at) => new("LS1017",
        "this } closes nothing", "delete it, or open the block with {", source, at);

    public static Diagnostic TooDeep(SourceText source, Span at) => new("LS1018",
        $"blocks are nested deeper than {BodyParser.MaximumDepth} levels", "move the inner blocks to a command of their own and call it with @cmd(NAME)", source, at);

    public static Diagnostic ArgumentsNotClosed(SourceText source, Span at) => new("LS1019",
        "these arguments are not closed on their line", "close them with ), or end the line with \\ to go on in the next", source, at);

    public static Diagnostic ArgumentWanted(SourceText source, Span at, string found) => new("LS1020",
        found.Length == 0 ? "an argument is missing" : $"{Cut(found)} can't stand here in a list of arguments",
        "part arguments with commas; write each as VALUE or NAME = VALUE", source, at);

    public static Diagnostic StringNotClosed(SourceText source, Span at, char quote) => new("LS1021",
        "this string is not closed", quote == '`' ? "close it with `" : $"close it with {quote} on the same line, or write it in ` ` to span lines", source, at);

    public static Diagnostic BadNumber(SourceText source, Span at, string text) => new("LS1022",
        $"{Cut(text)} is neither a number nor a duration",
        $"write a number (42, -3.14), a duration (500ms, 1h30m; units ns us ms s m h), or a string \"{Cut(text)}\"", source, at);

    public static Diagnostic Misplaced(SourceText source, Span at, string decorator, bool isAction) => new("LS1023",
        $"@{Cut(decorator)} is not a value and can't stand inside a command",
        isAction
            ? $"put it on a line of its own, or join it with &&, || or |; write \\@{Cut(decorator)} for the text"
            : $"let it begin a statement of its own; write \\@{Cut(decorator)} for the text", source, at);

    public static Diagnostic AfterAction(SourceText source, Span at, string decorator) => new("LS1024",
        $"only &&, ||, | and >> may follow @{Cut(decorator)}(…)", "put what follows on a line of its own, or join it with one of them", source, at);

    public static Diagnostic EmptyLink(SourceText source, Span at, string symbol) => new("LS1025",
        $"nothing stands before {symbol}", $"write a command before {symbol}, or delete it", source, at);

    public static Diagnostic QuoteNotClosed(SourceText source, Span at, string opening) => new("LS1026",
        $"{opening} is not closed in this statement", "close it, or write \\ before it if it is text; a newline ends a statement", source, at);

    public static Diagnostic EndsWithOperator(SourceText source, Span at, string symbol) => new("LS1027",
        $"the statement ends with {symbol}", "write what follows on the same line, or end the line with \\ to go on in the next", source, at);

    public static Diagnostic BranchWanted(SourceText source, Span at, string decorator) => new("LS1028",
        $"a block of @{Cut(decorator)} holds branches only", "write NAME: COMMAND or NAME: { … }; a name with other characters goes in quotes", source, at);

    public static Diagnostic EmptyBranch(SourceText source, Span at, string name) => new("LS1029",
        $"branch {Cut(name)} holds nothing", $"write {Cut(name)}: COMMAND, or {Cut(name)}: {{ }} to do nothing", source, at);

    public static Diagnostic AfterValue(SourceText source, Span at) => new("LS1030",
        "nothing but a comment may follow the value", "put the next declaration on a line of its own, or quote the whole value", source, at);

    public static Diagnostic ParametersNotClosed(SourceText source, Span at) => new("LS1031",
        "these parameters are not closed on their line", "write NAME(parameter, other = \"default\"): COMMAND", source, at);

    public static Diagnostic GroupNotClosed(SourceText source, Span at) => new("LS1032",
        "this group of variables is not closed", "close it with ) on a line of its own", source, at);

    public static Diagnostic DuplicateParameter(SourceText source, Span at, string name, Span first) => new("LS1033",
        $"parameter {Cut(name)} is declared twice", "rename one of them, or delete it", source, at)
    { Related = ("first declared here", first) };

    public static Diagnostic ColonWanted(SourceText source, Span at, string header, string body = "COMMAND") => new("LS1034",
        $"a : is missing after {Cut(header)}", $"write {Cut(header)}: {body}", source, at);

    public static Diagnostic BareBlock(SourceText source, Span at) => new("LS1035",
        "a block inside a block needs a decorator", "delete the braces, or write a decorator before {", source, at);

    public static Diagnostic ParenthesesWanted(SourceText source, Span at, string decorator) => new("LS1036",
        $"@{Cut(decorator)} needs its arguments in parentheses", $"write @{Cut(decorator)}(…), or \\@{Cut(decorator)} for the text", source, at);

    public static Diagnostic DecoratorsTooDeep(SourceText source, Span at) => new("LS1037",
        "decorators are nested too deep in arguments", "give the value to a variable, and name that", source, at);

    public static Diagnostic ShellNotClosed(SourceText source, Span at, string opening, string closing) => new("LS1038",
        $"{opening} is not closed in this statement, and a newline ends a statement",
        $"write all of it on one line, with ; where the line breaks are, up to its {closing}; end lines with \\ to go on in the next; or put it in a script file",
        source, at);

    public static Diagnostic HereDocument(SourceText source, Span at) => new("LS1039",
        "a here-document goes on in the lines below, and a newline ends a statement",
        "put the text in a file and write COMMAND < FILE, or in a variable in ` ` and write printf '%s\\n' @var(NAME) | COMMAND", source, at);

    public static Diagnostic UnquotableValue(SourceText source, Span at) => new("LS1040",
        "a value can't stand in back-ticks after an escaped quote, back-tick or backslash: it could not be quoted safely",
        "write $(…) instead of `…`, with quotes as they are: \"$(printf %s \"@var(NAME)\")\"", source, at);

    public static Diagnostic AssignmentWithoutVar(SourceText source, Span at, string name, string value, bool isExported) => new("LS1044",
        $"a variable is declared with var, and {Cut(source.Slice(at))} is not",
        $"write var {Cut(name)} = {Cut(value)}{(isExported ? $", and @with({Cut(name)} = {Cut(name)}) {{ … }} around the commands that are to see it" : "")}", source, at);

    public static Diagnostic LinesWithoutBraces(SourceText source, Span at, string command) => new("LS1045",
        $"an indented line belongs to no command: {Cut(command)} ended with its line",
        $"write {Cut(command)}: {{ with the commands on lines of their own and }} at the end; what is to run first is called there with @needs(NAME)", source, at);

    public static Diagnostic InterpreterLine(SourceText source, Span at) => new("LS1046",
        $"{Cut(source.Slice(at))} is a comment here, and each line below it a command for the shell",
        "put the script into a file of its own and run that, or into a variable: var SCRIPT = `…` and python3 -c @var(SCRIPT)", source, at, Severity.Warning);

    public static Diagnostic BlankWanted(SourceText source, Span at, int colon, string branch, string command) => new("LS1041",
        $"a blank is missing after {branch}", $"write {branch} {(command.Length == 0 ? "COMMAND" : $"{command} …")}", source, at)
    { Caret = colon + 1 };

    public static Diagnostic AttachedBrace(SourceText source, Span at) => new("LS1042",
        "a blank is missing before this }, which would be text to the shell", "write a blank before it", source, at);

    /// <summary>The end of a body that was meant to go on.</summary>
    public static Diagnostic EarlyBrace(SourceText source, Span at, string command) => new("LS1043",
        $"this }} ends {Cut(command)}, and the lines below it are in no command", "delete it, or open the block it is to close with {", source, at);

    /// <summary>A stretch of a definition as a message can show it: on one line, and not long.</summary>
    public static string Cut(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        var end = text.IndexOfAny('\r', '\n');
        var shown = end < 0 ? text : text[..end].TrimEnd(" \t\\");
        if (shown.Length <= Shown) return end < 0 ? shown.ToString() : $"{shown} …";
        var length = char.IsHighSurrogate(shown[Shown - 1]) ? Shown - 1 : Shown;
        return $"{shown[..length]}…";
    }
}
