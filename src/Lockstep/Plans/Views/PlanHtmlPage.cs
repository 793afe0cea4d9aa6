namespace Lockstep.Plans.Views;

/// <summary>What is the same in every page of <see cref="PlanHtml"/>.</summary>
internal static class PlanHtmlPage
{
    public const string BeforeTitle = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="color-scheme" content="light dark"><title>
        """;

    public const string AfterTitle = """
         · plan</title><style>
        :root { --page: #f6f7f9; --card: #fff; --text: #1b1f24; --soft: #656d78; --line: #d9dee5; --yellow: #8a5a00; --cyan: #0a6a80; --red: #b42318; --chip: #eef1f5; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #0f1216; --card: #171b21; --text: #e6e9ee; --soft: #929ba8; --line: #2b323c; --yellow: #e3b341; --cyan: #56c7dd; --red: #ff8177; --chip: #222832; }
        }
        * { box-sizing: border-box; margin: 0; }
        body { background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; padding: 2.5rem 1.25rem 4rem; }
        main { max-width: 66rem; margin: 0 auto; display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr); }
        h1 { font-size: 1.9rem; line-height: 1.2; letter-spacing: -.02em; overflow-wrap: anywhere; }
        h2 { font-size: .8rem; text-transform: uppercase; letter-spacing: .07em; color: var(--soft); font-weight: 600; margin-bottom: .8rem; }
        code, .tree { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .9em; }
        .kind { color: var(--soft); font-size: .8rem; text-transform: uppercase; letter-spacing: .07em; }
        .counts { list-style: none; padding: 0; margin: .9rem 0 .6rem; display: flex; flex-wrap: wrap; gap: .5rem; }
        .counts li { background: var(--chip); border-radius: 99px; padding: .15rem .75rem; font-size: .87rem; color: var(--soft); }
        .counts b { color: var(--text); font-weight: 600; }
        .counts .bad, .counts .bad b { color: var(--red); }
        .hash { color: var(--soft); font-size: .87rem; }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.25rem 1.4rem; }
        .tree, .table { overflow-x: auto; }
        .tree ul { list-style: none; padding: 0 0 0 1.35rem; position: relative; }
        .tree > ul { padding-left: 0; }
        .tree li { position: relative; padding-left: 1.1rem; }
        .tree li::before { content: ""; position: absolute; left: 0; top: 0; bottom: 0; border-left: 1px solid var(--line); }
        .tree li:last-child::before { bottom: auto; height: .95rem; }
        .tree li::after { content: ""; position: absolute; left: 0; top: .95rem; width: .75rem; border-top: 1px solid var(--line); }
        .line { display: inline-block; padding: .2rem .35rem; border-radius: 5px; white-space: pre; }
        summary { cursor: pointer; list-style: none; }
        summary::-webkit-details-marker { display: none; }
        summary::before { content: "▾"; color: var(--soft); display: inline-block; width: 1.1em; font-size: .8em; }
        details:not([open]) > summary::before { content: "▸"; }
        details:not([open]) > summary::after { content: " …"; color: var(--soft); }
        summary:hover { background: var(--chip); }
        summary:focus-visible { outline: 2px solid var(--cyan); outline-offset: 1px; }
        .y { color: var(--yellow); font-weight: 600; } .c { color: var(--cyan); font-weight: 600; } .g { color: var(--soft); } .m { color: var(--cyan); } .e { color: var(--red); }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; }
        th { text-align: left; color: var(--soft); font-weight: 500; padding: 0 1rem .4rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
        td { padding: .45rem 1rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
        tr:last-child td { border-bottom: 0; }
        td:first-child, td:last-child { white-space: nowrap; color: var(--soft); }
        dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .35rem 1.25rem; font-size: .9rem; }
        dt { color: var(--soft); } dd { overflow-wrap: anywhere; }
        @media print { body { background: none; padding: 0; } section { break-inside: avoid; } }
        </style></head><body><main>

        """;

    public const string End = "</main></body></html>\n";
}
