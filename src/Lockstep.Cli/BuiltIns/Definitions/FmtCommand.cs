using System.CommandLine;
using System.Text;
using Lockstep.Cli.Reports;
using Lockstep.Execution;
using Lockstep.Source;

namespace Lockstep.Cli.BuiltIns.Definitions;

/// <summary><c>lockstep fmt</c>: the one canonical form.</summary>
internal sealed class FmtCommand() : BuiltIn("fmt", "Write the definitions in their one canonical form")
{
    private readonly Option<bool> _check = new("--check") { Description = "Change nothing; exit code 1 where the form is another" };

    public override IEnumerable<Option> Options => [_check];

    public override int Run(Request request, Host host)
    {
        var project = ProjectAccess.Open(host);
        var (formatted, diagnostics) = project.Format();
        if (formatted is null) throw new DefinitionException(diagnostics);
        var bytes = new UTF8Encoding(false).GetBytes(formatted);
        var changed = !File.ReadAllBytes(project.File).AsSpan().SequenceEqual(bytes);
        var check = request.Parsed.GetValue(_check);
        var file = Path.GetRelativePath(host.Settings.Directory, project.File);
        if (changed && !check) Replace(project.File, bytes);
        if (host.Settings.Json)
            JsonOutput.Write(host.Screen.OutBytes, json =>
            {
                json.WriteStartObject();
                json.WriteString("file", project.File);
                json.WriteBoolean("changed", changed);
                json.WriteEndObject();
            });
        if (changed && check)
        {
            new CliError(ExitCode.Failed, $"{file} is not in canonical form") { Use = "lockstep fmt" }.Write(host.Screen.Error, host.Screen.ErrorStyle);
            return ExitCode.Failed;
        }
        host.Note(changed ? $"{file}: formatted" : $"{file}: was in canonical form already");
        return 0;
    }

    /// <summary>The file is either the old or the new one, whatever happens; a link stays a link.</summary>
    private static void Replace(string path, byte[] bytes)
    {
        var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        var beside = target + ".new";
        try
        {
            File.WriteAllBytes(beside, bytes);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(beside, File.GetUnixFileMode(target));
            File.Move(beside, target, overwrite: true);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            File.Delete(beside);
            throw new CliException(new CliError(ExitCode.Usage, $"{path} can't be written") { Why = "the file or its folder is read-only, or the disk is full", Use = "lockstep fmt --check" });
        }
    }
}
