/** The one style sheet of the pages: plain, dark and light, no fonts or pictures from anywhere. */
export const styleSheet = `:root {
  color-scheme: light dark;
  --paper: light-dark(#fff, #16181d);
  --ink: light-dark(#1c2024, #e4e6ea);
  --quiet: light-dark(#5c6570, #9aa3ad);
  --line: light-dark(#d9dde2, #343a42);
  --shade: light-dark(#f5f6f8, #1e2127);
  --mark: light-dark(#ffe08a, #6b5200);
  --good: light-dark(#1a7f37, #57c06f);
  --bad: light-dark(#c62828, #ff7b72);
  --open: light-dark(#9a6700, #d8a634);
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
a { color: inherit; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; border-bottom: 1px solid var(--line); }
h3 { font: 600 1rem/1.5 ui-monospace, monospace; margin: 1.4rem 0 .4rem; overflow-wrap: anywhere; }
p { margin: .3rem 0; overflow-wrap: anywhere; }
code, pre { font: .875rem/1.5 ui-monospace, monospace; }
code { overflow-wrap: anywhere; }
pre { margin: .4rem 0; padding: .5rem .75rem; overflow-x: auto; background: var(--shade); border-radius: 4px; }
table { border-collapse: collapse; margin: .4rem 0; display: block; overflow-x: auto; }
th, td { text-align: left; vertical-align: top; padding: .2rem .9rem .2rem 0; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
th { font-weight: 600; color: var(--quiet); white-space: nowrap; }
mark { background: var(--mark); color: inherit; }
summary { cursor: pointer; }
.quiet { color: var(--quiet); }
.verdict { margin: 1rem 0; padding: .8rem 1rem; background: var(--shade); border-left: 6px solid var(--open); }
.verdict strong { font-size: 1.2rem; }
.passed { border-color: var(--good); }
.failed { border-color: var(--bad); }
.word-passed, .word-success { color: var(--good); }
.word-failed, .word-error { color: var(--bad); }
.word-undecided, .word-waiting, .word-warning { color: var(--open); }
.finding { margin: .8rem 0 1.4rem; padding-left: .9rem; border-left: 3px solid var(--line); }
.finding.error { border-color: var(--bad); }
.finding.warning { border-color: var(--open); }
.number { color: var(--quiet); user-select: none; }
.log { max-height: 40rem; overflow: auto; }
`;
