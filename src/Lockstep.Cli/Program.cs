using System.Reflection;

var version = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
if (args is ["--version"])
{
    Console.WriteLine($"lockstep {version}");
    return 0;
}

Console.Error.WriteLine($"lockstep {version}: only --version can be asked so far");
return 2;
