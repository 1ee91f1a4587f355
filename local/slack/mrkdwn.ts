/** A piece of Slack's mrkdwn, entities decoded. https://docs.slack.dev/messaging/formatting-message-text */
export type Piece =
  | { readonly kind: 'text' | 'bold' | 'italic' | 'strike' | 'code' | 'fence' | 'mention'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  /** `at` is in ms since the epoch. */
  | { readonly kind: 'date'; readonly at: number; readonly format: string; readonly text: string };

const syntax =
  /```\n?(?<fence>[\s\S]*?)\n?```|`(?<code>[^`\n]+)`|<(?<control>[^<>]+)>|\*(?<bold>[^*\n]+)\*|\b_(?<italic>[^_\n]+)_\b|~(?<strike>[^~\n]+)~/g;

/** Takes mrkdwn apart as Slack does. Styles do not nest: alerts have no need of it. */
export function parseMrkdwn(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of text.matchAll(syntax)) {
    if (found.index > end) pieces.push({ kind: 'text', text: decodeEntities(text.slice(end, found.index)) });
    pieces.push(pieceOf(found.groups ?? {}));
    end = found.index + found[0].length;
  }
  if (end < text.length) pieces.push({ kind: 'text', text: decodeEntities(text.slice(end)) });
  return pieces;
}

/** The control sequences that would notify or point at somebody, code or not: Slack looks for them everywhere. */
export function mentionsIn(text: string): string[] {
  return text.match(/<(?:@[^<>]+|#[^<>]+|!(?!date\^)[^<>]+)>/g) ?? [];
}

/** A date as Slack shows it to a reader in this time zone (an IANA name; the machine's own when absent). */
export function formatDate(at: number, format: string, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const date = new Intl.DateTimeFormat('en', { ...zone, month: 'short', day: 'numeric', year: 'numeric' });
  const time = new Intl.DateTimeFormat('en', { ...zone, hour: 'numeric', minute: '2-digit' });
  const seconds = new Intl.DateTimeFormat('en', { ...zone, hour: 'numeric', minute: '2-digit', second: '2-digit' });
  return (
    format
      .replace(/\{date[a-z_]*\}/g, date.format(at))
      .replaceAll('{time_secs}', seconds.format(at))
      .replaceAll('{time}', time.format(at))
      // Between the time and AM or PM some versions of ICU put a narrow space, which not every terminal can show.
      .replaceAll('\u202F', ' ')
  );
}

function pieceOf(groups: Readonly<Record<string, string | undefined>>): Piece {
  for (const kind of ['fence', 'code', 'bold', 'italic', 'strike'] as const) {
    const text = groups[kind];
    if (text !== undefined) return { kind, text: decodeEntities(text) };
  }
  return controlOf(groups.control ?? '');
}

function controlOf(control: string): Piece {
  const date = /^!date\^(\d+)\^([^|^]+)(?:\^[^|]*)?\|(.*)$/s.exec(control);
  if (date) {
    const [, seconds, format = '', fallback = ''] = date;
    const [at, text] = [Number(seconds) * 1000, decodeEntities(fallback)];
    // Beyond the year 275760 there are no dates: https://tc39.es/ecma262/#sec-time-values-and-time-range
    return Number.isNaN(new Date(at).getTime())
      ? { kind: 'text', text }
      : { kind: 'date', at, format: decodeEntities(format), text };
  }
  const [target = '', label] = control.split('|', 2);
  if (/^[@#!]/.test(target)) return { kind: 'mention', text: decodeEntities(label ?? target.replace('!', '@')) };
  return { kind: 'link', text: decodeEntities(label ?? target), href: decodeEntities(target) };
}

/** Slack's three entities, which it decodes in plain text as well. */
export function decodeEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
