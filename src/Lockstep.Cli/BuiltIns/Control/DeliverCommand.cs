using Lockstep.Cli.BuiltIns.History;
using Lockstep.Cli.Reports;
using Lockstep.Execution;

namespace Lockstep.Cli.BuiltIns.Control;

/// <summary><c>lockstep deliver</c>: sends the events that wait for this project's webhooks.</summary>
internal sealed class DeliverCommand() : BuiltIn("deliver", "Send the events that wait for this project's webhooks")
{
    public override int Run(Request request, Host host) => StoreAccess.Write(() =>
    {
        var receivers = ProjectAccess.Runs(host).Deliver(ProjectAccess.Folder(host)).GetAwaiter().GetResult();
        if (host.Settings.Json)
        {
            JsonOutput.Write(host.Screen.OutBytes, json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("webhooks");
                foreach (var receiver in receivers)
                {
                    json.WriteStartObject();
                    json.WriteString("receiver", receiver.Receiver);
                    json.WriteNumber("waiting_runs", receiver.Runs.Count);
                    json.Optional("problem", receiver.Problem);
                    if (receiver.GivenUp.Count > 0)
                    {
                        json.WriteStartArray("given_up");
                        foreach (var what in receiver.GivenUp) json.WriteStringValue(what);
                        json.WriteEndArray();
                    }

                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            });
        }
        else
        {
            if (receivers.Count == 0) host.Note("No webhook is configured: lockstep.yaml or LOCKSTEP_WEBHOOK_URL names them");
            foreach (var receiver in receivers)
            {
                foreach (var what in receiver.GivenUp) host.Note(what);
                host.Screen.Out.WriteLine(receiver.Runs.Count == 0 ? $"{receiver.Receiver}: nothing waits" : $"{receiver.Receiver}: events of {receiver.Runs.Count} run{(receiver.Runs.Count == 1 ? "" : "s")} wait: {receiver.Problem ?? "another process delivers them"}");
            }
        }

        return receivers.Any(receiver => receiver.Runs.Count > 0 || receiver.GivenUp.Count > 0) ? ExitCode.Failed : ExitCode.Success;
    });
}
