import type { Alert } from '../alerts/ports.js';
import { type SlackBlock, section } from './blocks.js';
import { inlineCode } from './escape.js';

/** Characters of an address in a message: all blocks share {@link slack.maxBlocksText}. */
const maxUrl = 1200;

/**
 * Where to go from here, in one line. Links rather than buttons: Slack expects somebody to answer it about a button that was pressed,
 * and shows a warning beside it when nobody does.
 *
 * @param query the query of the message, as text.
 */
export function linksOf({ settings, silenceUrl }: Alert, query: string | undefined): readonly SlackBlock[] {
  const { runbook, queryUrl } = settings;
  const places = [
    ...runbookLink(runbook),
    ...(query === undefined || queryUrl === undefined ? [] : [link('🔎 Query', queryAddress(queryUrl, query)) ?? []]),
    ...silenceLink(silenceUrl),
  ].flat();
  return places.length === 0 ? [] : [section(places.join(between))];
}

/** What stands between two links. */
export const between = '  ·  ';

/** As text where it is a path. */
export function runbookLink(runbook: string | undefined): readonly string[] {
  return runbook === undefined ? [] : [link('📖 Runbook', runbook) ?? `📖 Runbook: ${inlineCode(runbook, 200)}`];
}

export function silenceLink(url: string | undefined): readonly string[] {
  return url === undefined ? [] : [link('🔕 Silence', url) ?? []].flat();
}

/** The page of a query: the query takes the place of `{query}`; without one, or when it is too long, it is the page alone. */
function queryAddress(url: string, query: string): string {
  const filled = url.replaceAll('{query}', encodeURIComponent(query));
  return filled.length <= maxUrl ? filled : url.replaceAll('{query}', '');
}

/** Undefined when it is no web address. */
function link(label: string, url: string): string | undefined {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url) || url.length > maxUrl) return undefined;
  // Between < and > these end an address or begin an entity.
  const address = url.replaceAll('&', '&amp;').replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll('|', '%7C');
  return `<${address}|${label}>`;
}
