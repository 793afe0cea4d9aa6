using Lockstep.Cli.Reports;
using Lockstep.Execution;

namespace Lockstep.Cli.BuiltIns.Definitions;

/// <summary><c>lockstep init</c>: a file to start from.</summary>
internal sealed class InitCommand() : BuiltIn("init", "Write a commented commands.cli to start from")
{
    private const string Starter = """
        # Commands of this project. `lockstep` lists them, `lockstep NAME` runs one,
        # `lockstep NAME --dry-run` shows what it would do.

        var (
            OUT = "build"
            NAME = "world"
        )

        # Say hello; try `lockstep hello Ada` or `lockstep hello --who Ada`
        hello(who = "world"): echo "Hello, @var(who)!"

        # Compile, then test and check at the same time
        ci: {
            @cmd(build)
            @parallel {
                @cmd(unit)
                @cmd(lint)
            }
        }

        # Everything a line of shell can do is done by the shell
        build: {
            mkdir -p @var(OUT)
            echo "built for @var(NAME)" > @var(OUT)/artifact.txt
        }

        # A test that may take no longer than a minute
        unit: @timeout(1m) {
            grep -q built @var(OUT)/artifact.txt
        }

        # Checks that may fail for a while are tried again
        lint: @retry(attempts = 3, delay = 1s) {
            test -s @var(OUT)/artifact.txt
        }

        # Asks first; values come from the environment, with a default
        tidy: @confirm("Delete everything in the build folder?") {
            rm -rf @var(OUT)
        }

        # Deploy to staging or production, by the variable ENV
        deploy: @when(ENV) {
            production: echo "deploying @env("VERSION", default = "latest") to production"
            staging: echo "deploying @env("VERSION", default = "latest") to staging"
            default: echo "set ENV to production or staging"
        }

        """;

    public override int Run(Request request, Host host)
    {
        var path = Path.Combine(host.Settings.Directory, host.Settings.File ?? Project.CommandsFileName);
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            file.Write(System.Text.Encoding.UTF8.GetBytes(Starter));
        }
        catch (IOException) when (File.Exists(path) || Directory.Exists(path))
        {
            throw new CliException(new CliError(ExitCode.Usage, $"{path} exists already and was left as it is") { Use = "lockstep" });
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new CliException(new CliError(ExitCode.Usage, $"{path} can't be written")
            {
                Why = Directory.Exists(Path.GetDirectoryName(path)) ? "the folder is read-only, or the disk is full" : "the folder does not exist",
            });
        }
        if (host.Settings.Json)
            JsonOutput.Write(host.Screen.OutBytes, json =>
            {
                json.WriteStartObject();
                json.WriteString("written", path);
                json.WriteEndObject();
            });
        host.Note($"{host.Screen.ErrorStyle.Green("✓")} wrote {Path.GetRelativePath(host.Settings.Directory, path)}; try: lockstep ci --dry-run");
        return 0;
    }
}
