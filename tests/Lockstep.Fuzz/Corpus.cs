namespace Lockstep.Fuzz;

/// <summary>Files to begin from: between them they use every construct of the language.</summary>
internal static class Corpus
{
    public static readonly string[] Files =
    [
        """
        # Builds the image.
        var IMAGE = "myapp"
        var (
            VERSION = @env("VERSION", default = "latest") // tag
            RETRIES = 3
            WAIT = 1h30m
        )

        build: docker build -t @var(IMAGE):@var(VERSION) . && docker push "@var(IMAGE):@env("TAG", default = "x")"
        deploy(env = "staging", tag): @timeout("5m") { @parallel { task1; task2 } }
        watch dev: @debounce(500ms, "**/*.cs") { dotnet run }
        stop dev: pkill -f dev
        """,
        """
        release: {
            @log("releasing @var(TAG) to {green}@env("WHERE", default = `x`){/green}", level = "warn")
            @cmd(build, env = prod) && @cmd(test) || echo "failed: $?" | tee log >> all.log
            @retry(attempts = 3, delay = 1s) {
                # try it
                for i in 1 2 3; do curl -f "http://x/$i" && break; done
                @workdir("sub", createIfNotExists = true) { make; make install }
            }
            @cmd(notes) >> NOTES.md // keep
        }
        """,
        """
        pick: @when(ENV) {
            production: kubectl apply -f k8s/ \
                --prune
            staging: {
                @try {
                    main: a; b
                    catch: @log(`two
        lines`)
                    finally: { c }
                }
            }
            "x y": @parallel { x; y }
            default: echo 'none @var(X)' \@var
        }
        os: @when("OS", "linux": "make @var(T)", "darwin": 'xcodebuild')
        try: @try { main: a; catch: b; finally: { c } }
        """,
        "a: echo $((1 + (2))) ${X:-@var(D)} \"${Y#@var(D)}\" `cat '@var(F)' \"@var(G)\"` $(x \"$(y)\") # end\n",
        "a: { case $x in a) b;; *) { c; d; };; esac; (e; f) & g }\r\nb: find . -exec rm {} \\; | awk '{print}' // c\r\n",
        "watch: x\nstop: y\nvar: z\nb: @with(A = \"x\", \\\n  B = 'y') {\n a\n} \n",
    ];

    public static readonly string[] Fragments =
    [
        "@", "@var(X)", "@env(\"K\", default = \"d\")", "@cmd(a)", "@log(\"x @var(Y)\")", "@parallel {", "@timeout(5m) {", "@retry(3)", "@when(E) {",
        "@try {", "{{", "$(", "@@", "@when(\"OS\", \"linux\": \"make\")", "@raw(X)", "@nope(", "@needs(a, b)", "main:", "default: ", "x: ", "{", "}", "{ ", " }", "(", ")",
        "\"", "'", "`", "$(", "$((", "))", "${", "\\", "\\\n", "\\\r\n", "\n", "\r\n", "\r", ";", ";;", "&&", "||", "|", ">>", ">", "&", "#", "//", " // ",
        " ", "\t", "=", ",", ":", "var ", "var (", "watch ", "stop ", "1h30m", "-3.14", "99999999999999999999999999999", "true", "[", "]", "\0", "\uFEFF",
        "é", "漢", "😀", "if ", "; then ", "; fi", "for ", "; do ", "; done", "case ", " in ", " esac", "name", "a: b\n", "    ", "@@", "\\@", "!", "~", "\e[31m",
        "@var(X", "@var(@var(Y))", "\"@env(\"A\")\"", "build: {\n", "}\n", "# comment\n", "// comment\n", "@log(`", "`)", "x: { ", "a;b",
        "<<EOF", "<<-'", "\nEOF\n", "<<<", "((", ";&", "@lock(\"a\") {",
    ];
}
