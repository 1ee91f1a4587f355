import { endingWord } from '../alerts/endingText.js';
import type { Post } from '../alerts/ports.js';
import type { Severity } from '../conditions/ruleSettings.js';
import { pagerduty } from '../limits.js';
import type { Rule } from '../rules/language/rule.js';
import { type Incident, incidentsOf } from './incidents.js';

/** An event of PagerDuty's Events API v2, but for the key of its integration: https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ */
export interface PagerdutyEvent {
  readonly event_action: 'trigger' | 'resolve';
  readonly dedup_key: string;
  readonly payload?: {
    readonly summary: string;
    readonly source: string;
    readonly severity: Severity;
    readonly timestamp: string;
    readonly component?: string;
    readonly class: string;
    readonly custom_details: Readonly<Record<string, unknown>>;
  };
  readonly links?: readonly { readonly href: string; readonly text: string }[];
  readonly client?: string;
}

/** One event for each alert that a message tells of: an incident of PagerDuty is an alert's rule and key. */
export function pagerdutyEvents(post: Post, rules: readonly Rule[]): PagerdutyEvent[] {
  return incidentsOf(post, rules).map(eventOf);
}

function eventOf({
  id,
  isOver,
  ending,
  title,
  severity,
  service,
  rule,
  time,
  details,
  links,
}: Incident): PagerdutyEvent {
  if (isOver && !ending) return { event_action: 'resolve', dedup_key: id };
  const summary = ending ? `${endingWord({ ending })}: ${title}` : title;
  return withinSize({
    event_action: isOver ? 'resolve' : 'trigger',
    dedup_key: id,
    payload: {
      summary: short(summary),
      source: service?.trim() ? short(service) : 'firesplit',
      severity,
      timestamp: time,
      ...(service === undefined ? {} : { component: short(service) }),
      class: short(rule),
      custom_details: details,
    },
    links: links.map(({ url, text }) => ({ href: url, text })),
    client: 'Firesplit',
  });
}

/** No limit is known for the other fields: they have that of the summary. */
function short(text: string): string {
  return text.slice(0, pagerduty.maxSummary);
}

/** Without the longest of the details, one after the other, until PagerDuty takes it: the title and what else there is are told. */
function withinSize(event: PagerdutyEvent & Required<Pick<PagerdutyEvent, 'payload'>>): PagerdutyEvent {
  const { custom_details: details, ...payload } = event.payload;
  const longest = Object.keys(details).sort((a, b) => bytesOf(details[b]) - bytesOf(details[a]));
  for (let left = 0; ; left++) {
    const kept = Object.entries(details).filter(([name]) => longest.indexOf(name) >= left);
    const shown = { ...event, payload: { ...payload, custom_details: Object.fromEntries(kept) } };
    if (kept.length === 0 || bytesOf(shown) <= pagerduty.maxEventBytes - maxKeyBytes) return shown;
  }
}

/** Room for the key of the integration, which is added when it is posted. */
const maxKeyBytes = 1024;

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
