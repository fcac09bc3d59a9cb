/**
 * The one style sheet of the pages: plain, dark and light, no fonts or pictures from anywhere. Every colour of a text has
 * a contrast of at least 4.5 to the paper and to the shade it stands on.
 */
export const styleSheet = `:root {
  color-scheme: light dark;
  --paper: light-dark(#fff, #14161a);
  --ink: light-dark(#1b1f24, #e3e6ea);
  --quiet: light-dark(#57606a, #9aa4af);
  --line: light-dark(#dde1e6, #30363e);
  --faint: light-dark(#aab2bb, #59626c);
  --shade: light-dark(#f5f6f8, #1c1f25);
  --link: light-dark(#0b5cad, #7cb7ff);
  --mark: light-dark(#ffe69a, #5c4700);
  --good: light-dark(#1a7434, #5cc777);
  --bad: light-dark(#bf2323, #ff8a82);
  --open: light-dark(#855a00, #e0b34a);
  --busy: light-dark(#0b5cad, #7cb7ff);
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 76rem; padding: 0 1.5rem 4rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
main:focus { outline: none; }
h1 { font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
h2 .quiet { font-weight: 400; }
h3 { font-size: .95rem; margin: 1.4rem 0 .4rem; overflow-wrap: anywhere; }
p { margin: .3rem 0; overflow-wrap: anywhere; }
code, pre { font: .8125rem/1.55 var(--mono); }
h3 code { font-size: .9rem; font-weight: 600; }
code { overflow-wrap: anywhere; }
pre { margin: .4rem 0; padding: .55rem .8rem; overflow-x: auto; background: var(--shade); border-radius: 4px; }
pre code { overflow-wrap: normal; }
mark { background: var(--mark); color: inherit; border-radius: 2px; }
summary { cursor: pointer; padding: .2rem 0; }
ol, ul { margin: 0; padding: 0; list-style: none; }
dl, dd { margin: 0; }
.quiet { color: var(--quiet); }
.quiet a, a.quiet { color: inherit; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: .5rem; top: -4rem; padding: .4rem .8rem; background: var(--paper); border: 1px solid var(--line); z-index: 1; }
.skip:focus { top: .5rem; }

.top { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; padding: .9rem 0; margin-bottom: 1.2rem; border-bottom: 1px solid var(--line); }
.top ol { display: flex; flex-wrap: wrap; gap: .2rem .5rem; overflow-wrap: anywhere; }
.top li + li::before { content: "/"; color: var(--quiet); margin-right: .5rem; }
.visitor { display: flex; align-items: baseline; gap: .8rem; max-width: 45%; color: var(--quiet); }
.visitor a { color: inherit; }
.visitor p { margin: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.visitor form { flex: none; margin: 0; }
.visitor button { padding: 0; font-weight: 400; color: inherit; background: none; border: 0; text-decoration: underline; text-underline-offset: .15em; }
.top a { color: inherit; text-decoration: none; }
.top a:hover { text-decoration: underline; }
.brand { font-weight: 650; }

.state { display: inline-flex; align-items: baseline; gap: .4rem; font-weight: 600; color: var(--quiet); white-space: nowrap; }
.state svg { flex: none; position: relative; top: .15em; }
.state circle { fill: currentColor; }
.state path { fill: none; stroke: var(--paper); stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
.state.passed, .word-passed { color: var(--good); }
.state.failed, .word-failed, .word-error { color: var(--bad); }
.state.undecided, .state.waiting, .word-undecided, .word-warning { color: var(--open); }
.state.running { color: var(--busy); }
.state.running svg { animation: turn 2s linear infinite; }
@keyframes turn { to { transform: rotate(360deg); } }

.verdict { margin: 1.1rem 0; padding: .9rem 1.1rem; background: var(--shade); border-left: 4px solid var(--quiet); border-radius: 0 4px 4px 0; }
.verdict .lead { font-size: 1.1rem; margin: 0 0 .2rem; }
.verdict .state { margin-right: .35rem; font-weight: 700; }
.verdict.passed { border-color: var(--good); }
.verdict.failed { border-color: var(--bad); }
.verdict.undecided, .verdict.waiting { border-color: var(--open); }
.verdict.running { border-color: var(--busy); }
.verdict.newer .lead { font-size: 1rem; }
.notice { padding: .5rem 1.1rem; border-left: 4px solid var(--busy); }
form { margin: .7rem 0 0; }
button, .button { display: inline-block; font: inherit; text-decoration: none; font-weight: 600; padding: .3rem .9rem; color: var(--ink); background: var(--paper); border: 1px solid var(--quiet); border-radius: 4px; cursor: pointer; }
button:hover, .button:hover { border-color: var(--ink); }

.columns { display: grid; gap: 0 3rem; }
.columns > * { min-width: 0; }
@media (min-width: 62rem) { .columns { grid-template-columns: minmax(0, 1fr) 19rem; } }

.finding { margin: .6rem 0 1.3rem; padding-left: .9rem; border-left: 2px solid var(--line); }
.finding.error { border-color: var(--bad); }
.finding.warning, .finding.undecided { border-color: var(--open); }
.number { color: var(--quiet); user-select: none; }
.repair { border: 1px solid var(--line); user-select: all; }
.compared { color: var(--quiet); }
.compared code { color: var(--ink); }

.scrolls { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem 1.2rem .3rem 0; border-bottom: 1px solid var(--line); font-weight: 400; }
th:last-child, td:last-child { padding-right: 0; }
th code { white-space: nowrap; }
thead th { color: var(--quiet); font-size: .85rem; }
td .state { font-weight: 400; }

.facts > div { padding: .25rem 0; border-bottom: 1px solid var(--line); }
.facts dt, .timeline time { color: var(--quiet); font-size: .85rem; }
.facts dd { overflow-wrap: anywhere; }
.facts code { font-size: .75rem; }
.timeline li { padding: .25rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.timeline time { display: block; }

.filters { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin: .5rem 0 0; }
.filters a { color: var(--quiet); }
.filters a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
.runs li { display: grid; grid-template-columns: 10.5rem minmax(0, 1fr) minmax(0, 15rem) 8rem; gap: .1rem 1rem; padding: .42rem 0; border-bottom: 1px solid var(--line); align-items: baseline; }
.runs .who { overflow-wrap: anywhere; }
.runs a, h2 a { color: inherit; text-decoration-color: var(--faint); }
.runs a:hover, h2 a:hover { text-decoration-color: currentColor; }
.runs .found, .runs .when { color: var(--quiet); overflow-wrap: anywhere; }
.runs .when { text-align: right; }
.phases li { grid-template-columns: 7rem minmax(0, 1fr) 7rem 5rem; }
.by-release li { grid-template-columns: 10.5rem minmax(0, 1fr) minmax(0, 1.2fr) 8rem; }
.phases .state { font-weight: 400; }
.phases li[aria-current] .who { font-weight: 600; }
.standing li { padding: .3rem 0; overflow-wrap: anywhere; }
.standing .state { margin-right: .5rem; }
.act { margin-top: .7rem; }
.act form { margin-top: .3rem; }
.steps { list-style: decimal; padding-left: 1.4rem; }
.steps li { padding: .2rem 0; }

.log { max-height: 36rem; overflow: auto; }
.log:empty::before { content: "Nothing has been written yet."; color: var(--quiet); }

@media (max-width: 44rem) {
  body { padding: 0 1rem 3rem; }
  .top { margin-bottom: .9rem; }
  .visitor { flex-wrap: wrap; justify-content: flex-end; gap: 0 .8rem; }
  h1 { font-size: 1.3rem; }
  .runs li { grid-template-columns: minmax(0, 1fr) auto; }
  .runs .who { grid-column: 1 / -1; grid-row: 1; }
  .runs .when { grid-column: 2; grid-row: 2; }
  .runs .found { grid-column: 1 / -1; }
  .runs .found:empty { display: none; }
}
@media (prefers-reduced-motion: reduce) { .state.running svg { animation: none; } }
@media print {
  .top, .skip, form, section:has(> .log) { display: none; }
  body { max-width: none; padding: 0; }
  pre { white-space: pre-wrap; }
  .finding { break-inside: avoid; }
}
`;

/** The picture in a browser's tab: a gate. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b5cad"/><path d="M4 13V6a4 4 0 0 1 8 0v7M8 3v10" fill="none" stroke="#fff" stroke-width="1.6"/></svg>
`;
