/** The look of the page. Colours are named once for light, once for dark; print is always light. */
const light = `
  --paper: #fdfcf9; --sheet: #f5f3ec; --ink: #1f1e1b; --soft: #66635b; --rule: #dcd8cc; --link: #1f5a93;
  --figure-accent: #1f5a93; --figure-second: #b4491f; --figure-third: #3f7d4e; --figure-fourth: #7a4f9a;
  --figure-fifth: #9a7a1c; --figure-sixth: #2c8b8b; --figure-quiet: #8a8a86; --alarm: #a02c16;`;

const dark = `
  --paper: #15171b; --sheet: #1d2026; --ink: #dedbd3; --soft: #9b9a95; --rule: #34383f; --link: #8db9e8;
  --figure-accent: #7fb2e8; --figure-second: #ea9a70; --figure-third: #84c795; --figure-fourth: #c39be0;
  --figure-fifth: #d9bd68; --figure-sixth: #6fcaca; --figure-quiet: #8a8f98; --alarm: #f08a70;`;

export const pageStyle = `
:root { color-scheme: light; ${light} }
@media (prefers-color-scheme: dark) { :root { color-scheme: dark; ${dark} } }
@media print { :root { color-scheme: light; ${light} --paper: #fff; --sheet: #fff; } }

* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 3.5rem 1.5rem 5rem; max-width: 51rem;
  background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.55 "Iowan Old Style", "Palatino Linotype", Palatino, "Source Serif 4", "Liberation Serif", Georgia, serif;
}
h1, h2, h3 { font-weight: 600; line-height: 1.2; text-wrap: balance; break-after: avoid; }
h1 { font-size: 2.1rem; margin: 0 0 .4rem; letter-spacing: -.01em; }
h2 { font-size: 1.35rem; margin: 3.2rem 0 .9rem; padding-top: .9rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1.05rem; margin: 2rem 0 .4rem; }
p { margin: .6rem 0; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .15em; }
code, pre { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { font-size: .86em; }
sub, sup { line-height: 0; font-size: .75em; }
.kicker, figcaption, th, dt, footer, .facts span {
  font-family: system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
}
.kicker { margin: 0 0 .6rem; font-size: .75rem; letter-spacing: .12em; text-transform: uppercase; color: var(--soft); }
.lead { font-size: 1.125rem; color: var(--soft); margin: 0; }
.note { color: var(--soft); font-size: .95rem; }
.alarm { border-left: 3px solid var(--alarm); padding: .15rem 0 .15rem .9rem; margin: 1rem 0; }
.alarm ul { margin: .2rem 0; padding-left: 1.1rem; }

.facts { display: flex; flex-wrap: wrap; gap: 1rem 2.4rem; margin: 1.8rem 0 0; padding: 1rem 0;
  border-block: 1px solid var(--rule); }
.facts span { display: block; font-size: .75rem; color: var(--soft); }
.facts strong { display: block; margin-top: .1rem; font-size: 1.2rem; font-weight: 600; font-variant-numeric: tabular-nums lining-nums; }

.table { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums lining-nums; font-size: 1rem; }
th { text-align: left; font-size: .75rem; font-weight: 500; color: var(--soft); border-bottom: 1px solid var(--ink);
  padding: .3rem 1rem .35rem 0; white-space: nowrap; vertical-align: bottom; }
td { padding: .34rem 1rem .34rem 0; border-bottom: 1px solid var(--rule); vertical-align: baseline; }
th:last-child, td:last-child { padding-right: 0; }
.wide table { font-size: .85rem; }
.wide th, .wide td { padding-right: .6rem; }
.number { text-align: right; white-space: nowrap; }
tbody th { border-bottom-color: var(--rule); vertical-align: baseline; }
tr.flagged td { color: var(--alarm); }
tr.open td { border-bottom: 0; padding-bottom: 0; }
tr.group td { padding-top: 1.3rem; font-style: italic; color: var(--soft); }
ol.notes { margin: .6rem 0; padding-left: 1.2rem; font-size: .9rem; color: var(--soft); }
ol.notes li { margin: .2rem 0; }

figure { margin: 1rem 0; break-inside: avoid; min-width: 0; }
figcaption { font-size: .8rem; line-height: 1.4; color: var(--soft); margin: .35rem 0 0; }
.pair { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 0 1.75rem; }
.pair figure { margin-top: .2rem; }
.record { display: grid; grid-template-columns: 2fr 1fr; gap: 0 1.1rem; align-items: end; break-inside: avoid; }
.record figure { margin: .3rem 0; }
.refusal { align-self: center; }
svg.figure { --plot-background: var(--paper); display: block; height: auto; max-width: 100%; color: var(--ink);
  font-family: system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial, sans-serif; }

dl { display: grid; grid-template-columns: fit-content(12rem) 1fr; align-content: start; gap: .3rem 1.5rem; margin: 1rem 0; }
dt { font-size: .8rem; color: var(--soft); padding-top: .2rem; }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums lining-nums; }
pre { background: var(--sheet); border: 1px solid var(--rule); border-radius: 3px; padding: 1rem 1.1rem; overflow-x: auto;
  font-size: .8rem; line-height: 1.5; }
ol.citations { padding-left: 1.4rem; font-size: .95rem; }
ol.citations li { margin: .35rem 0; }
details > summary { cursor: pointer; color: var(--link); margin: .8rem 0; }
footer { margin-top: 4rem; padding-top: .9rem; border-top: 1px solid var(--rule); font-size: .75rem; color: var(--soft); }

@media (max-width: 40rem) {
  body { padding: 1.75rem 1.1rem 3rem; font-size: 1rem; }
  h1 { font-size: 1.6rem; }
  .record { grid-template-columns: 1fr; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
}
@media print {
  @page { margin: 18mm 16mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2 { margin-top: 1.6rem; }
  a { color: inherit; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .pair { grid-template-columns: 1fr 1fr; }
  tr, .facts, .pair figure, dl { break-inside: avoid; }
  .table { overflow: visible; }
}
`;
