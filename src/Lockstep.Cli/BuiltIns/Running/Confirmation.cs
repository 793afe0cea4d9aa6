using Lockstep.Cli.Reports;
using Lockstep.Cli.Terminal;
using Lockstep.Execution;

namespace Lockstep.Cli.BuiltIns.Running;

/// <summary>Asks a person on the terminal, one question at a time.</summary>
internal sealed class Confirmation(Host host, RunReport report) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    public async Task<(bool Granted, string By)> Ask(string message, bool defaultYes, CancellationToken cancellation)
    {
        if (host.Settings.Yes) return (true, "--yes");
        if (!host.CanAsk) throw new NobodyToAskException("there is no terminal to ask on; --yes confirms");
        await _one.WaitAsync(cancellation);
        try
        {
            using var room = report.MakeRoom();
            return await Answer(message, defaultYes, cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<(bool Granted, string By)> Answer(string message, bool defaultYes, CancellationToken cancellation)
    {
        while (true)
        {
            host.Screen.Error.Write($"{host.Screen.ErrorStyle.Bold(message)} {(defaultYes ? "[Y/n]" : "[y/N]")} ");
            host.Screen.Error.Flush();
            var line = await Read(cancellation);
            switch (line?.Trim().ToUpperInvariant())
            {
                case null: return (false, "nobody: standard input has ended");
                case "": return (defaultYes, "terminal");
                case "Y" or "YES": return (true, "terminal");
                case "N" or "NO": return (false, "terminal");
            }
            host.Screen.Error.WriteLine("Please answer y or n.");
        }
    }

    private async Task<string?> Read(CancellationToken cancellation)
    {
        try
        {
            return await Task.Run(() => StandardInput.ReadLine(cancellation), cancellation);
        }
        catch (OperationCanceledException)
        {
            // What is printed next begins a line of its own.
            host.Screen.Error.WriteLine();
            host.Screen.Error.Flush();
            throw;
        }
    }
}
