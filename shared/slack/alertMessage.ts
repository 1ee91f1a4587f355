import { endingText, endingWord } from '../alerts/endingText.js';
import { lateText } from '../alerts/lateText.js';
import { measuredText } from '../alerts/measuredText.js';
import type { Alert, Digest } from '../alerts/ports.js';
import { shortId } from '../alerts/state/ids.js';
import { textOf, titleOf } from '../alerts/title.js';
import { athenaQuery } from '../athena/alertQuery.js';
import type { Severity } from '../conditions/ruleSettings.js';
import { slack } from '../limits.js';
import type { Sample } from '../signals/signal.js';
import { counted } from '../text/wording.js';
import {
  codeSection,
  context,
  fitsCodeSection,
  header,
  type SlackBlock,
  type SlackMessage,
  section,
  slackMessage,
} from './blocks.js';
import { escapeLine, escapeLines, inlineCode, withoutBackticks } from './escape.js';
import { heldText, levelText, timeText, topText, whenText, whoText } from './facts.js';
import { linksOf } from './links.js';

/** Sample lines that a message shows, and what each part may take of it. */
const shownSamples = 3;
const maxSample = 800;
const maxValue = 200;
const maxText = 1500;

/** How a message of this severity begins. */
export const marks: Readonly<Record<Severity | 'resolved' | 'unknown', string>> = {
  critical: '🔴',
  warning: '🟠',
  info: '🔵',
  resolved: '✅',
  unknown: '🔇',
};

/** The mark of a digest in which nothing fires, as that of what ended. */
export function endMark({ silent = 0 }: Digest): string {
  return silent > 0 ? marks.unknown : marks.resolved;
}

/** The Slack message of an alert. */
export function alertMessage(alert: Alert): SlackMessage {
  return alert.notice.kind === 'resolved' ? resolvedMessage(alert) : firingMessage(alert);
}

function firingMessage(alert: Alert): SlackMessage {
  const { settings, notice } = alert;
  const headline = headlineOf(alert, `${marks[settings.severity]} `);
  const measured = measuredText(alert, (value) => escapeLine(value, maxValue));
  const query = athenaQuery(settings, alert.key, notice.labels, notice, fitsCodeSection, notice.measured);
  const what = [measured, levelText(alert), lateOf(alert), filledText(alert)].filter(Boolean).join('\n');
  const details = [whoText(alert), whenText(alert)].filter(Boolean).join('\n');
  const top = topText(alert);

  const blocks: SlackBlock[] = [
    header(headline),
    ...(what === '' ? [] : [section(what)]),
    section(details),
    ...(top === '' ? [] : [section(top)]),
    ...linksOf(alert, query),
  ];
  if (notice.samples.length > 0) blocks.push(section(samplesText(notice.samples, notice.count === 0)));
  if (query !== undefined)
    blocks.push(codeSection(notice.count === 0 ? 'The last lines in Athena' : 'These lines in Athena', query));
  blocks.push(footer(alert));

  return slackMessage(`${headline} (${settings.severity}, ${measured ?? counted(notice.count, 'line')})`, blocks);
}

/** It is over, or became quiet: short, because there is nothing new to look at. */
function resolvedMessage(alert: Alert): SlackMessage {
  const { settings, notice } = alert;
  const word = endingWord(notice);
  const headline = headlineOf(alert, `${notice.ending ? marks.unknown : marks.resolved} ${word}: `);
  const ending = endingText(alert);
  const { told = 0, count, first } = notice;
  const lines = told > 0 ? `${counted(told, 'line')} from ${timeText(first)}` : '';
  const untold =
    count > 0 ? `${counted(count, 'line')} not told before: ${heldText(notice.heldBy, settings.cooldown)}` : '';
  const details = [ending, whoText(alert), lines, untold].filter(Boolean).join('\n');
  return slackMessage(`${headline} (${ending})`, [header(headline), section(details), footer(alert)]);
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

/** @param isLast of what is absent: it is the last line that there was */
function samplesText(samples: readonly Sample[], isLast: boolean): string {
  const lines = samples.slice(0, shownSamples).map(({ ts, level, message }) => {
    const time = new Date(ts).toISOString().slice(11, 23);
    return escapeLines(`${[time, level?.toUpperCase(), message].filter(Boolean).join(' ')}`, maxSample);
  });
  const heading = isLast ? 'Last line before the silence' : lines.length === 1 ? 'Sample' : 'Samples';
  return `*${heading}*\n\`\`\`\n${lines.join('\n')}\n\`\`\``;
}

/** Names the rule and the key, for people who speak of an alert. */
function footer(alert: Alert): SlackBlock {
  return context(`id ${inlineCode(shortId(alert), maxValue)}`);
}
