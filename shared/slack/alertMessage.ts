import { lateText } from '../alerts/lateText.js';
import { measuredText } from '../alerts/measuredText.js';
import type { Alert } from '../alerts/ports.js';
import type { HoldReason } from '../alerts/state/alertState.js';
import { textOf, titleOf, valueFor } from '../alerts/title.js';
import { athenaQuery } from '../athena/alertQuery.js';
import { backWordsOf } from '../conditions/condition.js';
import type { Severity } from '../conditions/ruleSettings.js';
import { slack } from '../limits.js';
import { otherKey } from '../signals/alertKey.js';
import type { Sample } from '../signals/signal.js';
import type { Span } from '../signals/tally.js';
import { formatDuration } from '../text/statedDuration.js';
import { counted, spanText, utcText } from '../text/wording.js';
import {
  codeSection,
  context,
  fitsCodeSection,
  header,
  linkButton,
  type SlackBlock,
  type SlackMessage,
  section,
  sectionWithFields,
  slackMessage,
} from './blocks.js';
import { escapeLine, escapeLines, inlineCode, withoutBackticks } from './escape.js';

/** Sample lines that a message shows, and what each part may take of it. */
const shownSamples = 3;
const maxSample = 800;
const maxValue = 200;
const maxText = 1500;

/** How a message of this severity begins. */
export const marks: Readonly<Record<Severity | 'resolved', string>> = {
  critical: '🔴',
  warning: '🟠',
  info: '🔵',
  resolved: '✅',
};

/** The Slack message of an alert. */
export function alertMessage(alert: Alert): SlackMessage {
  return alert.notice.kind === 'resolved' ? resolvedMessage(alert) : firingMessage(alert);
}

function firingMessage(alert: Alert): SlackMessage {
  const { settings, notice } = alert;
  const headline = headlineOf(alert, `${marks[settings.severity]} `);
  const measured = measuredText(alert, (value) => escapeLine(value, maxValue));
  const query = athenaQuery(settings, alert.key, notice.labels, notice, fitsCodeSection, notice.measured);

  const blocks: SlackBlock[] = [
    header(headline),
    sectionWithFields([measured, lateOf(alert), filledText(alert)].filter(Boolean).join('\n'), firingFields(alert)),
  ];
  if (notice.samples.length > 0) blocks.push(section(samplesText(notice.samples)));
  if (query !== undefined) blocks.push(codeSection('These lines in Athena', query));
  if (settings.runbook !== undefined) blocks.push(runbook(settings.runbook));
  if (alert.silenceUrl !== undefined) blocks.push(linkButton('🔕 Silence', alert.silenceUrl));
  blocks.push(footer(alert));

  return slackMessage(`${headline} (${settings.severity}, ${measured ?? counted(notice.count, 'line')})`, blocks);
}

/** It is over: short, because nobody has to act. */
function resolvedMessage(alert: Alert): SlackMessage {
  const { settings, notice } = alert;
  const headline = headlineOf(alert, `${marks.resolved} Over: `);
  const ending = endingText(alert);
  const fields = [field('Severity', settings.severity), ...labelFields(alert)];
  if (notice.count > 0) {
    const held = heldText(notice.heldBy, settings.cooldown);
    fields.push(field('Not told before', `${counted(notice.count, 'line')} ${held}`));
  }
  return slackMessage(`${headline} (${ending})`, [header(headline), sectionWithFields(ending, fields), footer(alert)]);
}

/** People must not take it for something that happens now. */
function lateOf({ notice }: Alert): string | undefined {
  const late = lateText(notice);
  return late && `⏳ ${late}`;
}

function headlineOf(alert: Alert, mark: string): string {
  return `${mark}${escapeLine(titleOf(alert), slack.maxHeaderText - mark.length)}`;
}

function filledText(alert: Alert): string {
  return escapeLines(
    textOf(alert, (value) => withoutBackticks(value.replace(/\s+/g, ' '))),
    maxText,
  );
}

function firingFields(alert: Alert): string[] {
  const { settings, notice } = alert;
  const fields = [field('Severity', settings.severity), ...labelFields(alert)];
  // What is absent has no lines.
  if (notice.count === 0) return fields;
  return [...fields, field('Lines', linesText(alert)), ...timeFields(notice)];
}

function timeFields({ first, last }: Span): string[] {
  if (first === last) return [field('When', timeText(first))];
  return [field('First', timeText(first)), field('Last', timeText(last))];
}

function labelFields(alert: Alert): string[] {
  const labels = { service: valueFor(alert, 'service') ?? '', ...alert.notice.labels };
  return Object.entries(labels)
    .filter(([, value]) => value !== '')
    .slice(0, slack.maxSectionFields - 4)
    .map(([name, value]) =>
      field(name === 'service' ? 'Service' : escapeLine(name, maxValue), inlineCode(value, maxValue)),
    );
}

function field(name: string, value: string): string {
  return `*${name}*\n${value}`;
}

function linesText({ settings, notice }: Alert): string {
  const length = notice.last - notice.first;
  const total = `${notice.count.toLocaleString('en')}${length > 0 ? ` in ${spanText(length)}` : ''}`;
  if (notice.suppressed === 0) return total;
  return `${total}\n${notice.suppressed.toLocaleString('en')} of them ${heldText(notice.heldBy, settings.cooldown)}`;
}

function heldText(heldBy: HoldReason | undefined, cooldown: number): string {
  switch (heldBy?.by) {
    case undefined:
      return `during the ${formatDuration(cooldown)} cooldown`;
    case 'mute':
      return 'held back while the rule was muted';
    case 'silence':
      return `held back by a silence: ${escapeLine(heldBy.why, maxValue)} (${inlineCode(heldBy.silence, maxValue)})`;
    case 'unless firing':
      return `held back while ${inlineCode(heldBy.rule, maxValue)} was firing`;
    case 'only if firing':
      return `held back until ${inlineCode(heldBy.rule, maxValue)} fired`;
    case 'shadow':
      return 'held back while the rule was in shadow mode';
  }
}

function endingText({ settings, notice }: Alert): string {
  const back = backWordsOf(notice.measured, notice.last);
  if (back !== undefined) return back;
  const quiet = settings.resolveAfter === undefined ? '' : `quiet for ${formatDuration(settings.resolveAfter)}`;
  const lasted = notice.last > notice.first ? `it lasted ${spanText(notice.last - notice.first)}` : '';
  return [quiet, lasted].filter(Boolean).join(', ') || 'quiet again';
}

/** UTC, which the logs are in, and the reader's own time as Slack shows it. */
function timeText(time: number): string {
  const utc = utcText(time);
  return `${utc}\n<!date^${Math.floor(time / 1000)}^{date_short_pretty} {time_secs}|${utc}>`;
}

function samplesText(samples: readonly Sample[]): string {
  const lines = samples.slice(0, shownSamples).map(({ ts, level, message }) => {
    const time = new Date(ts).toISOString().slice(11, 23);
    return escapeLines(`${[time, level?.toUpperCase(), message].filter(Boolean).join(' ')}`, maxSample);
  });
  return `*${lines.length === 1 ? 'Sample' : 'Samples'}*\n\`\`\`\n${lines.join('\n')}\n\`\`\``;
}

/** Slack refuses a whole message for a button that leads nowhere. */
function runbook(url: string): SlackBlock {
  const opens = /^https?:\/\//.test(url) && URL.canParse(url) && url.length <= slack.maxButtonUrl;
  return opens ? linkButton('📖 Runbook', url) : context(`📖 Runbook: ${inlineCode(url, maxValue)}`);
}

function footer({ rule, key }: Alert): SlackBlock {
  return context(
    `rule ${inlineCode(rule, maxValue)} · key ${inlineCode(key === otherKey ? 'all others' : key, maxValue)}`,
  );
}
