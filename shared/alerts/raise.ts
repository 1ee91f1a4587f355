import { typeOf } from '../conditions/index.js';
import { linesIn } from '../conditions/sums.js';
import type { Rule } from '../rules/language/rule.js';
import type { Signal, SignalBatch } from '../signals/signal.js';
import { type Group, groupBy } from '../text/groupBy.js';
import { inParallel } from '../text/parallel.js';
import type { ClaimedAlert } from './address.js';
import { type Considered, consider } from './consider.js';
import { deliver, parallelSaves } from './delivery/deliver.js';
import { type KeyMatches, lookAtNewKeys } from './newKeys.js';
import { failureSignals } from './operations.js';
import { type AlertOutcome, undelivered } from './outcome.js';
import type { AlertId, AlertPorts } from './ports.js';
import type { RuleBook } from './ruleBook.js';
import { decide, decideQuietly, type Noticed } from './state/decide.js';

/**
 * Counts a batch's matches and posts the alerts that `decide` wants posted: each is claimed, posted and marked. A crash in
 * between may repeat a message and never loses one. A key that fails does not stop the others; its outcome says that the
 * batch must be delivered again.
 *
 * Lines that are replayed in shadow are counted apart, as if all rules were in shadow mode: they neither fire nor hold back
 * anything, and no rule takes them for a sign of life.
 */
export async function raiseAlerts(batch: SignalBatch, book: RuleBook, ports: AlertPorts): Promise<AlertOutcome[]> {
  const { signals, failures = [], shadow = false } = batch;
  const all = [...failureSignals(failures, ports.clock.now()), ...signals];
  const unknown: AlertOutcome[] = [];
  const matches: KeyMatches[] = [];
  for (const [name, ofRule] of groupBy(all, ({ rule }) => rule)) {
    const rule = book.find(name);
    if (rule) matches.push(...(shadow ? shadowMatchesOf(rule, ofRule) : matchesOf(rule, ofRule)));
    // The rule was deleted after the line matched it.
    else
      unknown.push({ outcome: 'unknown rule', rule: name, count: ofRule.reduce((sum, { count }) => sum + count, 0) });
  }

  const considered = await considerAll(matches, batch.id, book, ports);
  const { claimed, settled } = sortOut(considered);
  return [...unknown, ...settled, ...(await deliver(claimed, book, ports))];
}

function matchesOf(rule: Rule, ofRule: Group<Signal>): KeyMatches[] {
  const byKey = [...groupBy(ofRule, ({ key }) => key)];
  return byKey.map(([key, signals]) => ({ id: { rule: rule.name, key }, rule, signals }));
}

function shadowMatchesOf(rule: Rule, ofRule: Group<Signal>): KeyMatches[] {
  if (typeOf(rule).missing) return [];
  const inShadow: Rule = { ...rule, mode: 'shadow' };
  return matchesOf(inShadow, ofRule).map((each) => ({ ...each, id: { ...each.id, replayed: true } }));
}

async function considerAll(
  matches: readonly KeyMatches[],
  batch: string,
  book: RuleBook,
  ports: AlertPorts,
): Promise<Considered[]> {
  const { clock, deadline } = ports;
  // The other two thirds are for posting, and for marking what was posted, which takes as many writes again.
  const until = clock.now() + (deadline - clock.now()) / 3;
  const considered: Considered[] = [];
  // A rule is counted before those that say nothing while it fires.
  const ranks = groupBy(matches, ({ rule }) => `${book.rankOf(rule)}`);
  for (const [, ofRank] of [...ranks].sort(([a], [b]) => Number(a) - Number(b))) {
    const looked = await lookAtNewKeys(ofRank, batch, book, ports);
    considered.push(...looked.considered);
    const outcomes = await inParallel(looked.matches, parallelSaves, (each) =>
      clock.now() < until
        ? considerSafely(each, batch, book, ports)
        : [undelivered(each.id, 'there was no time left to count it')],
    );
    considered.push(...outcomes.flat());
  }
  return considered;
}

async function considerSafely(
  { id, rule, signals, loaded, isQuiet }: KeyMatches,
  batch: string,
  book: RuleBook,
  ports: AlertPorts,
): Promise<readonly Considered[]> {
  // Of several decisions the last one is carried out.
  let seen: Noticed = {};
  const decideOn: Parameters<typeof consider>[3] = (state, hold) => {
    const { noticed, tooLate, ...decision } = (isQuiet ? decideQuietly : decide)(
      state,
      rule,
      batch,
      signals,
      ports.clock.now(),
      hold,
    );
    seen = { noticed, tooLate };
    return decision;
  };
  try {
    const considered = await consider(id, rule, signals[0].labels, decideOn, book, ports, loaded);
    return [...considered, ...noticedOutcomes(id, seen, ports.clock.now())];
  } catch (error) {
    return [undelivered(id, error)];
  }
}

function noticedOutcomes(id: AlertId, { noticed: numbers, tooLate }: Noticed, now: number): AlertOutcome[] {
  const outcomes: AlertOutcome[] = numbers ? [{ outcome: 'noticed', id, numbers }] : [];
  if (!tooLate) return outcomes;
  const lines = tooLate.reduce((sum, signal) => sum + linesIn(signal), 0);
  const behind = now - Math.min(...tooLate.map(({ first }) => first));
  return [...outcomes, { outcome: 'too late', id, lines, behind }];
}

/** Splits the alerts that are to be posted from those that are finished. */
export function sortOut(considered: readonly Considered[]): {
  readonly claimed: ClaimedAlert[];
  readonly settled: AlertOutcome[];
} {
  const [claimed, settled]: [ClaimedAlert[], AlertOutcome[]] = [[], []];
  for (const each of considered) {
    if (each.outcome === 'claimed') claimed.push(each.alert);
    else settled.push(each);
  }
  return { claimed, settled };
}
