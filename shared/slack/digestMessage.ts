import { digestTitle, listedRules, overText } from '../alerts/digestTitle.js';
import type { Digest } from '../alerts/ports.js';
import { isAboutLines, keysQuery } from '../athena/alertQuery.js';
import { type Severity, severities } from '../conditions/ruleSettings.js';
import type { Rule } from '../rules/language/rule.js';
import { otherKey } from '../signals/alertKey.js';
import { counted, spanText } from '../text/wording.js';
import { endMark, marks } from './alertMessage.js';
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
import { escapeLine, inlineCode } from './escape.js';
import { timeText } from './facts.js';

type DigestRule = Digest['rules'][number];

/** Rules that a message shows with their keys, those that it names, and what each part may take of it. */
const shownRules = 6;
const namedRules = 10;
const shownKeys = 5;
const maxName = 80;
const maxKey = 120;
const maxSample = 100;

/**
 * The Slack message of many alerts at once.
 *
 * @param rules the rules as they stand, for their severity and the query; one that is not among them is told without.
 */
export function digestMessage(digest: Digest, rules: readonly Rule[]): SlackMessage {
  const known = new Map(rules.map((rule) => [rule.name, rule]));
  const listed = listedRules(digest).map((each) => ({ ...each, settings: known.get(each.rule) }));
  const headline = headlineOf(digest, loudest(listed.flatMap(({ settings }) => settings ?? [])));
  const times = `From ${timeText(digest.first)} on, in ${spanText(digest.last - digest.first)}.`;

  const blocks: SlackBlock[] = [
    header(headline),
    section(`More at once than there is room for one by one. ${times}`),
    ...listed.slice(0, shownRules).map((each) => section(ruleText(each))),
  ];
  const others = listed.slice(shownRules);
  if (others.length > 0) blocks.push(section(othersText(others)));
  const over = overText(digest);
  if (digest.alerts > 0 && over !== undefined) blocks.push(section(`${endMark(digest)} ${over}`));

  const queried = listed.find(({ settings }) => settings !== undefined && isAboutLines(settings))?.settings;
  const query = queried && keysQuery(queried, digest, fitsCodeSection);
  if (query !== undefined)
    blocks.push(codeSection(`All keys of ${escapeLine(queried?.name ?? '', maxName)} in Athena`, query));
  blocks.push(context(`digest ${digest.number}`));

  const names = listed.slice(0, 3).map(({ rule }) => escapeLine(rule, maxName));
  const list = [...names, ...(listed.length > 3 ? ['…'] : [])].join(', ');
  return slackMessage(list === '' ? headline : `${headline} (${list})`, blocks);
}

function headlineOf(digest: Digest, severity: Severity | undefined): string {
  const isOver = digest.alerts === 0 && overText(digest) !== undefined;
  const mark = isOver ? endMark(digest) : severity && marks[severity];
  return [...(mark === undefined ? [] : [mark]), digestTitle(digest)].join(' ');
}

/** Alerts of what is absent have none. */
function linesIfAny(lines: number): string[] {
  return lines === 0 ? [] : [counted(lines, 'line')];
}

function countsText({ alerts, lines }: { readonly alerts: number; readonly lines: number }): string {
  return [counted(alerts, 'alert'), ...linesIfAny(lines)].join(', ');
}

function loudest(rules: readonly Rule[]): Severity | undefined {
  return severities.findLast((severity) => rules.some((rule) => rule.severity === severity));
}

function ruleText(rule: DigestRule & { readonly settings: Rule | undefined }): string {
  const severity = rule.settings ? ` (${rule.settings.severity})` : '';
  const loudestFirst = rule.alerts > 1 && rule.keys.length > 0 ? ', the loudest:' : '';
  return [
    `*${escapeLine(rule.rule, maxName)}*${severity}: ${countsText(rule)}${loudestFirst}`,
    ...rule.keys.slice(0, shownKeys).map(keyText),
  ].join('\n');
}

function keyText({ key, lines, sample }: DigestRule['keys'][number]): string {
  const name = inlineCode(key === otherKey ? 'all others' : key, maxKey);
  const example = sample === undefined || sample === '' ? [] : [inlineCode(sample, maxSample)];
  return ['•', name, ...linesIfAny(lines), ...example].join(' ');
}

function othersText(rules: readonly DigestRule[]): string {
  const named = rules.slice(0, namedRules).map((each) => `• ${escapeLine(each.rule, maxName)}: ${countsText(each)}`);
  const rest = rules.slice(namedRules);
  if (rest.length === 0) return named.join('\n');
  const sum = { alerts: 0, lines: 0 };
  for (const { alerts, lines } of rest) {
    sum.alerts += alerts;
    sum.lines += lines;
  }
  return [...named, `and ${counted(rest.length, 'more rule')}: ${countsText(sum)}`].join('\n');
}
