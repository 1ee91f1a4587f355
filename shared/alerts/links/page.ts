import { createHash } from 'node:crypto';
import { silenceLinks } from '../../bounds.js';
import { escapeHtml } from '../../text/html.js';
import { spanText } from '../../text/wording.js';
import type { Silence } from '../ports.js';
import { type Choice, choices } from './form.js';
import type { LinkSilence } from './linkSilence.js';

/** What the page of a link shows: plain text, which may hold anything. */
export interface LinkView {
  readonly title: string;
  /** Name and value, in order. */
  readonly facts: readonly (readonly [string, string])[];
  readonly isFiring: boolean;
  /** The silence of this alert that holds. */
  readonly silence: LinkSilence | undefined;
  /** Another silence that holds it back. */
  readonly other: Silence | undefined;
  /** Who ended the silence of this alert before its time, if it was the last thing that happened. */
  readonly endedBy: string | undefined;
  /** What was wrong with what was sent. */
  readonly problem: string | undefined;
  /** Of the form; a page that is shown again after a problem has the same one. */
  readonly form: { readonly id: string; readonly name: string; readonly why: string };
  readonly now: number;
}

/** The page of a link: what its alert is, what holds, and the buttons. */
export function linkPage(view: LinkView): string {
  const { title, facts, problem, silence } = view;
  const list = facts.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd><bdi>${escapeHtml(value)}</bdi></dd>`);
  return page(`Silence: ${title}`, [
    `<h1><bdi>${escapeHtml(title)}</bdi></h1>`,
    `<dl>${list.join('')}</dl>`,
    ...statusOf(view).map((text) => `<p role="status">${text}</p>`),
    ...(problem === undefined ? [] : [`<p role="alert">${escapeHtml(problem)}</p>`]),
    formOf(view),
    `<p><small>${silence ? 'Its' : 'While it is silenced, its'} lines are counted, and told when the silence ends. Your name and the reason are shown to your colleagues.</small></p>`,
  ]);
}

/** A page that only says something. */
export function plainPage(title: string, paragraphs: readonly string[]): string {
  const texts = paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`);
  return page(title, [`<h1>${escapeHtml(title)}</h1>`, ...texts]);
}

/** Markup. */
function statusOf({ silence, other, endedBy, isFiring, now }: LinkView): string[] {
  const texts: string[] = [];
  if (silence) texts.push(`🔕 <strong>Silenced</strong> ${spanOf(silence, now)}, by ${quoted(silence)}.`);
  if (other) texts.push(`🔕 Silenced by ${quoted(other)} too, ${spanOf(other, now)}. This page does not end that one.`);
  if (!silence && endedBy !== undefined) texts.push(`The silence was ended by <bdi>${escapeHtml(endedBy)}</bdi>.`);
  if (!silence && !other) texts.push('People are told of this alert.');
  texts.push(isFiring ? 'It goes on at present.' : 'It is over at present.');
  return texts;
}

function spanOf({ until, untilResolved }: Silence, now: number): string {
  const end = `${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return untilResolved ? `until it is over, ${end} at the latest` : `until ${end}, for ${spanText(until - now)}`;
}

function quoted({ by, why }: Silence): string {
  return `<bdi>${escapeHtml(by)}</bdi> (<bdi>${escapeHtml(why)}</bdi>)`;
}

const labels: Readonly<Record<Choice, string>> = {
  '1h': 'For 1 hour',
  '8h': 'For 8 hours',
  resolved: 'Until it is over',
};

function formOf({ silence, isFiring, form }: LinkView): string {
  const offered = choices.filter((choice) => choice !== 'resolved' || isFiring);
  const buttons = offered.map((choice) => `<button name="act" value="${choice}">${labels[choice]}</button>`);
  const end = silence ? ['<button name="act" value="end" class="end">End the silence</button>'] : [];
  const { maxName, maxReason } = silenceLinks;
  return `<form method="post">
<input type="hidden" name="form" value="${escapeHtml(form.id)}">
<label for="name">Your name</label>
<input id="name" name="name" required maxlength="${maxName}" autocomplete="name" value="${escapeHtml(form.name)}">
<label for="why">Why <small>(may be left out)</small></label>
<input id="why" name="why" maxlength="${maxReason}" autocomplete="off" value="${escapeHtml(form.why)}">
<fieldset><legend>${silence ? 'Instead, tell nobody' : 'Tell nobody'}</legend>${[...buttons, ...end].join('\n')}</fieldset>
</form>`;
}

function page(title: string, body: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body.join('\n')}
</main>
</body>
</html>
`;
}

const style = `
:root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 34rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.3rem; line-height: 1.3; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dt { opacity: .75; }
dd { margin: 0; }
label { display: block; margin-top: .8rem; }
input { box-sizing: border-box; width: 100%; font: inherit; padding: .6rem; }
fieldset { border: 0; margin: 1rem 0; padding: 0; display: grid; gap: .6rem; }
legend { padding: 0; }
button { font: inherit; min-height: 2.8rem; padding: .5rem 1rem; }
.end { font-weight: bold; }
[role=alert] { border-left: .3rem solid #c62828; padding-left: .7rem; }
`;

/** No script, nothing loaded, this style alone, forms to this very place, and no frame round it that could lead a click astray. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');
