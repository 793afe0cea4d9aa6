using Lockstep.Expressions;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Workspaces.Outputs;

namespace Lockstep.Execution.Steps.Wrappers;

internal static class CacheStep
{
    public static async Task<StepResult> Run(CacheNode node, Scope scope, RunContext run)
    {
        // The inputs were looked at when the step began. What they are now may not be what the body saw, so nothing is saved under their name.
        if (run.Earlier is { } earlier && !scope.Anew)
        {
            if (earlier.WasSkipped(node.Id, scope.Attempt)) return StepResult.Success;
            if (earlier.MissedCache(node.Id, scope.Attempt)) return await run.Walk(node.Body, scope);
        }

        if (run.Machine.Cache is not { } cache)
        {
            run.Append(new CacheMissed(node.Id, scope.Attempt, "no results are kept here", []));
            return await run.Walk(node.Body, scope);
        }
        try
        {
            var request = new OutputRequest(scope.Directory, node.Inputs, node.Outputs, await Commands(node, scope, run), await run.Text(node.Key, scope));
            var key = await cache.KeyAsync(request, scope.Stop.Token);
            run.PassGate(scope);
            var lookup = Refusal(node, run) is { } refusal ? new OutputsMissed(refusal) : await cache.RestoreAsync(key, scope.Stop.Token);
            if (lookup is OutputsRestored restored)
            {
                run.Append(new StepSkipped(node.Id, scope.Attempt, Told(restored)));
                return StepResult.Success;
            }
            run.Append(new CacheMissed(node.Id, scope.Attempt, ((OutputsMissed)lookup).Reason, key.Warnings));

            var result = await run.Walk(node.Body, scope);
            if (result.Succeeded && await cache.SaveAsync(key, scope.Stop.Token) is OutputsNotSaved lost)
                run.Append(new CacheMissed(node.Id, scope.Attempt, $"the result is not kept: {lost.Reason}", lost.Warnings));
            return result;
        }
        catch (OperationCanceledException)
        {
            return StepResult.Cancelled(node, scope.Stop);
        }
    }

    private static string? Refusal(CacheNode node, RunContext run)
        => !run.UseCache ? "the run was asked to take nothing from the cache"
            : run.OutputIsUsed(node.Body) ? "a later step uses what it prints, and the cache keeps files only"
            : null;

    private static string Told(OutputsRestored restored)
        => $"inputs, commands and key are as in an earlier success; {restored.Written} files restored, {restored.Unchanged} there already";

    /// <summary>All that decides what the body does: its structure, and the values it uses as they are now.</summary>
    private static async Task<string> Commands(CacheNode node, Scope scope, RunContext run)
    {
        var body = run.Plan with { Command = "", Root = node.Body };
        var parts = new List<string> { GraphHash.Of(body), Path.GetRelativePath(run.Plan.Context.Directory, scope.Directory), scope.Settings };
        foreach (var index in body.UsedValues())
            if (await Known(index)) parts.Add(await run.Value(index, scope));
        return string.Join('\0', parts);

        // The output of a step inside the body is a part of the result, not of what decides it.
        async Task<bool> Known(int index)
        {
            if (run.Plan.Values[index].Expression is not OutputExpression) return true;
            try
            {
                await run.Value(index, scope);
                return true;
            }
            catch (StepFailedException)
            {
                return false;
            }
        }
    }
}
