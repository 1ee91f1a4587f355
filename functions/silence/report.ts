import type { LinkAnswer } from '../../shared/alerts/links/answer.js';
import { FunctionMetrics } from '../adapters/functionMetrics.js';

export const metrics = new FunctionMetrics('silence');

/**
 * Counts what a request came to, and logs what a form has changed: who says so, from which address. The address stays in this
 * log, which is kept for 30 days; colleagues see the name. Of requests without a link of ours there is no line at all: anybody may
 * send them, and lines would cost more than the rest of it.
 */
export function report({ status, noted }: LinkAnswer, address: string): void {
  if (refusals.includes(status)) metrics.add('SilenceLinksRefused', 1);
  if (!noted) return;
  metrics.add('SilencesByLink', 1);
  const { until, ...what } = noted;
  const message = noted.act === 'end' ? 'a silence was ended by a link' : 'an alert was silenced by a link';
  console.info(JSON.stringify({ level: 'info', message, ...what, until: new Date(until).toISOString(), address }));
}

/** Of those who have a link. */
const refusals = [400, 403, 409, 410, 413, 415, 429];

export function reportFailure(error: unknown): void {
  metrics.add('SilenceLinkFailures', 1);
  console.error(JSON.stringify({ level: 'error', message: 'a request could not be answered', reason: String(error) }));
}

export function reportKeys(reason: string): void {
  const message = 'links in messages do not work; docs/silences.md says how to set their key';
  console.warn(JSON.stringify({ level: 'warn', message, reason }));
}
