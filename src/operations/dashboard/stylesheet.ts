/** How the page looks: dense, and without colour where all is well. Light and dark, from a phone to a wall. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f4; --card: #fff; --ink: #1d2327; --soft: #5c666d; --edge: #dfe3e0; --link: #1f5f8b;
  --ok: #2e7d4f; --doubt: #96600b; --bad: #b3261e; --doubt-ground: #fdf3dc; --bad-ground: #fbe6e3;
  --p1: #33719e; --p2: #6fa9a4; --p3: #c2a24e; --p4: #8f7cb3; --rest: #e9ecea; --unknown: #eef0ee;
  --r1: #b9a98f; --r2: #a8b7a0; --r3: #7fb3c4; --r4: #2f78a8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14181a; --card: #1c2225; --ink: #e3e7e8; --soft: #9aa5aa; --edge: #323b40; --link: #85bde4;
    --ok: #68b98a; --doubt: #e2ad4d; --bad: #f08a80; --doubt-ground: #33290f; --bad-ground: #3b1d1a;
    --p1: #5fa0d0; --p2: #79bdb6; --p3: #d1b566; --p4: #a999cf; --rest: #2a3236; --unknown: #22292c;
    --r1: #8b7d66; --r2: #7f8f77; --r3: #5e97a9; --r4: #58a6d6;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 0 1.25rem 2rem; max-width: 84rem; background: var(--ground); color: var(--ink);
  font: 0.875rem/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums;
}
a { color: var(--link); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 0.25rem; background: var(--card); padding: 0.25rem 0.5rem; }
h1, h2, h3, p, dl, dd, ul, figure { margin: 0; }
h1 { font-size: 1.15rem; font-weight: 650; letter-spacing: -0.01em; }
h1 small, h2 small, h3 small { font-weight: 400; color: var(--soft); font-size: 0.875rem; letter-spacing: 0; }
h2 { font-size: 1rem; font-weight: 650; margin: 1.6rem 0 0.5rem; }
h3 { font-size: 0.875rem; font-weight: 650; }
code { font: 0.8125rem/1.4 ui-monospace, "DejaVu Sans Mono", Consolas, monospace; overflow-wrap: anywhere; }
header { display: flex; flex-wrap: wrap; gap: 0.1rem 1.25rem; align-items: baseline; padding: 0.9rem 0 0; color: var(--soft); }
header h1 { color: var(--ink); }
header nav { margin-left: auto; display: flex; gap: 1.25rem; }
#state h2, #glance h2 { position: absolute; left: -99rem; }
.state, .plots figure, .tile, table, .columns > div { background: var(--card); border: 1px solid var(--edge); border-radius: 6px; }
.state { margin-top: 0.75rem; padding: 0.7rem 1rem; border-left: 5px solid var(--ok); }
.state.warning { border-left-color: var(--doubt); }
.state.failed { border-left-color: var(--bad); background: var(--bad-ground); }
.verdict strong { font-size: 1.15rem; margin-right: 0.5rem; }
.verdict span, .well { color: var(--soft); }
.troubles { list-style: none; padding: 0; margin: 0.45rem 0 0.15rem; }
.troubles li { padding: 0.2rem 0; }
.troubles em { font-style: normal; color: var(--soft); margin: 0 0.35rem; }
.troubles li p { color: var(--soft); margin-left: 1.25rem; max-width: 60rem; }
.troubles small { color: var(--soft); white-space: nowrap; }
.well { margin-top: 0.3rem; font-size: 0.8125rem; }
.mark { width: 0.8rem; height: 0.8rem; margin-right: 0.45rem; vertical-align: -0.06rem; fill: var(--ok); }
.mark.warning { fill: var(--doubt); }
.mark.failed { fill: var(--bad); }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 0.6rem; margin-top: 0.6rem; }
.tile { padding: 0.55rem 0.8rem 0.6rem; }
.tile dt { color: var(--soft); font-size: 0.75rem; line-height: 1.3; min-height: 2.6em; }
.tile b { font-size: 1.4rem; font-weight: 600; line-height: 1.2; letter-spacing: -0.01em; display: block; }
.tile span { color: var(--soft); font-size: 0.75rem; }
.tile.doubtful b { color: var(--doubt); }
.tile.bad { background: var(--bad-ground); }
.tile.bad b { color: var(--bad); }
.plots { display: grid; grid-template-columns: 1fr 1fr; gap: 0.6rem; margin-top: 0.6rem; }
figure { padding: 0.7rem 0.9rem; min-width: 0; }
figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; margin-bottom: 0.5rem; }
figcaption p, .note, .nothing, .summary { color: var(--soft); font-size: 0.8125rem; }
.canvas { display: flex; height: 9rem; }
.scale { display: flex; flex-direction: column; justify-content: space-between; align-items: flex-end; min-width: 3.2rem; padding-right: 0.45rem; margin: -0.55rem 0; color: var(--soft); font-size: 0.75rem; }
.drawing { flex: 1; min-width: 0; height: 100%; display: block; overflow: visible; }
.times { display: flex; justify-content: space-between; margin: 0.2rem 0 0 3.2rem; color: var(--soft); font-size: 0.75rem; }
.ground { stroke: var(--edge); stroke-width: 1px; fill: none; }
.unknown { fill: var(--unknown); }
.legend { list-style: none; padding: 0; margin-top: 0.4rem; display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: 0.8125rem; color: var(--soft); }
.swatch { width: 0.7rem; height: 0.7rem; margin-right: 0.4rem; border-radius: 2px; vertical-align: -0.05rem; }
.p1, .s1 { fill: var(--p1); } .p2 { fill: var(--p2); } .p3 { fill: var(--p3); } .p4 { fill: var(--p4); }
.s2 { fill: var(--p3); } .s3 { fill: var(--p4); } rect.failed { fill: var(--bad); }
.r1 { fill: var(--r1); } .r2 { fill: var(--r2); } .r3 { fill: var(--r3); } .r4, .done { fill: var(--r4); } .rest { fill: var(--rest); }
.line { fill: none; stroke-width: 2px; stroke: var(--p1); }
.line.s2 { stroke: var(--p3); } .line.s3 { stroke: var(--p4); }
.sparkline { width: 7.5rem; height: 1.2rem; fill: var(--soft); display: block; }
.shares { width: 9rem; height: 0.6rem; border-radius: 3px; vertical-align: 0; margin-right: 0.4rem; }
table { width: 100%; border-collapse: separate; border-spacing: 0; margin-top: 0.4rem; }
th, td { padding: 0.32rem 0.7rem; text-align: left; vertical-align: top; font-weight: 400; border-top: 1px solid var(--edge); }
thead th { border-top: 0; color: var(--soft); font-size: 0.75rem; vertical-align: bottom; line-height: 1.3; }
tbody th { overflow-wrap: anywhere; min-width: 7.5rem; }
.whole-word { white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
thead .number { white-space: normal; }
.long { max-width: 30rem; }
td.long, th.long span { color: var(--soft); }
tbody th.long span { display: block; }
td.bad, b.bad { color: var(--bad); font-weight: 600; }
td.doubtful, b.doubtful, em.doubtful { color: var(--doubt); font-weight: 600; font-style: normal; }
.quiet { color: var(--soft); }
.nothing { margin-top: 0.4rem; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0.6rem 1.25rem; align-items: start; }
.columns > div { padding: 0.7rem 0.9rem; }
.columns > .whole { grid-column: 1 / -1; }
.columns > div table { border: 0; border-radius: 0; }
.columns > div th:first-child, .columns > div td:first-child { padding-left: 0; }
.columns > div th:last-child, .columns > div td:last-child { padding-right: 0; }
.columns h2 { margin-top: 1.2rem; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; margin-top: 0.3rem; font-size: 0.8125rem; }
.facts dt { color: var(--soft); }
#changes .facts { background: var(--card); border: 1px solid var(--edge); border-radius: 6px; padding: 0.5rem 0.8rem; }
#changes h3, #cutover h3 { margin-top: 1rem; }
.summary { margin-bottom: 0.2rem; }
footer { margin-top: 2rem; padding-top: 0.7rem; border-top: 1px solid var(--edge); color: var(--soft); font-size: 0.8125rem; }
@media (min-width: 70rem) {
  thead .long { min-width: 16rem; }
  .tiles { grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); }
}
@media (max-width: 60rem) {
  th, td { padding: 0.32rem 0.45rem; }
  .sparkline, .shares { width: 5rem; }
  .plots { grid-template-columns: 1fr; }
}
@media (max-width: 56rem) {
  body { padding: 0 0.75rem 1.5rem; }
  header { padding-top: 0.7rem; }
  .canvas { height: 7.5rem; }
  thead { position: absolute; left: -99rem; }
  table, tbody, tr, tbody th { display: block; }
  tr { padding: 0.5rem 0.75rem; border-top: 1px solid var(--edge); }
  tr:first-child { border-top: 0; }
  th, td, .columns > div th, .columns > div td { border: 0; padding: 0; }
  tbody th { font-weight: 600; }
  tbody th span { font-weight: 400; }
  td { display: inline-block; margin-right: 0.9rem; text-align: left; white-space: normal; }
  td::before { content: attr(data-title) " "; color: var(--soft); font-weight: 400; }
  td.long { display: block; color: var(--ink); }
  td.plot { display: block; margin-right: 0; }
  td.plot::before { display: none; }
  .sparkline { width: 100%; height: 1rem; margin-top: 0.2rem; }
  .shares { width: 100%; display: block; margin: 0.25rem 0 0.1rem; }
  .columns > div tr { padding: 0.4rem 0; }
}
@media (max-width: 44rem) {
  header nav { margin-left: 0; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 0.4rem; }
}
@media print {
  body { max-width: none; background: none; }
  header nav { display: none; }
}
`;
