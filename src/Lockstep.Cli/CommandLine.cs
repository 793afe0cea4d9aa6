using System.CommandLine;
using Lockstep.Cli.BuiltIns;
using Lockstep.Cli.BuiltIns.Definitions;
using Lockstep.Cli.BuiltIns.Running;
using Lockstep.Cli.Options;
using Lockstep.Cli.Reports;
using Lockstep.Cli.Terminal;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Source;

namespace Lockstep.Cli;

/// <summary>From the words of a command line to an exit code; the one place where errors end.</summary>
internal static class CommandLine
{
    public static int Run(string[] arguments, Func<string, string?> environment, TimeProvider clock, Random random)
    {
        var screen = ScreenChoice.For(ColourChoice.Auto, environment);
        bool? json = null;
        try
        {
            var exitCode = Answer(arguments, environment, clock, random, ref screen, ref json);
            try
            {
                screen.Flush();
            }
            catch (OutputClosedException)
            {
                // What was to be done is done, and how it ended counts whether anybody reads of it or not.
            }
            return exitCode;
        }
        catch (OutputClosedException)
        {
            // A list, a log or a document that nobody wanted to the end, as with head.
            return ExitCode.Success;
        }
        catch (OutputFailedException error)
        {
            return ErrorReport.Write(new CliError(ExitCode.Failed, error.Message) { Help = "make room, or send the output elsewhere" }, screen, json ?? WantsJson(arguments));
        }
        catch (CliException error)
        {
            return ErrorReport.Write(error.Error, screen, json ?? WantsJson(arguments));
        }
        catch (ValueNotResolvedException error)
        {
            return ErrorReport.Write(new CliError(ExitCode.Usage, error.Message) { Help = error.Help }, screen, json ?? WantsJson(arguments));
        }
        catch (WatchRunningException error)
        {
            return ErrorReport.Write(new CliError(ExitCode.Refused, error.Message) { Help = error.Help }, screen, json ?? WantsJson(arguments));
        }
        catch (JournalException error)
        {
            return ErrorReport.Write(new CliError(ExitCode.Failed, error.Message) { Help = "lockstep doctor checks the store" }, screen, json ?? WantsJson(arguments));
        }
        catch (DefinitionException error)
        {
            return ErrorReport.Write(error.Diagnostics, screen, json ?? WantsJson(arguments));
        }
        catch (Exception error)
        {
            return CrashReport.Write(error, screen, json ?? WantsJson(arguments), arguments, environment, clock);
        }
    }

    private static int Answer(string[] arguments, Func<string, string?> environment, TimeProvider clock, Random random, ref Screen screen, ref bool? json)
    {
        var invocation = Invocation.Of(arguments, BuiltInList.Has, () => BuiltInList.WithFlags(new RunCommand()));
        if (invocation.BuiltIn is null)
        {
            if (invocation.Leading.Contains("--version")) return Version(screen, invocation.Leading.Contains("--json"));
            if (invocation.Leading.Any(word => word is "--help" or "-h")) return HelpPage.WriteRoot(screen);
        }
        var builtIn = invocation.BuiltIn is { } asked ? BuiltInList.Find(asked)! : new ListCommand();

        var globals = new GlobalOptions();
        var command = new Command(builtIn.Name.Length > 0 ? builtIn.Name : "lockstep", builtIn.Summary);
        globals.AddTo(command, builtIn.Options);
        var named = builtIn.NamesCommand ? NamedCommand.Of(invocation.Rest, command, Parameters) : null;
        if (named is null)
            foreach (var argument in builtIn.Arguments) command.Arguments.Add(argument);

        var parsed = command.Parse([.. invocation.Leading, .. named?.Own ?? invocation.Rest], Parsing);
        json = parsed.GetResult(globals.Json) is { Implicit: false };
        var commandLine = $"lockstep{(builtIn.Name.Length > 0 ? " " + builtIn.Name : "")}{(named?.Name is { } name ? " " + name : "")}";
        if (parsed.GetValue(globals.Help) && named?.Name is null) return HelpPage.Write(builtIn, command, globals, screen);
        UsageErrors.Check(parsed, command, commandLine, builtIn);

        var settings = globals.Read(parsed, environment, commandLine);
        screen = ScreenChoice.For(settings.Colour, environment);
        var host = new Host(screen, settings, environment, clock, random);
        var request = new Request(parsed, named?.Name, named?.Arguments ?? []);
        if (parsed.GetValue(globals.Help)) return CommandHelp.Write(request, host);
        if (!builtIn.NamesCommand && builtIn.Name.Length > 0) SharedNames.Note(builtIn.Name, host);
        return builtIn.Run(request, host);

        IReadOnlyList<string> Parameters(NamedCommand sure)
        {
            var flags = command.Parse([.. invocation.Leading, .. sure.Own], Parsing);
            if (flags.Errors.Count > 0) return [];
            var settings = globals.Read(flags, environment, "lockstep");
            return ProjectAccess.Parameters(settings, environment, clock, random, sure.Name!);
        }
    }

    private static bool WantsJson(string[] arguments) => arguments.TakeWhile(word => word != "--").Contains("--json");

    private static ParserConfiguration Parsing => new() { EnablePosixBundling = true, ResponseFileTokenReplacer = null };

    private static int Version(Screen screen, bool json)
    {
        screen.Out.WriteLine(json ? $$"""{"version":"{{Product.Version}}"}""" : $"lockstep {Product.Version}");
        return 0;
    }
}
