// How the page looks: light and dark by the reader's own setting, from a phone's width up.

/** The whole style sheet. Colours of series are those of Okabe and Ito, which most eyes tell apart. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fff; --panel: #f6f7f9; --line: #d9dde3; --text: #1a1f26; --muted: #5a6472;
  --good: #00704a; --bad: #b3261e; --accent: #0b5cad; --noise: #0b5cad1c;
  --s0: #0072b2; --s1: #c44f00; --s2: #00805c; --s3: #a8477f;
  --s4: #8a6100; --s5: #2b7bb9; --s6: #6b4fbb; --s7: #54606e;
  --base: #7a8491;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161b; --panel: #1a2027; --line: #313a45; --text: #e7ebf0; --muted: #a0acba;
    --good: #4fd1a1; --bad: #ff8a80; --accent: #7db8f5; --noise: #7db8f524;
    --s0: #56b4e9; --s1: #ff9145; --s2: #2fc79a; --s3: #e08dbd;
    --s4: #f0b429; --s5: #86c5f4; --s6: #b6a2f5; --s7: #b8c2cf;
    --base: #8792a0;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
header, main, footer { max-width: 1180px; margin: 0 auto; padding: 0 16px; }
header { padding-top: 32px; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.2rem; margin: 40px 0 4px; }
h3 { font-size: 1rem; margin: 0; }
p { margin: 4px 0; }
a { color: var(--accent); }
.muted, figcaption p, dt, .unit { color: var(--muted); }
.lead { color: var(--muted); margin: 4px 0 0; }
.cards { display: grid; gap: 12px; margin: 20px 0 0; padding: 0; list-style: none;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 270px), 1fr)); }
.card { background: var(--panel); border: 1px solid var(--line); border-left-width: 4px; border-radius: 8px; padding: 14px 16px; }
.card .number { font-size: 1.7rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
.card .number small { font-size: .95rem; font-weight: 400; color: var(--muted); }
.card p { font-size: .9rem; }
.early, .kept, .exceeded, .unresolved { border-radius: 8px; padding: 8px 12px; margin: 8px 0; border: 1px solid var(--line); }
.exceeded, .early { border-color: var(--bad); }
.exceeded b, .early b { color: var(--bad); }
.kept b { color: var(--good); }
.budgets { list-style: none; padding: 0; }
.figures { display: grid; gap: 16px; align-items: start; margin-top: 12px;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 440px), 1fr)); }
figure { margin: 0; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; min-width: 0; }
figcaption p { font-size: .875rem; }
figure > svg { display: block; width: 100%; height: auto; max-width: 620px; margin-top: 8px; }
svg text { font-size: 11px; fill: var(--muted); font-variant-numeric: tabular-nums; paint-order: stroke; stroke: var(--panel); stroke-width: 3px; stroke-linejoin: round; }
svg .value { fill: var(--text); font-weight: 600; }
.end { text-anchor: end; } .middle { text-anchor: middle; }
.grid { stroke: var(--line); stroke-width: .6; } .rule, .zero { stroke: var(--muted); stroke-width: .8; fill: none; }
.start { stroke: var(--muted); stroke-width: .6; stroke-dasharray: 2 3; }
.noise { fill: var(--noise); }
.line { fill: none; stroke-width: 1.8; stroke-linejoin: round; } .thin { stroke-width: 1; }
.speck { opacity: .55; } .faint { opacity: .55; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; list-style: none; padding: 0; margin: 6px 0 0; font-size: .875rem; }
.legend svg { width: 24px; height: 8px; margin-right: 6px; vertical-align: middle; }
details { margin-top: 8px; font-size: .875rem; }
summary { cursor: pointer; color: var(--accent); }
.scroll { overflow-x: auto; margin-top: 8px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; width: 100%; }
th, td { text-align: right; padding: 5px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; font-weight: 400; }
thead th { color: var(--muted); border-bottom: 2px solid var(--line); }
th:first-child { text-align: left; } tbody th { font-weight: 600; }
dl { display: grid; gap: 2px 16px; font-size: .9rem; grid-template-columns: minmax(120px, max-content) 1fr; }
dd { margin: 0; overflow-wrap: anywhere; }
footer { padding-top: 32px; padding-bottom: 48px; font-size: .875rem; color: var(--muted); }
${Array.from({ length: 8 }, (_, index) => seriesStyle(`s${index}`, `--s${index}`, dashesOf(index))).join("\n")}
${seriesStyle("base", "--base", "")}
${seriesStyle("control", "--base", "stroke-dasharray: 2 2;")}
@media print { details { display: none; } figure, .card { break-inside: avoid; } }
`;

/** From the fifth series on colours look alike: dashes tell them apart. */
function dashesOf(index: number): string {
  return index < 4 ? "" : "stroke-dasharray: 6 3;";
}

function seriesStyle(name: string, color: string, dashes: string): string {
  return `path.${name} { stroke: var(${color}); ${dashes} } circle.${name} { fill: var(${color}); } .card.${name} { border-left-color: var(${color}); }`;
}
