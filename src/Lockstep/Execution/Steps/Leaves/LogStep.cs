using System.Text;
using Lockstep.Expressions;
using Lockstep.Journal;
using Lockstep.Plans.Nodes;
using Lockstep.Processes;

namespace Lockstep.Execution.Steps.Leaves;

internal static class LogStep
{
    public static async Task<StepResult> Run(LogNode node, Scope scope, RunContext run)
    {
        var message = await run.Text(node.Message, scope);
        var started = run.Clock.GetTimestamp();
        run.Append(new StepStarted(node.Id, scope.Attempt, await run.Shown(node.Message, scope), "its turn"));
        var line = (node.Plain ? message : await Rendered(node, scope, run)) + "\n";
        var output = run.Output(node, scope);
        var result = StepResult.Success;
        if (node.Level != LogLevel.Debug || run.Streams.Verbose) result = await Print(node, scope, line, output);
        var (bytes, text) = output.Complete();
        var order = run.Append(new StepEnded(
            node.Id, scope.Attempt, result.Outcome, result.ExitCode, run.Clock.GetElapsedTime(started), result.Reason, bytes, text));
        return result with { Order = order };
    }

    /// <summary>The message with its markup; braces in values are text.</summary>
    private static async Task<string> Rendered(LogNode node, Scope scope, RunContext run)
    {
        var markup = new LogMarkup(run.Streams.Colour);
        foreach (var piece in node.Message.Pieces)
        {
            if (piece is LiteralText literal) markup.AddMarkup(literal.Text);
            else markup.AddText(await run.Value(((ValueUse)piece).Value, scope));
        }
        return markup.Finish();
    }

    private static async Task<StepResult> Print(LogNode node, Scope scope, string line, StepOutput output)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        var stream = node.Level is LogLevel.Warn or LogLevel.Error ? OutputStream.Errors : OutputStream.Output;
        if (scope.Output is not { } end || stream == OutputStream.Errors)
        {
            output.Write(stream, bytes);
            return StepResult.Success;
        }
        try
        {
            await end.WriteAsync(bytes);
            return StepResult.Success;
        }
        catch (IOException error)
        {
            return StepResult.Failure(node, $"can't write the message: {error.Message}");
        }
    }
}
