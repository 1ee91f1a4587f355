import { withSilencers } from '../../shared/alerts/simulation/ruleTests.js';
import { type NotifiedAlert, simulate } from '../../shared/alerts/simulation/simulate.js';
import { shortId } from '../../shared/alerts/state/ids.js';
import { typeOf } from '../../shared/conditions/index.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import { compileRules } from '../../shared/rules/matching/match.js';
import { counted, utcText } from '../../shared/text/wording.js';
import type { Bucket } from '../backtest/buckets.js';
import type { Period } from '../backtest/period.js';
import type { Progress } from '../backtest/slot.js';
import { readSlots } from '../backtest/slots.js';

/** An alert as messages name it. */
export interface Named {
  readonly rule: Rule;
  readonly fits: (key: string) => boolean;
  /** As it was typed. */
  readonly text: string;
}

/** Where the lines behind alerts are looked for. */
export interface Search {
  /** The rule of the alert is one of them. */
  readonly rules: readonly Rule[];
  readonly buckets: readonly Bucket[];
  readonly period: Period;
  /** How long after its event a line may have arrived, in milliseconds, and still count at its own time. */
  readonly late: number;
  readonly signal?: AbortSignal | undefined;
}

/** Firehose hands the transform what came within this time (infra/resources/firehose.yml), in milliseconds. */
export const slotWidth = 20_000;

/**
 * Finds the message that the stored lines lead to: the latest one of the alert that took no lines along which others had been told
 * before it, so that it stands for itself.
 *
 * @throws Error that says what there is instead: no line, no alert of the rule, or others than this one
 */
export async function findTold(named: Named, search: Search): Promise<NotifiedAlert> {
  const { rule } = named;
  const { period, buckets, rules, late, signal } = search;
  const involved = liveRules(rule, rules);
  const from = period.from - Math.max(...involved.map(lookBackOf));
  const read: Progress = { rows: 0, bytes: 0, unreadable: 0, hours: 0 };
  const set = compileRules(involved, { asStream: false });
  const slots = readSlots(buckets, set, { period: { ...period, from }, late, signal }, slotWidth, read);
  const told: NotifiedAlert[] = [];
  for await (const each of simulate(involved, undefined, slots, { from, to: period.to })) {
    if (each.kind !== 'alert' || each.at < period.from || each.alert.rule !== rule.name) continue;
    if (each.alert.notice.kind === 'firing') told.push(each);
  }
  const own = told.filter(({ alert }) => named.fits(alert.key));
  const found = own.findLast(({ alert }) => alert.notice.suppressed === 0) ?? own.at(-1);
  if (found) return found;
  throw new Error(`${span(period)} ${whatThereIs(named, told, read)}`);
}

/** The rule and those that it goes by, as if people were told of all. */
export function liveRules(rule: Rule, rules: readonly Rule[]): Rule[] {
  return withSilencers([rule], rules).map((each): Rule => ({ ...each, mode: 'live' }));
}

/** How far before its alert the lines are that a rule looks at, in milliseconds. */
export function lookBackOf(rule: Rule): number {
  return Math.max(typeOf(rule).lookBack?.(rule) ?? 0, learnOf(rule));
}

/** For how long the rule tells nobody of what is new, in milliseconds. */
export function learnOf(rule: Rule): number {
  return rule.type === 'new' ? rule.learn : 0;
}

function whatThereIs({ rule, text }: Named, told: readonly NotifiedAlert[], { rows }: Progress): string {
  if (rows === 0) return `no line is stored that ${rule.name} looks at; look at --data or --s3, --from and --to`;
  const others = [...new Set(told.map(({ alert }) => shortId(alert)))];
  if (others.length === 0)
    return `none of the ${counted(rows, 'line')} makes ${rule.name} tell anybody; the rule may be another one since, or the message older: look at --from and --to`;
  const shown = others.slice(0, SHOWN).join(', ');
  const more = others.length > SHOWN ? ` and ${others.length - SHOWN} others` : '';
  return `the stored lines lead to no alert ${text}, but to ${shown}${more}; the rule may be another one since, or the message older: look at --from and --to`;
}

const SHOWN = 5;

function span({ from, to }: Period): string {
  return `from ${utcText(from)} to ${utcText(to)}`;
}
