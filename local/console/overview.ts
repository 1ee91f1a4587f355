import { escapeHtml } from '../../shared/text/html.js';
import type { FaultState } from '../firehose/faults.js';
import { billOf } from '../meter/bill.js';
import {
  aggregationRows,
  aggregationVerdict,
  billRows,
  money,
  monthly,
  type Rows,
  streamRows,
} from '../meter/table.js';
import type { Usage } from '../meter/usage.js';

/**
 * The console's first page: what went through the stack and what AWS would bill. It asks for itself again.
 *
 * @param token what its form proves with that it is the console's own.
 */
export function renderOverview(usage: Usage, faults: FaultState, token: string): string {
  const bill = billOf(usage);
  const struck = Object.entries(faults.rates).filter(([, rate]) => rate > 0);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>Firesplit on this machine</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Firesplit <span>on this machine</span></h1>
<nav><a href="/slack">Slack inbox</a> <a href="/faults">Faults</a></nav>
</header>
<main>
<div class="figures">
<div><b>${money(bill.dollars)}</b>AWS would have billed so far</div>
<div><b>${bill.monthlyDollars === undefined ? '–' : money(bill.monthlyDollars)}</b>a month at this rate${bill.monthlyDollars === undefined ? `: ${monthly(bill)}` : ''}</div>
<div><b>${duration(usage.upMs)}</b>up, counting since ${new Date(usage.since).toISOString().slice(0, 16).replace('T', ' ')} UTC</div>
</div>
${struck.length > 0 ? faultsHtml(struck, token) : ''}
<h2>Streams</h2>
${Object.keys(usage.streams).length > 0 ? table(streamRows(usage)) : '<p class="soft">No records yet. Send some with <code>firesplit send FILE</code>.</p>'}
${bill.aggregation ? `<h2>What aggregation saves</h2>\n${table(aggregationRows(bill.aggregation))}\n<p class="soft">${escapeHtml(aggregationVerdict(bill.aggregation))}</p>` : ''}
<h2>The bill</h2>
${table([...billRows(bill), ['', '', 'sum', money(bill.dollars)]])}
<p class="soft">List prices of us-east-1, on demand, without free tiers; see also <code>firesplit cost</code>. Not counted: Athena, logs, data transfer.</p>
</main>
</body>
</html>
`;
}

/** What is on, and a button that ends it. */
function faultsHtml(struck: readonly (readonly [kind: string, rate: number])[], token: string): string {
  return `<form class="warning" method="post" action="/faults">
Faults are on: ${struck.map(([kind, rate]) => `${kind}=${rate}`).join(', ')}
<input type="hidden" name="token" value="${token}"><button>End them</button>
</form>`;
}

function table([head = [], ...rows]: Rows): string {
  // Names stand left, figures right.
  const isText = head.map((_, index) => rows.every((row) => !/^[$\d]/.test(row[index] ?? '')));
  const line = (cells: readonly string[], tag: 'th' | 'td') =>
    `<tr>${cells.map((cell, index) => `<${tag}${isText[index] ? '' : ' class="n"'}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>\n<thead>${line(head, 'th')}</thead>\n<tbody>\n${rows.map((row) => line(row, 'td')).join('\n')}\n</tbody>\n</table>`;
}

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.floor(ms / 1000)} s`;
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const style = `
:root { color-scheme: light dark; --bg: #fff; --fg: #1d1c1d; --soft: #616061; --line: #ddd; --code: #f8f8f8; --link: #1264a3; --red: #c01343; }
@media (prefers-color-scheme: dark) { :root { --bg: #1a1d21; --fg: #d1d2d3; --soft: #9a9b9d; --line: #35373b; --code: #222529; --link: #4aa8e0; --red: #f2718f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 15px/1.47 system-ui, sans-serif; }
header, main { max-width: 780px; margin: 0 auto; padding: 16px 20px; }
header { border-bottom: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: baseline; justify-content: space-between; }
h1 { margin: 0; font-size: 18px; }
h1 span { font-weight: 400; color: var(--soft); }
nav { display: flex; gap: 16px; }
h2 { margin: 28px 0 8px; font-size: 15px; }
a { color: var(--link); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 12px; }
.figures div { padding: 12px 16px; background: var(--code); border: 1px solid var(--line); border-radius: 8px; color: var(--soft); font-size: 13px; }
.figures b { display: block; color: var(--fg); font-size: 24px; font-variant-numeric: tabular-nums; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); text-align: left; overflow-wrap: break-word; }
th { color: var(--soft); font-size: 13px; font-weight: 400; }
th:last-child, td:last-child { padding-right: 0; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
main { overflow-x: auto; }
@media (max-width: 480px) { table { font-size: 13px; } th, td { padding-right: 8px; } }
.soft { margin: 8px 0; color: var(--soft); font-size: 13px; }
.warning { margin: 16px 0 0; color: var(--red); font-weight: 600; }
code { font: 12px ui-monospace, monospace; padding: 2px 4px; background: var(--code); border: 1px solid var(--line); border-radius: 3px; }
`;
