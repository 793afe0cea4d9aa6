using System.CommandLine;
using Lockstep.Cli.Reports;

namespace Lockstep.Cli.BuiltIns.Setup;

/// <summary><c>lockstep completion SHELL</c>: a script that asks the program what may come next.</summary>
internal sealed class CompletionCommand() : BuiltIn("completion", "Print the completion script of a shell")
{
    public static readonly string[] Shells = ["bash", "zsh", "fish", "pwsh"];
    private readonly Argument<string> _shell = new("SHELL") { Description = "bash, zsh, fish or pwsh" };

    public override string Usage => "SHELL";

    public override IEnumerable<Argument> Arguments => [_shell];

    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("""eval "$(lockstep completion bash)" """.TrimEnd(), "in ~/.bashrc"),
        ("""eval "$(lockstep completion zsh)" """.TrimEnd(), "in ~/.zshrc, after compinit"),
        ("lockstep completion fish | source", "in ~/.config/fish/config.fish"),
        ("lockstep completion pwsh | Out-String | iex", "in $PROFILE"),
    ];

    public override int Run(Request request, Host host)
    {
        var shell = request.Parsed.GetValue(_shell);
        var script = shell switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            "pwsh" => Pwsh,
            _ => throw CliException.Usage($"there is no completion for '{shell}'; there is one for bash, zsh, fish and pwsh", use: "lockstep completion bash"),
        };
        if (host.Settings.Json)
            JsonOutput.Write(host.Screen.OutBytes, json =>
            {
                json.WriteStartObject();
                json.WriteString("shell", shell);
                json.WriteString("script", script);
                json.WriteEndObject();
            });
        else host.Screen.Out.Write(script);
        return 0;
    }

    /// <remarks>Bash splits words at <c>=</c> and <c>:</c> and replaces only the last part, so the parts are joined for the program and its answers cut again.</remarks>
    private const string Bash = """
        _lockstep() {
            local line word prefix i IFS=$'\n'
            local -a words=()
            for ((i = 1; i <= COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]}
                if ((${#words[@]})) && [[ $word == [=:]* || ( ${COMP_WORDS[i-1]} == [=:]* && ${words[${#words[@]}-1]} == *[=:] ) ]]; then
                    words[${#words[@]}-1]+=$word
                else
                    words+=("$word")
                fi
            done
            prefix=${words[${#words[@]}-1]}
            word=${COMP_WORDS[COMP_CWORD]}
            if [[ $word == [=:]* ]]; then prefix=${prefix%"${prefix##*[=:]}"}; else prefix=${prefix%"$word"}; fi
            COMPREPLY=()
            while IFS= read -r line; do
                line=${line%%$'\t'*}
                COMPREPLY+=("${line#"$prefix"}")
            done < <("${COMP_WORDS[0]}" __complete -- "${words[@]}" 2>/dev/null)
        }
        complete -o default -F _lockstep lockstep

        """;

    private const string Zsh = """
        #compdef lockstep
        _lockstep() {
            local -a candidates
            local line
            while IFS= read -r line; do
                candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
            done < <("${words[1]}" __complete -- "${(@)words[2,$CURRENT]}" 2>/dev/null)
            if (( ${#candidates} )); then
                _describe lockstep candidates
            else
                _files
            fi
        }
        compdef _lockstep lockstep

        """;

    private const string Fish = """
        function __lockstep_complete
            set -l words (commandline -opc) (commandline -ct)
            $words[1] __complete -- $words[2..-1] 2>/dev/null
        end
        complete -c lockstep -f -a '(__lockstep_complete)'
        complete -c lockstep -s f -l file -r -F
        complete -c lockstep -s C -l directory -r -F

        """;

    private const string Pwsh = """
        Register-ArgumentCompleter -Native -CommandName lockstep -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
            if ($wordToComplete -eq '') { $words += '""' }
            & lockstep __complete -- @words 2>$null | ForEach-Object {
                $value, $meaning = $_ -split "`t", 2
                if (-not $meaning) { $meaning = $value }
                [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $meaning)
            }
        }

        """;
}
