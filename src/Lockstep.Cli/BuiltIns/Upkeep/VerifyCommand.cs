using System.CommandLine;
using System.Runtime.InteropServices;
using Lockstep.Cli.BuiltIns.History;
using Lockstep.Cli.Reports;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Sqlite.Upkeep;

namespace Lockstep.Cli.BuiltIns.Upkeep;

/// <summary><c>lockstep verify [RUN]</c>: whether the store holds what was written.</summary>
internal sealed class VerifyCommand() : BuiltIn("verify", "Check every event, plan and log in the store, or one run's")
{
    private readonly Argument<string> _run = new("RUN") { Arity = ArgumentArity.ZeroOrOne, Description = "A run's id, a unique beginning of one, last, or a bundle's file; all runs by default" };

    public override string Usage => "[RUN]";

    public override IEnumerable<Argument> Arguments => [_run];

    public override int Run(Request request, Host host)
    {
        var progress = new CheckProgress(host);
        using var enough = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        progress.Begin();
        var found = request.Parsed.GetValue(_run) is { } name
            ? StoreAccess.ReadRun(host, name, (history, run) => StoreCheck.Of(history, run.Id, progress.Show, enough.Token))
            : StoreAccess.Read(host, history => StoreCheck.Of(history, null, progress.Show, enough.Token));
        progress.End();
        if (host.Settings.Json) WriteJson(host, found);
        else Write(host, found);
        if (!found.IsComplete) return ExitCode.Interrupted;
        return found.Damage.Count == 0 ? ExitCode.Success : ExitCode.Failed;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            enough.Cancel();
        }
    }

    private static void Write(Host host, CheckedStore found)
    {
        foreach (var damage in found.Damage) host.Screen.Out.WriteLine($"{host.Screen.OutStyle.Red(damage.Run?.Text ?? "the store")}: {damage.What}");
        var damaged = DamagedRuns(found).Count;
        if (!found.IsComplete) host.Note("Interrupted: not everything was checked.");
        var looked = $"{Counts.Of(found.Runs, "run")}, {Counts.Of(found.Events, "event")}, {Counts.Of(found.Logs, "log")}";
        host.Note(found.Damage.Count == 0 ? $"Checked {looked}: all are as they were written."
            : $"Checked {looked}: {(damaged == 0 ? "the store is damaged" : $"{Counts.Of(damaged, "run")} {(damaged == 1 ? "is" : "are")} damaged")}; what is not named is as it was written.");
    }

    private static List<RunId> DamagedRuns(CheckedStore found) => [.. found.Damage.Where(damage => damage.Run is not null).Select(damage => damage.Run!.Value).Distinct()];

    private static void WriteJson(Host host, CheckedStore found) => JsonOutput.Write(host.Screen.OutBytes, json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("whole", found.Damage.Count == 0 && found.IsComplete);
        json.WriteBoolean("complete", found.IsComplete);
        json.WriteNumber("runs", found.Runs);
        json.WriteNumber("events", found.Events);
        json.WriteNumber("logs", found.Logs);
        json.WriteStartArray("damaged_runs");
        foreach (var run in DamagedRuns(found)) json.WriteStringValue(run.Text);
        json.WriteEndArray();
        json.WriteStartArray("damage");
        foreach (var damage in found.Damage)
        {
            json.WriteStartObject();
            json.Optional("run", damage.Run?.Text);
            json.WriteString("what", damage.What);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
