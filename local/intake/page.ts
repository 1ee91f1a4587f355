import { escapeHtml } from '../../shared/text/html.js';
import type { TakenEntry } from './readRequest.js';

/** What was forwarded, as a web page: everything escaped, nothing loaded, no script; it asks for itself again. */
export function renderIntake({
  total,
  entries,
}: {
  readonly total: number;
  readonly entries: readonly TakenEntry[];
}): string {
  const count = total === entries.length ? `${total}` : `the latest ${entries.length} of ${total}`;
  const list = entries.map(entryHtml).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="30">
<title>Log intake (${total})</title>
<style>${style}</style>
</head>
<body>
<header><h1>Log intake</h1>
<p>Entries that were forwarded, as the sink would get them: ${count}, newest first, read again every half minute. <a href="/">To the console</a></p></header>
<main>
${list || '<p>Nothing yet. Rows come here once they have landed, if infra/firesplit.yml has a section forward.</p>'}
</main>
</body>
</html>
`;
}

function entryHtml({ api, at, entry }: TakenEntry): string {
  const time = new Date(at).toISOString().slice(11, 19);
  const json = JSON.stringify(entry, null, 2);
  return `<details><summary><span>${time} ${api}</span> ${escapeHtml(titleOf(entry))}</summary><pre>${escapeHtml(json)}</pre></details>`;
}

/** Service, level and message, as far as an entry of any API has them. */
function titleOf(entry: unknown): string {
  const { service, status, level, severityText, message, body, path } = entry as Record<string, unknown>;
  const text = message ?? (body as { readonly stringValue?: unknown } | undefined)?.stringValue ?? path;
  const title = [service, status ?? level ?? severityText, text].filter((part) => typeof part === 'string').join(' · ');
  return title.slice(0, TITLE_CHARACTERS);
}

const TITLE_CHARACTERS = 200;

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
details { border-top: 1px solid #8884; }
summary { padding: 0.35rem 0; cursor: pointer; overflow-wrap: anywhere; }
summary span { font-variant-numeric: tabular-nums; opacity: 0.6; }
pre { margin: 0 0 0.75rem 1.2rem; font-size: 13px; white-space: pre-wrap; overflow-wrap: anywhere; }
`;
