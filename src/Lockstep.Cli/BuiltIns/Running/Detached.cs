using System.Diagnostics;
using Lockstep.Cli.Reports;
using Lockstep.Plans;

namespace Lockstep.Cli.BuiltIns.Running;

/// <summary>Starts a run in the background: a process of its own that leaves the terminal once the run is in the store.</summary>
internal static class Detached
{
    /// <summary>The flag that tells the background process what it is.</summary>
    public const string Flag = "--detached";

    /// <param name="host">Where to tell of it.</param>
    /// <param name="plan">What the process will plan again and run.</param>
    /// <param name="flags">Flags of lockstep's for that process.</param>
    /// <param name="arguments">What the command gets.</param>
    public static int Start(Host host, Plan plan, IReadOnlyList<string> flags, IReadOnlyList<string> arguments)
    {
        var name = plan.Command;
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            // All three are its own: a runtime may keep duplicates of them open after they were given up.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = host.Settings.Directory,
        };

        // Run by the dotnet program, as from a working copy, the process is dotnet and the program its first argument.
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Lockstep.Cli.dll"));
        foreach (var word in (string[])["run", Flag, "--interactive=never", .. flags, "--", name, .. arguments]) start.ArgumentList.Add(word);

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        if (process.StandardOutput.ReadLine()?.Split(' ', 2) is not [var run, .. var lost])
        {
            host.Screen.Error.Write(errors.Result);
            process.WaitForExit();
            return process.ExitCode;
        }
        if (lost is [var why]) host.Note($"{host.Screen.ErrorStyle.Yellow("Warning:")} {why}");
        if (host.Settings.Json)
            JsonOutput.Write(host.Screen.OutBytes, json =>
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteString("run", run);
                json.WriteNumber("pid", process.Id);
                json.WriteEndObject();
            });
        else
        {
            host.Screen.Out.WriteLine(run);
            host.Screen.Out.Flush();
            // What the store does not know can't be followed or asked through it.
            var kept = lost.Length == 0;
            var stop = plan.Mode == PlanMode.Watch ? $"lockstep stop {name}" : kept ? $"lockstep abort {run}" : $"kill {process.Id}";
            host.Note($"{host.Screen.ErrorStyle.Green("✓")} {name} runs in the background as {run} (process {process.Id}); {(kept ? $"lockstep logs {run} -f follows it, " : "")}{stop} stops it");
        }
        return 0;
    }
}
