import { escapeHtml } from '../../shared/text/html.js';
import type { Block, Button, SlackMessage, TextObject } from './message.js';
import { decodeEntities, formatDate, type Piece, parseMrkdwn } from './mrkdwn.js';

/**
 * The inbox as a web page: everything escaped, nothing loaded from elsewhere, no script; it asks for itself again.
 *
 * @param route shows what came to this route alone.
 */
export function renderHtml(messages: readonly SlackMessage[], route?: string): string {
  const shown = messages.filter((message) => route === undefined || message.route === route);
  const list = shown
    .toReversed()
    .map((message) => messageHtml(message))
    .join('\n');
  return page({
    title: `Slack inbox (${shown.length})`,
    head: '<meta http-equiv="refresh" content="5">',
    header: `<h1># ${escapeHtml(route ?? 'all routes')}</h1>
${routesHtml(messages, route)}
<p>${shown.length === 1 ? '1 message' : `${shown.length} messages`}, newest first. What Slack would show. <a href="/">To the console</a></p>`,
    main: list || '<p class="empty">Nothing yet. When a rule fires, its message appears here.</p>',
  });
}

/** One message as a web page of its own. */
export function renderPreview(message: SlackMessage, title: string): string {
  return page({
    title,
    head: '',
    header: `<h1># ${escapeHtml(message.route)}</h1>\n<p>${escapeHtml(title)}</p>`,
    main: messageHtml(message),
  });
}

interface Page {
  readonly title: string;
  /** The others are markup. */
  readonly head: string;
  readonly header: string;
  readonly main: string;
}

function page({ title, head, header, main }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${head}
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<header>${header}</header>
<main>
${main}
</main>
</body>
</html>
`;
}

/** Links to the messages of each route that got some; none while there is but one. */
function routesHtml(messages: readonly SlackMessage[], current: string | undefined): string {
  const counts = new Map<string, number>();
  for (const { route } of messages) counts.set(route, (counts.get(route) ?? 0) + 1);
  if (counts.size < 2 && current === undefined) return '';
  const routes = [...counts].sort(([a], [b]) => a.localeCompare(b));
  const link = (href: string, name: string, count: number, here: boolean) =>
    `<a href="${escapeHtml(href)}"${here ? ' aria-current="page"' : ''}>${escapeHtml(name)} <small>${count}</small></a>`;
  return `<nav>${[
    link('/slack', 'all', messages.length, current === undefined),
    ...routes.map(([route, count]) => link(`/slack/${route}`, `#${route}`, count, route === current)),
  ].join(' ')}</nav>`;
}

function messageHtml(message: SlackMessage): string {
  const blocks: readonly Block[] =
    message.blocks.length > 0 ? message.blocks : [{ type: 'section', text: { type: 'mrkdwn', text: message.text } }];
  const warnings = message.mentions.map((mention) => `<p class="warning">⚠ would notify: ${escapeHtml(mention)}</p>`);
  const time = new Date(message.receivedAt).toISOString();
  return `<article>
<div class="avatar" aria-hidden="true">🔥</div>
<div>
<p class="from"><b>Firesplit</b> <span class="app">APP</span> <time datetime="${time}">${time.slice(0, 19).replace('T', ' ')} UTC</time> <span class="route">#${escapeHtml(message.route)}</span></p>
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
    case 'actions':
      return `<p class="actions">${block.elements.map(buttonHtml).join(' ')}</p>`;
    case 'context':
      return `<p class="context">${block.elements.map(textHtml).join(' ')}</p>`;
    case 'divider':
      return '<hr>';
  }
}

function buttonHtml({ text, url }: Button): string {
  return isWebAddress(url)
    ? `<a class="button" href="${escapeHtml(url)}" rel="noreferrer">${textHtml(text)}</a>`
    : `<span class="button">${textHtml(text)}</span>`;
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
      return isWebAddress(piece.href)
        ? `<a href="${escapeHtml(piece.href)}" rel="noreferrer">${text}</a>`
        : `<u>${text}</u>`;
    case 'text':
      return text.replaceAll('\n', '<br>');
  }
}

function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url);
}

const style = `
:root { color-scheme: light dark; --bg: #fff; --fg: #1d1c1d; --soft: #616061; --line: #ddd; --code: #f8f8f8; --link: #1264a3; --red: #c01343; --mark: #fff3c4; }
@media (prefers-color-scheme: dark) { :root { --bg: #1a1d21; --fg: #d1d2d3; --soft: #9a9b9d; --line: #35373b; --code: #222529; --link: #4aa8e0; --red: #f2718f; --mark: #574500; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 15px/1.47 system-ui, sans-serif; }
header, main { max-width: 780px; margin: 0 auto; padding: 16px 20px; }
header { border-bottom: 1px solid var(--line); }
h1 { margin: 0; font-size: 18px; }
nav { display: flex; flex-wrap: wrap; gap: 4px 12px; margin: 6px 0; font-size: 14px; }
nav a[aria-current] { color: inherit; font-weight: 600; text-decoration: none; }
small, .route { color: var(--soft); font-size: 13px; }
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
.actions { margin: 8px 0; display: flex; flex-wrap: wrap; gap: 8px; }
.button { display: inline-block; padding: 5px 12px; border: 1px solid var(--line); border-radius: 4px; color: inherit; font-size: 14px; font-weight: 600; text-decoration: none; }
.button:hover { background: var(--code); }
mark { background: var(--mark); color: inherit; }
.warning { color: var(--red); font-weight: 600; margin: 4px 0; }
.empty { color: var(--soft); text-align: center; padding: 48px 0; }
.fields time, .text time { font-size: inherit; }
`;
