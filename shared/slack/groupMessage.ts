import { endingWord, unknownText } from '../alerts/endingText.js';
import { type GroupDigest, groupTitle, splitMembers } from '../alerts/groups/groupTitle.js';
import { lateText } from '../alerts/lateText.js';
import type { GroupMember } from '../alerts/ports.js';
import { shortId } from '../alerts/state/ids.js';
import { slack } from '../limits.js';
import type { Rule } from '../rules/language/rule.js';
import { counted, spanText } from '../text/wording.js';
import { endMark, marks } from './alertMessage.js';
import { context, header, type SlackBlock, type SlackMessage, section, slackMessage } from './blocks.js';
import { escapeLine, inlineCode } from './escape.js';
import { timeText } from './facts.js';
import { between, runbookLink, silenceLink } from './links.js';

/** What each part may take of a message. */
const [maxTitle, maxMeasured, maxSample, maxValue] = [160, 200, 160, 100];

/** Alerts of earlier messages that are named, and runbooks and silences that have a link. */
const [namedEarlier, maxRunbooks, maxSilences] = [10, 3, 5];

/**
 * The Slack message of alerts that started together: those that are new in order of severity and start, then those that are
 * over, then those that people know and that still fire.
 *
 * @param rules the rules as they stand, for their runbooks.
 */
export function groupMessage(digest: GroupDigest, rules: readonly Rule[]): SlackMessage {
  const { alerts, resolved = 0, silent = 0, group, first, last } = digest;
  const { firing, over } = splitMembers(digest);
  const mark = alerts === 0 ? endMark(digest) : marks[firing[0]?.severity ?? 'critical'];
  const headline = `${mark} ${escapeLine(groupTitle(digest), slack.maxHeaderText - mark.length - 1)}`;

  const blocks: SlackBlock[] = [header(headline)];
  if (alerts > 1) blocks.push(section(`They started together, from ${timeText(first)} on.`));
  const places = placesOf(firing, rules);
  blocks.push(...firing.map((each, at) => section(firingText(each, places[at] ?? []))));
  if (alerts > firing.length) blocks.push(section(`and ${counted(alerts - firing.length, 'more alert')}`));
  if (resolved + silent > 0) blocks.push(section(endedText(over, digest)));
  const known = group.firing - firing.filter((each) => isWaitedFor(each, rules)).length;
  if (group.earlier.length > 0) blocks.push(section(earlierText(group.earlier, Math.max(known, group.earlier.length))));
  if (alerts === 0 && resolved > 1 && silent === 0 && group.firing === 0 && last > first)
    blocks.push(section(`It lasted ${spanText(last - first)}.`));
  blocks.push(context(footer(digest)));
  return slackMessage(`${headline} (${summary(digest)})`, blocks);
}

function isWaitedFor({ rule }: GroupMember, rules: readonly Rule[]): boolean {
  return rules.find(({ name }) => name === rule)?.resolveAfter !== undefined;
}

function firingText(member: GroupMember, places: readonly string[]): string {
  const { severity, title, measured, lines, first, sample } = member;
  const late = lateText({ count: lines, late: member.late });
  const counts = [measured ? escapeLine(measured, maxMeasured) : linesText(lines), `since ${timeText(first)}`];
  return [
    `${marks[severity]} *${escapeLine(title, maxTitle)}*`,
    counts.filter(Boolean).join(' · '),
    ...(late ? [`⏳ ${late}`] : []),
    ...(sample ? [inlineCode(sample, maxSample)] : []),
    [...places, `id ${inlineCode(shortId(member), maxValue)}`].join(between),
  ].join('\n');
}

/** Where to go from here, for as many of the first alerts as a message has room; the runbook of a rule is there once. */
function placesOf(firing: readonly GroupMember[], rules: readonly Rule[]): readonly (readonly string[])[] {
  const known = new Map(rules.map(({ name, runbook }) => [name, runbook]));
  const names = [...new Set(firing.map(({ rule }) => rule))].slice(0, maxRunbooks);
  return firing.map(({ rule, silenceUrl }, at) => {
    const isFirst = firing.findIndex((other) => other.rule === rule) === at && names.includes(rule);
    return [...(isFirst ? runbookLink(known.get(rule)) : []), ...(at < maxSilences ? silenceLink(silenceUrl) : [])];
  });
}

function linesText(lines: number): string {
  return lines === 0 ? '' : counted(lines, 'line');
}

function endedText(over: readonly GroupMember[], { resolved = 0, silent = 0 }: GroupDigest): string {
  const named = over.map(({ title, first, last, ending }) => {
    if (ending)
      return `${marks.unknown} ${endingWord({ ending })}: ${escapeLine(title, maxTitle)}: ${unknownText(ending)}`;
    const lasted = last > first ? `, it lasted ${spanText(last - first)}` : '';
    return `${marks.resolved} ${escapeLine(title, maxTitle)} is over${lasted}`;
  });
  const unknown = over.filter(({ ending }) => ending).length;
  const rest = [...moreText(resolved - (over.length - unknown), 'over'), ...moreText(silent - unknown, 'silent')];
  return [...named, ...(rest.length > 0 ? [`and ${rest.join(', ')}`] : [])].join('\n');
}

function moreText(count: number, what: string): string[] {
  return count > 0 ? [`${count.toLocaleString('en')} more ${what}`] : [];
}

function earlierText(earlier: readonly GroupMember[], known: number): string {
  const named = earlier
    .slice(0, namedEarlier)
    .map(({ severity, title, first }) => `${marks[severity]} ${escapeLine(title, maxTitle)}, since ${timeText(first)}`);
  const rest = known - named.length;
  return [
    '*Told before, and still firing*',
    ...named,
    ...(rest > 0 ? [`and ${rest.toLocaleString('en')} more`] : []),
  ].join('\n');
}

function footer({ number, group: { labels } }: GroupDigest): string {
  const common = Object.entries(labels).map(
    ([name, value]) => `${escapeLine(name, maxValue)} ${inlineCode(value, maxValue)}`,
  );
  return [
    `group${common.length > 0 ? '' : ' of all alerts that started together'}`,
    ...common,
    `message ${number}`,
  ].join(' · ');
}

function summary({ alerts, resolved = 0, silent = 0, lines, group }: GroupDigest): string {
  return [
    ...(alerts > 0 ? [counted(alerts, 'alert')] : []),
    ...(resolved > 0 ? [`${resolved.toLocaleString('en')} over`] : []),
    ...(silent > 0 ? [`${silent.toLocaleString('en')} silent`] : []),
    ...(lines > 0 ? [counted(lines, 'line')] : []),
    ...(group.earlier.length > 0 ? [`${group.firing.toLocaleString('en')} firing`] : []),
  ].join(', ');
}
