using Lockstep.Commands.Decorators;
using Lockstep.Commands.Decorators.Actions;
using Lockstep.Source;

namespace Lockstep.Commands.Binding;

/// <summary>Everything that can be wrong with names and types, LS1100 to LS1199: the catalogue, and the one way to report it.</summary>
/// <param name="source">The file.</param>
/// <param name="bag">Where it goes.</param>
/// <param name="isPartial">Whether parts of the file could not be read, so that what seems not to be there may be.</param>
internal sealed class BindingDiagnostics(SourceText source, DiagnosticBag bag, bool isPartial)
{
    /// <summary>Whether no more is taken.</summary>
    public bool IsFull => bag.IsFull;

    /// <summary>What stands in the file.</summary>
    public ReadOnlySpan<char> Written(Span span) => source.Slice(span);

    public void UnknownVariable(string name, string? nearest, Span span, bool couldBeText) => Error("LS1100", span,
        $"there is no variable or parameter '{name}'",
        nearest is not null ? $"did you mean {nearest}?"
        : couldBeText ? $"write \"{name}\" if it is text, or declare it: var {name} = \"…\""
        : $"declare it: var {name} = \"…\"");

    public void UnknownCommand(string name, string? nearest, Span span)
    {
        // What could not be read may well define it.
        if (isPartial) return;
        Error("LS1101", span, $"there is no command '{name}'", nearest is not null ? $"did you mean {nearest}?" : $"add it to this file: {name}: …");
    }

    public void MissingArgument(string owner, string parameter, Span span) => Error("LS1102", span,
        $"{owner} needs a value for {parameter}",
        $"add it: {parameter} = …");

    public void TooManyArguments(string owner, Span span, IReadOnlyList<Formal> formals) => Error("LS1103", span,
        formals.Count == 0 ? $"{owner} takes no arguments" : $"{owner} takes {Counted(formals.Count, "argument")}, and this is one more",
        formals.Count == 0 ? "leave it out" : $"leave it out; {Listed(formals)}");

    public void UnknownParameter(string owner, string name, Span span, IReadOnlyList<Formal> formals) => Error("LS1104", span,
        $"{owner} has no parameter '{name}'",
        NearestName.Of(name, formals.Select(formal => formal.Name)) is { } nearest ? $"did you mean {nearest}?"
        : owner == NeedsDecorator.Instance.Written ? $"{owner} takes names of commands and gives them no arguments; write @cmd(NAME, {name} = …) to call one with arguments"
        : formals.Count == 0 ? $"{owner} takes no arguments; leave it out"
        : Listed(formals));

    public void GivenTwice(string owner, string parameter, Span span, Span first) => Error("LS1105", span,
        $"{owner} is given {parameter} twice",
        "leave one of the two out",
        ("it was given here first", first));

    public void PositionalAfterNamed(string owner, Span span, Span named) => Error("LS1106", span,
        $"{owner} is given a positional argument after a named one",
        "write positional arguments first, or name this one too",
        ("the named argument", named));

    public void NestedDecorator(string owner, Span span, string? name) => Error("LS1107", span,
        "a decorator can't be an argument of a decorator",
        name is not null
            ? $"write the name alone: {owner}({name})"
            : "set a variable from it first, as in var X = @env(\"X\"), and write that variable's name here");

    public void WrongType(string owner, DecoratorParameter parameter, string given, Span span) => Error("LS1108", span,
        $"{owner} wants {ArgumentReader.Noun(parameter)} for {parameter.Name}, and {given}",
        ArgumentReader.Example(parameter));

    public void WrongValue(string owner, DecoratorParameter parameter, string problem, Span span) => Error("LS1109", span,
        $"{owner}: {problem}",
        ArgumentReader.Example(parameter));

    public void WrongArgumentType(string command, string parameter, LiteralType wanted, string given, Span span) => Error("LS1110", span,
        $"{command} wants {wanted.Noun()} for {parameter}, as its default is one, and {given}",
        $"write {wanted.Noun()}, or change the default");

    public void NoMain(Span span) => Error("LS1111", span,
        "@try has no main branch",
        "put what may fail under main: @try { main: … catch: … }");

    public void NothingToTry(Span span) => Error("LS1112", span,
        "@try has neither a catch nor a finally branch",
        "add one, or leave the @try out");

    public void UnknownTryBranch(string name, Span span) => Error("LS1113", span,
        $"@try has no branch '{name}'",
        "its branches are main, catch and finally");

    public void DuplicateBranch(string owner, string name, Span span, Span first) => Error("LS1114", span,
        $"{owner} has two branches '{name}'",
        "leave one of the two out, or put both into one: { … }",
        ("the first one", first));

    public void NoBranches(Span span) => Error("LS1115", span,
        "@when has no branches",
        "write at least one: @when(ENV) { production: … default: … }");

    public void CommandCycle(IReadOnlyList<string> names, Span span) => Error("LS1116", span,
        $"commands call each other in a circle: {Circle(names)}",
        "take one of these calls out");

    public void VariableCycle(IReadOnlyList<string> names, Span span) => Error("LS1117", span,
        $"variables use each other in a circle: {Circle(names)}",
        "give one of them a value of its own");

    public void DebounceOutsideWatch(Span span) => Warning("LS1118", span,
        "@debounce does nothing here, as no watch runs this",
        "write watch before the command's name, or take the @debounce out");

    public void CallOfWatch(string name, Span span) => Error("LS1119", span,
        $"{name} is a watch, and a watch has no end that a command could go on after",
        $"run it by itself: lockstep run {name}");

    public void NeedsArguments(string name, string parameter, Span span) => Error("LS1120", span,
        $"@needs can't run {name}: its parameter {parameter} has no default",
        $"give {parameter} a default, or write @cmd({name}, {parameter} = …)");

    public void PatternArgument(string owner, Span span) => Error("LS1121", span,
        $"{owner} takes no \"pattern\": \"command\" arguments",
        "only @when does; to name an argument, write name = value");

    public void DuplicateEntry(string key, Span span, Span first) => Error("LS1122", span,
        $"@with sets {key} twice",
        "leave one of the two out",
        ("the first one", first));

    public void NoEntries(Span span) => Error("LS1123", span,
        "@with sets no variable",
        "write KEY = value for each environment variable, as in @with(PORT = 8080) { … }");

    public void ValueInPlainString(string owner, Span span) => Error("LS1124", span,
        $"values are not inserted in this string of {owner}",
        "write a variable's name in place of the string; \\@ is an @ and nothing more");

    public void NotAName(string owner, DecoratorParameter parameter, Span span) => Error("LS1125", span,
        $"{owner} wants {ArgumentReader.Noun(parameter)}",
        ArgumentReader.Example(parameter));

    public void ValueKeptAsText(string name, Span span) => Warning("LS1126", span,
        $"the string of {name} stays as it is: values are inserted where it is used, not in it",
        "write \\@ for an @ that is meant, or build the text where it is used");

    public void LockInItself(string name, Span span, string note, Span other) => Error("LS1127", span,
        $"lock '{name}' is held here already, and taken again it would wait for its own release",
        "take one of the two out, or give one of them another name",
        (note, other));

    public void UselessVerify(string effect, Span span) => Error("LS1128", span,
        $"@effect looks at verify for \"once\" only, and this is \"{effect}\"",
        "leave verify out, or write \"once\"");

    public void MarkedCommand(string marks, string command, Span span) => Warning("LS1129", span,
        $"{marks} before a command means nothing here: the shell is asked for a program of that name",
        marks.Contains('-') ? $"write {Shortened(command)} || true to go on when it fails" : $"write {Shortened(command)}; commands are not shown before they run");

    public void CommandAsProgram(string name, Span span) => Warning("LS1130", span,
        $"{name} is a command of this file, and there is no program of that name on PATH",
        $"write @cmd({name}) to call it, or @needs({name}) to run it once");

    public void ForeignPlaceholder(string written, string name, Span span) => Warning("LS1131", span,
        written.StartsWith('{') ? $"{written} is text to the shell" : $"{written} asks the shell to run a program called {name}",
        $"write @var({name})");

    public void ChangesOnlyItsShell(string word, Span span) => Warning("LS1132", span,
        $"{word} lasts to the end of its statement: what follows is a process of its own",
        word switch
        {
            "cd" or "pushd" or "popd" => "write cd DIR && … in one statement, or @workdir(DIR) { … } around what is to run there",
            "set" => "leave it out, a statement that fails ends the command, or write it with what needs it: set -x; …",
            "export" or [.., '='] => "declare it with var, and write @with(NAME = VALUE) { … } around the commands that are to see it",
            _ => "write it and what needs it in one statement, joined by &&",
        });

    private void Error(string id, Span span, string message, string help, (string, Span)? related = null)
        => bag.Add(new Diagnostic(id, Shortened(message), Shortened(help), source, span) { Related = related });

    private void Warning(string id, Span span, string message, string help)
        => bag.Add(new Diagnostic(id, message, help, source, span, Severity.Warning));

    // A name may be as long as a file.
    private static string Shortened(string text) => text.Length <= 300 ? text : $"{text.AsSpan(0, 300)}…";

    private static string Counted(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static string Listed(IReadOnlyList<Formal> formals) => formals.Count == 1
        ? $"the one parameter is {formals[0].Name}"
        : $"the parameters are {string.Join(", ", formals.Select(formal => formal.Name))}";

    // A circle through thousands of commands is told by its two ends.
    private static string Circle(IReadOnlyList<string> names)
        => string.Join(" -> ", names.Count <= 12 ? [.. names, names[0]] : [.. names.Take(6), "…", .. names.TakeLast(4), names[0]]);
}
