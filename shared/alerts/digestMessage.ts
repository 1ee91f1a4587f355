import { otherKey } from '../rules/key.js';
import { type Rule, type Severity, severities } from '../rules/rule.js';
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
import { marks } from './message.js';
import type { Digest } from './ports.js';
import { keysQuery } from './query.js';
import { counted, spanText, utcText } from './wording.js';

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
  const told = digest.rules.map((each) => ({ ...each, settings: known.get(each.rule) }));
  const severity = loudest(told.flatMap(({ settings }) => settings ?? []));
  const summary = [
    counted(digest.alerts, 'alert'),
    counted(digest.rules.length, 'rule'),
    counted(digest.lines, 'line'),
  ].join(', ');
  const headline = `${severity === undefined ? '' : `${marks[severity]} `}${summary}`;
  const times = `${utcText(digest.first)} to ${utcText(digest.last)} (${spanText(digest.last - digest.first)})`;

  const blocks: SlackBlock[] = [
    header(headline),
    section(`More at once than there is room for one by one. ${times}`),
    ...told.slice(0, shownRules).map((each) => section(ruleText(each))),
  ];
  const others = digest.rules.slice(shownRules);
  if (others.length > 0) blocks.push(section(othersText(others)));

  const queried = told.find(({ settings }) => settings !== undefined && settings.type !== 'absence')?.settings;
  const query = queried && keysQuery(queried, digest, fitsCodeSection);
  if (query !== undefined)
    blocks.push(codeSection(`All keys of ${escapeLine(queried?.name ?? '', maxName)} in Athena`, query));
  blocks.push(context(`digest ${digest.number}`));

  const names = digest.rules.slice(0, 3).map(({ rule }) => escapeLine(rule, maxName));
  return slackMessage(`${headline} (${[...names, ...(digest.rules.length > 3 ? ['…'] : [])].join(', ')})`, blocks);
}

function loudest(rules: readonly Rule[]): Severity | undefined {
  return severities.findLast((severity) => rules.some((rule) => rule.severity === severity));
}

function ruleText(rule: DigestRule & { readonly settings: Rule | undefined }): string {
  const severity = rule.settings ? ` (${rule.settings.severity})` : '';
  const counts = `${counted(rule.alerts, 'alert')}, ${counted(rule.lines, 'line')}`;
  const loudestFirst = rule.alerts > 1 && rule.keys.length > 0 ? ', the loudest:' : '';
  return [
    `*${escapeLine(rule.rule, maxName)}*${severity}: ${counts}${loudestFirst}`,
    ...rule.keys.slice(0, shownKeys).map(keyText),
  ].join('\n');
}

function keyText({ key, lines, sample }: DigestRule['keys'][number]): string {
  const name = inlineCode(key === otherKey ? 'all others' : key, maxKey);
  const example = sample === undefined || sample === '' ? '' : ` ${inlineCode(sample, maxSample)}`;
  return `• ${name} ${counted(lines, 'line')}${example}`;
}

function othersText(rules: readonly DigestRule[]): string {
  const named = rules
    .slice(0, namedRules)
    .map(
      ({ rule, alerts, lines }) =>
        `• ${escapeLine(rule, maxName)}: ${counted(alerts, 'alert')}, ${counted(lines, 'line')}`,
    );
  const rest = rules.slice(namedRules);
  if (rest.length === 0) return named.join('\n');
  const [alerts, lines] = rest.reduce(([a, l], rule) => [a + rule.alerts, l + rule.lines], [0, 0]);
  return [
    ...named,
    `and ${counted(rest.length, 'more rule')}: ${counted(alerts, 'alert')}, ${counted(lines, 'line')}`,
  ].join('\n');
}
