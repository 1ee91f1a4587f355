import { slack } from '../limits.js';
import { formatDuration } from '../rules/duration.js';
import { otherKey } from '../rules/key.js';
import type { Severity } from '../rules/rule.js';
import { fillTitle } from '../rules/title.js';
import type { Sample } from '../signals.js';
import { escapeCode, escapeLine, inlineCode } from './escape.js';
import type { Alert } from './ports.js';
import { athenaQuery } from './query.js';

/** The Block Kit that alerts use: https://docs.slack.dev/reference/block-kit/blocks */
export type SlackBlock =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: Mrkdwn }
  | { readonly type: 'section'; readonly fields: readonly Mrkdwn[] }
  | { readonly type: 'context'; readonly elements: readonly Mrkdwn[] };

interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: boolean;
}

interface Mrkdwn {
  readonly type: 'mrkdwn';
  readonly text: string;
  /** True keeps Slack from turning bare URLs, #channels and @names in log text into links. */
  readonly verbatim: boolean;
}

export interface SlackMessage {
  /** What notifications and screen readers give. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

/** Sample lines that a message shows, and what each may take of it. */
const shownSamples = 3;
const maxSample = 800;
const maxValue = 300;

const marks: Readonly<Record<Severity, string>> = { critical: '🔴', warning: '🟠', info: '🔵' };

/** The Slack message of an alert. */
export function alertMessage(alert: Alert): SlackMessage {
  const { settings, notice, rule, key } = alert;
  const title = fillTitle(settings.title, (name) => valueFor(alert, name));
  const headline = `${marks[settings.severity]} ${escapeLine(title, slack.maxHeaderText - 3)}`;
  const query = athenaQuery(
    settings,
    key,
    notice.labels,
    notice,
    (sql) => fence(sql).length <= slack.maxSectionText - 100,
  );

  const blocks: SlackBlock[] = [
    { type: 'header', text: { type: 'plain_text', text: headline, emoji: false } },
    { type: 'section', fields: fieldsOf(alert).slice(0, slack.maxSectionFields).map(mrkdwn) },
  ];
  if (notice.samples.length > 0) blocks.push({ type: 'section', text: mrkdwn(samplesText(notice.samples)) });
  blocks.push({ type: 'section', text: mrkdwn(`*These lines in Athena*\n${fence(query)}`) });
  if (settings.runbook) {
    blocks.push({ type: 'section', text: mrkdwn(`📖 <${escapeLine(settings.runbook, slack.maxFieldText)}|Runbook>`) });
  }
  const footer = `rule ${inlineCode(rule, maxValue)} · key ${inlineCode(key === otherKey ? 'all others' : key, maxValue)}`;
  blocks.push({ type: 'context', elements: [mrkdwn(footer)] });

  const lines = `${notice.count.toLocaleString('en')} ${notice.count === 1 ? 'line' : 'lines'}`;
  return { text: `${headline} (${settings.severity}, ${lines})`, blocks };
}

function valueFor({ key, notice }: Alert, name: string): string | undefined {
  const [sample] = notice.samples;
  const known = notice.labels[name] ?? (isSampled(name) ? sample?.[name] : undefined);
  return known || (key === otherKey ? '(several)' : undefined);
}

function isSampled(name: string): name is 'service' | 'level' | 'message' {
  return name === 'service' || name === 'level' || name === 'message';
}

function fieldsOf(alert: Alert): string[] {
  const { settings, notice } = alert;
  const labels = { service: valueFor(alert, 'service') ?? '', ...notice.labels };
  return [
    field('Severity', settings.severity),
    ...Object.entries(labels)
      .filter(([, value]) => value !== '')
      .slice(0, slack.maxSectionFields - 4)
      .map(([name, value]) =>
        field(name === 'service' ? 'Service' : escapeLine(name, maxValue), inlineCode(value, maxValue)),
      ),
    field('Lines', linesText(alert)),
    field('First', timeText(notice.first)),
    field('Last', timeText(notice.last)),
  ];
}

function field(name: string, value: string): string {
  return `*${name}*\n${value}`;
}

function linesText({ settings, notice }: Alert): string {
  const total = `${notice.count.toLocaleString('en')} in ${formatWindow(notice.last - notice.first)}`;
  if (notice.suppressed === 0) return total;
  const heldBack = notice.suppressed.toLocaleString('en');
  return `${total}\n${heldBack} of them during the ${formatDuration(settings.cooldown)} cooldown`;
}

/** The two largest units are exact enough to read: `3m 7s`, `2h 5m`. */
function formatWindow(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  const [large, largeUnit, small, smallUnit] =
    minutes < 60 ? [minutes, 'm', seconds % 60, 's'] : [Math.floor(minutes / 60), 'h', minutes % 60, 'm'];
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit} ${small}${smallUnit}`;
}

/** UTC, which the logs are in, and the reader's own time as Slack shows it. */
function timeText(time: number): string {
  const utc = `${new Date(time).toISOString().slice(0, 19)}Z`;
  return `${utc}\n<!date^${Math.floor(time / 1000)}^{date_short_pretty} {time_secs}|${utc}>`;
}

function samplesText(samples: readonly Sample[]): string {
  const lines = samples.slice(0, shownSamples).map(({ ts, level, message }) => {
    const time = new Date(ts).toISOString().slice(11, 23);
    return escapeCode(`${[time, level?.toUpperCase(), message].filter(Boolean).join(' ')}`, maxSample);
  });
  return `*${lines.length === 1 ? 'Sample' : 'Samples'}*\n\`\`\`\n${lines.join('\n')}\n\`\`\``;
}

function fence(code: string): string {
  return `\`\`\`\n${escapeCode(code, Number.POSITIVE_INFINITY)}\n\`\`\``;
}

function mrkdwn(text: string): Mrkdwn {
  return { type: 'mrkdwn', text, verbatim: true };
}
