using Lockstep.Commands.Binding;
using Lockstep.Commands.Decorators;
using Lockstep.Source;

namespace Lockstep.Commands.Planning;

/// <summary>Everything that can be wrong with a request and its values, LS1200 to LS1299: the catalogue, and the one way to report it.</summary>
internal sealed class PlanningDiagnostics(SourceText source, DiagnosticBag bag)
{
    public void ValueFailed(string value, string cause, string help, Span span) => Error("LS1200", span, $"{value}: {cause}", help);

    public void NoSuchCommand(string kind, string name, string? other, string? nearest) => Error("LS1201", default,
        $"there is no {kind} '{name}' in this file",
        other is not null ? $"there is a {other} of that name"
        : nearest is not null ? $"did you mean {nearest}?"
        : "run lockstep alone for a list of what there is");

    public void MissingParameter(string command, string parameter, Span span) => Error("LS1202", span,
        $"{command} needs a value for {parameter}",
        $"add --{parameter}=VALUE");

    public void TooManyArguments(string command, int parameters, string argument, Span span) => Error("LS1203", span,
        parameters == 0
            ? $"{command} takes no arguments, and '{argument}' was given"
            : $"{command} takes {(parameters == 1 ? "1 argument" : $"{parameters} arguments")}, and '{argument}' is one more",
        "leave it out; quote an argument that has blanks in it");

    public void UnknownOption(string command, string option, string? nearest, Span span) => Error("LS1204", span,
        $"{command} has no parameter '{option}'",
        nearest is not null ? $"did you mean --{nearest}?" : "lockstep run --help lists lockstep's own flags; after -- nothing is a flag");

    public void WrongArgument(string command, string parameter, string text, LiteralType wanted, Span span) => Error("LS1205", span,
        $"{command} wants {wanted.Noun()} for {parameter}, and '{text}' is none",
        wanted switch
        {
            LiteralType.Duration => $"write a duration, such as --{parameter}=30s",
            LiteralType.Boolean => $"write --{parameter}=true or --{parameter}=false",
            _ => $"write a number, such as --{parameter}=3",
        });

    public void GivenTwice(string command, string parameter, Span span) => Error("LS1206", span,
        $"{command} is given {parameter} twice",
        "leave one of the two out");

    public void OptionWithoutValue(string parameter, Span span) => Error("LS1207", span,
        $"--{parameter} needs a value",
        $"write --{parameter}=VALUE");

    public void TooLarge(string command, int limit, Span span) => Error("LS1208", span,
        $"the plan of {command} has over {limit:N0} steps",
        "call fewer commands from each other, or run parts of it by themselves");

    public void NotKnownYet(string owner, string parameter, string name, Span span) => Error("LS1209", span,
        $"{owner} needs a value for {parameter} when the plan is made, and {name} is known only later",
        "use a literal, a parameter, or a variable that is set from the environment or a file");

    public void NoEarlierStep(string step, Span span) => Error("LS1210", span,
        $"no step before this one is called '{step}'",
        "name a command that @cmd or @needs ran before, or a step's id as the plan shows it with --format json");

    public void WrongValue(string owner, DecoratorParameter parameter, string problem, string name, Span span) => Error("LS1211", span,
        $"{owner}: {problem}, which is the value of {name}",
        ArgumentReader.Example(parameter));

    public void SensitiveArgument(string owner, string parameter, string name, Span span) => Error("LS1212", span,
        $"{owner} can't take {parameter} from {name}, which is sensitive: a plan keeps no sensitive text, so the step could not be resumed",
        $"write the text here; if {name} is no secret, give it a name without token, secret, password, key or auth");

    private void Error(string id, Span span, string message, string help) => bag.Add(new Diagnostic(id, message, help, source, span));
}
