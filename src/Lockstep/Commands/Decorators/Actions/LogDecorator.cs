using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Commands.Decorators.Actions;

/// <summary><c>@log</c>.</summary>
internal sealed class LogDecorator : ActionDecorator
{
    private static readonly DecoratorParameter Message =
        new("message", ParameterType.Template, "The message, with {green}…{/green} markup.") { Required = true };

    private static readonly DecoratorParameter Level =
        new("level", ParameterType.Choice, "How loud it is; warn and error go to standard error, debug shows with --verbose.")
        {
            Default = new TextArgument("info"),
            Choices = ["info", "warn", "error", "debug"],
        };

    private static readonly DecoratorParameter Plain =
        new("plain", ParameterType.Boolean, "Whether braces are text and not markup.") { Default = new FlagArgument(false) };

    public static readonly LogDecorator Instance = new();

    private LogDecorator() : base("log", "Prints a message.", Message, Level, Plain) { }

    /// <summary>What it becomes in a plan.</summary>
    public static LogNode Lower(StepId id, Arguments arguments)
        => new(id, arguments.Template(Message), LevelOf(arguments.Text(Level)), arguments.Flag(Plain));

    private static LogLevel LevelOf(string word) => word switch
    {
        "debug" => LogLevel.Debug,
        "warn" => LogLevel.Warn,
        "error" => LogLevel.Error,
        _ => LogLevel.Info,
    };
}
