import { escapeHtml } from '../web/html.js';
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
<meta http-equiv="refresh" content="5">
<title>Log intake (${total})</title>
<style>${style}</style>
</head>
<body>
<header><h1>Log intake</h1>
<p>Entries that were forwarded, as the sink would get them: ${count}, newest first. <a href="/">To the console</a></p></header>
<main>
${list || '<p>Nothing yet. Rows come here once they have landed, if infra/firesplit.yml has a section forward.</p>'}
</main>
</body>
</html>
`;
}

function entryHtml({ api, at, entry }: TakenEntry): string {
  const time = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  return `<article><p>${time} UTC, ${api}</p><pre>${escapeHtml(JSON.stringify(entry, null, 2))}</pre></article>`;
}

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
article { border-top: 1px solid #8884; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
`;
