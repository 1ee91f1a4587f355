import { digestEnding, overText } from '../alerts/digestTitle.js';
import { endingText, endingWord, unknownText } from '../alerts/endingText.js';
import { lateText } from '../alerts/lateText.js';
import { measuredText } from '../alerts/measuredText.js';
import type { Alert, GroupMember, Post } from '../alerts/ports.js';
import { shortId } from '../alerts/state/ids.js';
import { trendText } from '../alerts/usual.js';
import { type Severity, severities } from '../conditions/ruleSettings.js';
import { sns } from '../limits.js';
import type { Rule } from '../rules/language/rule.js';
import { cut } from '../text/cut.js';
import { counted } from '../text/wording.js';
import { webhookPayload } from './payload.js';

/** What SNS sends as an e-mail: plain text, since it sends no other. */
export interface Email {
  /** ASCII on one line, as SNS takes it. */
  readonly subject: string;
  readonly message: string;
}

/** @param rules the current rules, for what a digest says of them. */
export function emailOf(post: Post, rules: readonly Rule[]): Email {
  const { severity, title, parts } = post.kind === 'alert' ? alertParts(post.alert, rules) : digestParts(post, rules);
  const subject = asciiLine(`[${severity}] ${title}`);
  const message = parts
    .map((lines) => lines.flat().join('\n'))
    .filter((text) => text !== '')
    .join('\n\n');
  return { subject, message: cut(`${plain(message)}\n`, sns.maxMessageBytes)[0] ?? '' };
}

interface Parts {
  /** `CRITICAL`; of what ended `OVER`, `SILENT` or `GIVEN UP`. */
  readonly severity: string;
  readonly title: string;
  /** Paragraphs: each has lines. */
  readonly parts: readonly (readonly string[])[];
}

function alertParts(alert: Alert, rules: readonly Rule[]): Parts {
  const { settings, notice } = alert;
  const payload = webhookPayload({ kind: 'alert', route: '', alert }, rules);
  if (payload.status === 'digest') throw new Error('an alert has the payload of an alert');
  const { title, text, labels, count, suppressed, suppressed_by: by, query, runbook, silence_url: silence } = payload;
  const isOver = notice.kind === 'resolved';
  const of = Object.entries(labels).map(([name, value]) => `${name} ${value}`);
  const held = suppressed === 0 ? '' : `, ${counted(suppressed, 'line')} of them held back (${by})`;
  const what = isOver
    ? [endingText(alert)]
    : [measuredText(alert) ?? '', trendText(alert)?.words ?? '', lateText(notice) ?? ''];
  const top = Object.entries(payload.top).map(
    ([column, values]) =>
      `${column}: ${values.map((each) => `${each.value} (${counted(each.count, 'line')})`).join(', ')}`,
  );
  return {
    severity: isOver ? endingWord(notice).toUpperCase() : settings.severity.toUpperCase(),
    title,
    parts: [
      [title],
      present([...what, text ?? '']),
      present([
        [settings.severity, ...of].join(', '),
        count === 0 ? '' : `${counted(count, 'line')}${held}`,
        ...(count === 0 && !isOver ? [] : timesText(notice)),
        payload.first_seen === null ? '' : `first seen ${payload.first_seen}`,
      ]),
      top,
      under(
        'Samples',
        payload.samples.map(({ time, level, message }) =>
          present([time, level?.toUpperCase() ?? '', message]).join(' '),
        ),
      ),
      present([runbook === null ? '' : `Runbook: ${runbook}`, silence === null ? '' : `Silence: ${silence}`]),
      under('These lines in Athena', query === null ? [] : [query]),
      [`id ${shortId(alert)}`],
    ],
  };
}

function digestParts(post: Post & { readonly kind: 'digest' }, rules: readonly Rule[]): Parts {
  const { digest } = post;
  const payload = webhookPayload(post, rules);
  if (payload.status !== 'digest') throw new Error('a digest has the payload of a digest');
  const { title, query, group } = payload;
  const members = digest.group ? (digest.members ?? []) : [];
  const runbooks =
    group?.alerts.flatMap(({ runbook, rule }) => (runbook === null ? [] : [`${rule}: ${runbook}`])) ?? [];
  const listed = payload.rules.map(({ rule, severity, alerts, count, keys }) => [
    `${[severity ?? '', rule].filter(Boolean).join(' ')}: ${counted(alerts, 'alert')}, ${counted(count, 'line')}`,
    ...keys.map(
      ({ key, count: lines, sample }) => `  ${key} (${counted(lines, 'line')})${sample ? `: ${sample}` : ''}`,
    ),
  ]);
  const unnamed = digest.alerts - members.filter((each) => !each.over).length;
  return {
    severity: (digest.alerts === 0 ? digestEnding(digest) : loudest(post)).toUpperCase(),
    title,
    parts: [
      [title],
      present([digest.alerts > 0 ? counted(digest.alerts, 'alert') : '', overText(digest) ?? '', ...timesText(digest)]),
      ...(digest.group
        ? [...members.map(memberText), unnamed > 0 ? [`and ${counted(unnamed, 'more alert')}`] : []]
        : listed),
      under('Told before, and still firing', digest.group?.earlier.map(({ title: told }) => told) ?? []),
      under('Runbooks', [...new Set(runbooks)]),
      under('These lines in Athena', query === null ? [] : [query]),
    ],
  };
}

function memberText(member: GroupMember): string[] {
  const { title, severity, over, ending, measured, lines, first, sample, late, silenceUrl } = member;
  return present([
    over ? `${endingWord(member)}: ${title}` : `${severity.toUpperCase()}: ${title}`,
    ending ? unknownText(ending) : '',
    measured ?? (lines > 0 ? counted(lines, 'line') : ''),
    over ? '' : (lateText({ count: lines, late }) ?? ''),
    `since ${new Date(first).toISOString()}`,
    sample ?? '',
    silenceUrl === undefined ? '' : `Silence: ${silenceUrl}`,
  ]);
}

function loudest({ digest }: Post & { readonly kind: 'digest' }): Severity {
  const loud = severities.findLast((each) =>
    digest.rules.some(({ severity, alerts }) => alerts > 0 && severity === each),
  );
  return loud ?? 'warning';
}

function timesText({ first, last }: { readonly first: number; readonly last: number }): string[] {
  const times = [first, last].map((time) => new Date(time).toISOString());
  return first === last ? [`at ${times[0]}`] : [`from ${times[0]}`, `to ${times[1]}`];
}

function under(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${heading}:`, ...lines.map((line) => line.replace(/^/gm, '  '))];
}

function present(texts: readonly string[]): string[] {
  return texts.filter((text) => text !== '');
}

/** Accents go, what else is not ASCII becomes a question mark. */
function asciiLine(text: string): string {
  const ascii = text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/[\u2013\u2014]/g, '-')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[^\x20-\x7e]/gu, '?')
    .trim();
  return ascii.length <= sns.maxSubject ? ascii : `${ascii.slice(0, sns.maxSubject - 3)}...`;
}

/** Without control characters and what is no Unicode: the client of SNS can't send half a surrogate pair. */
function plain(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|[\p{Surrogate}\uFFFE\uFFFF]/gu, '\uFFFD');
}
