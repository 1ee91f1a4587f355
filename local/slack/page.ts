import { escapeHtml } from '../html.js';
import type { Block, SlackMessage, TextObject } from './message.js';
import { decodeEntities, formatDate, type Piece, parseMrkdwn } from './mrkdwn.js';

/** The inbox as a web page: everything escaped, nothing loaded from elsewhere, no script; it asks for itself again. */
export function renderHtml(messages: readonly SlackMessage[]): string {
  const list = [...messages].reverse().map(messageHtml).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>Slack inbox (${messages.length})</title>
<style>${style}</style>
</head>
<body>
<header><h1># alerts</h1><p>${messages.length === 1 ? '1 message' : `${messages.length} messages`}, newest first. What Slack would show.</p></header>
<main>
${list || '<p class="empty">Nothing yet. When a rule fires, its message appears here.</p>'}
</main>
</body>
</html>
`;
}

function messageHtml(message: SlackMessage): string {
  const blocks: readonly Block[] =
    message.blocks.length > 0 ? message.blocks : [{ type: 'section', text: { type: 'mrkdwn', text: message.text } }];
  const warnings = message.mentions.map((mention) => `<p class="warning">⚠ would notify: ${escapeHtml(mention)}</p>`);
  const time = new Date(message.receivedAt).toISOString();
  return `<article>
<div class="avatar" aria-hidden="true">🔥</div>
<div>
<p class="from"><b>Firesplit</b> <span class="app">APP</span> <time datetime="${time}">${time.slice(0, 19).replace('T', ' ')} UTC</time></p>
${blocks.map(blockHtml).join('\n')}
${warnings.join('\n')}
</div>
</article>`;
}

function blockHtml(block: Block): string {
  switch (block.type) {
    case 'header':
      return `<h2>${textHtml(block.text)}</h2>`;
    case 'section': {
      const text = block.text ? `<div class="text">${textHtml(block.text)}</div>` : '';
      const fields = (block.fields ?? []).map((field) => `<div>${textHtml(field)}</div>`).join('');
      return fields ? `${text}<div class="fields">${fields}</div>` : text;
    }
    case 'context':
      return `<p class="context">${block.elements.map(textHtml).join(' ')}</p>`;
    case 'divider':
      return '<hr>';
  }
}

function textHtml({ type, text }: TextObject): string {
  if (type === 'mrkdwn') return parseMrkdwn(text).map(pieceHtml).join('');
  return escapeHtml(decodeEntities(text));
}

function pieceHtml(piece: Piece): string {
  const text = escapeHtml(piece.text);
  switch (piece.kind) {
    case 'bold':
      return `<b>${text}</b>`;
    case 'italic':
      return `<i>${text}</i>`;
    case 'strike':
      return `<s>${text}</s>`;
    case 'code':
      return `<code>${text}</code>`;
    case 'fence':
      return `<pre>${text}</pre>`;
    case 'mention':
      return `<mark>${text}</mark>`;
    case 'date':
      return `<time datetime="${new Date(piece.at).toISOString()}" title="${text}">${escapeHtml(formatDate(piece.at, piece.format))}</time>`;
    case 'link':
      return /^https?:\/\//.test(piece.href)
        ? `<a href="${escapeHtml(piece.href)}" rel="noreferrer">${text}</a>`
        : `<u>${text}</u>`;
    case 'text':
      return text.replaceAll('\n', '<br>');
  }
}

const style = `
:root { color-scheme: light dark; --bg: #fff; --fg: #1d1c1d; --soft: #616061; --line: #ddd; --code: #f8f8f8; --link: #1264a3; --red: #c01343; --mark: #fff3c4; }
@media (prefers-color-scheme: dark) { :root { --bg: #1a1d21; --fg: #d1d2d3; --soft: #9a9b9d; --line: #35373b; --code: #222529; --link: #4aa8e0; --red: #f2718f; --mark: #574500; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 15px/1.47 system-ui, sans-serif; }
header, main { max-width: 780px; margin: 0 auto; padding: 16px 20px; }
header { border-bottom: 1px solid var(--line); }
h1 { margin: 0; font-size: 18px; }
header p, .context, time { margin: 0; color: var(--soft); font-size: 13px; }
article { display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: 10px; padding: 14px 0; border-bottom: 1px solid var(--line); }
.avatar { width: 36px; height: 36px; border-radius: 8px; background: var(--code); border: 1px solid var(--line); display: grid; place-items: center; font-size: 20px; }
.from { margin: 0 0 4px; }
.app { font-size: 10px; padding: 1px 4px; border-radius: 3px; background: var(--line); color: var(--soft); vertical-align: 1px; }
h2 { margin: 4px 0; font-size: 18px; }
.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 8px 16px; margin: 8px 0; overflow-wrap: anywhere; }
.text { margin: 8px 0; overflow-wrap: anywhere; }
pre { margin: 4px 0; padding: 8px; background: var(--code); border: 1px solid var(--line); border-radius: 4px; font: 12px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
code { font: 12px ui-monospace, monospace; padding: 2px 4px; background: var(--code); border: 1px solid var(--line); border-radius: 3px; color: var(--red); }
a { color: var(--link); }
mark { background: var(--mark); color: inherit; }
.warning { color: var(--red); font-weight: 600; margin: 4px 0; }
.empty { color: var(--soft); text-align: center; padding: 48px 0; }
.fields time, .text time { font-size: inherit; }
`;
