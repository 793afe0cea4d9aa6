using Lockstep.Cli;
using Lockstep.Cli.Options;

return CommandLine.Run(args, Environment.GetEnvironmentVariable, TimeProvider.System, Random.Shared);
