import { linesIn } from '../conditions/sums.js';
import type { SignalBatch } from '../signals/signal.js';
import { type Group, groupBy } from '../text/groupBy.js';
import { inParallel } from '../text/parallel.js';
import type { ClaimedAlert } from './address.js';
import { BatchLedger } from './batchLedger.js';
import { type Considered, consider } from './consider.js';
import { deliver } from './delivery/deliver.js';
import { matchesIn } from './matches.js';
import { type KeyMatches, lookAtNewKeys } from './newKeys.js';
import { type AlertOutcome, undelivered } from './outcome.js';
import type { AlertId, AlertPorts, Ledger } from './ports.js';
import type { RuleBook } from './ruleBook.js';
import { decide, decideQuietly, type Noticed } from './state/decide.js';
import { alertId } from './state/ids.js';
import { streamOf } from './state/stream.js';
import { parallelSaves, savedTogether } from './state/update.js';
import { TimeBudget } from './timeBudget.js';

export interface Raised {
  readonly outcomes: readonly AlertOutcome[];
  /** The batches that must be delivered again. */
  readonly undone: ReadonlySet<SignalBatch>;
}

/**
 * Counts the matches of batches and posts the alerts that `decide` wants posted: each is claimed, posted and marked. A crash in
 * between may repeat a message and never loses one. A key that fails does not stop the others; the batches that hold it must be
 * delivered again.
 *
 * What several batches hold of one key is counted together, and what all rules come to of it is saved once. So the more they are behind,
 * the less each costs.
 *
 * Lines that are replayed in shadow are counted apart, as if all rules were in shadow mode: they neither fire nor hold back
 * anything, and no rule takes them for a sign of life.
 *
 * @param batches the oldest first: should there be no time for all keys, theirs are counted.
 */
export async function raiseBatches(
  batches: readonly SignalBatch[],
  book: RuleBook,
  ports: AlertPorts,
): Promise<Raised> {
  const ledger = ports.ledger ?? new BatchLedger(ports.store, ports.clock.now);
  const opened = await inParallel(batches, parallelSaves, (batch) => open(batch, ledger));
  const counting = opened.flatMap((each) => (each.result === 'open' ? [each.batch] : []));
  const { matches, unknown, again } = matchesIn(counting, book, ports.clock.now());

  const considered = await considerAll(matches, book, { ...ports, ledger, stream: streamOf(ports) });
  const { claimed, settled } = sortOut(considered);
  const outcomes = [
    ...opened.flatMap((each) => each.outcomes),
    ...unknown,
    ...settled,
    ...(await deliver(claimed, book, ports)),
  ];
  const failed = outcomes.filter(({ outcome }) => outcome === 'undelivered' || outcome === 'refused');
  const undone = new Set([
    ...opened.flatMap(({ result, batch }) => (result === 'failed' ? [batch] : [])),
    ...failed.flatMap((each) => ('id' in each ? again(each.id) : [])),
  ]);
  const done = counting.filter((batch) => !undone.has(batch));
  // Should it fail, the keys go on remembering the batch: nothing else comes of it.
  await inParallel(done, parallelSaves, (batch) => ledger.close(batch).catch(() => undefined));
  await ledger.lookUp().catch(() => undefined);
  return { outcomes, undone };
}

/** The same for one batch: it must be delivered again if an outcome is `undelivered` or `refused`. */
export async function raiseAlerts(
  batch: SignalBatch,
  book: RuleBook,
  ports: AlertPorts,
): Promise<readonly AlertOutcome[]> {
  return (await raiseBatches([batch], book, ports)).outcomes;
}

interface Opened {
  readonly batch: SignalBatch;
  readonly result: 'open' | 'done before' | 'failed';
  readonly outcomes: readonly AlertOutcome[];
}

async function open(batch: SignalBatch, ledger: Ledger): Promise<Opened> {
  const ids = [...new Map(batch.signals.map(({ rule, key }) => [`${rule} ${key}`, { rule, key }])).values()];
  try {
    if (await ledger.open(batch)) return { batch, result: 'open', outcomes: [] };
    return { batch, result: 'done before', outcomes: ids.map((id) => ({ outcome: 'already counted', id })) };
  } catch (error) {
    return { batch, result: 'failed', outcomes: ids.map((id) => undelivered(id, error)) };
  }
}

type LedgerPorts = AlertPorts & { readonly ledger: Ledger };

async function considerAll(matches: readonly KeyMatches[], book: RuleBook, ports: LedgerPorts): Promise<Considered[]> {
  const budget = new TimeBudget(ports);
  const considered: Considered[] = [];
  // A rule is counted before those that say nothing while it fires.
  const stages = groupBy(matches, ({ rule }) => `${book.stageOf(rule)}`);
  for (const [, ofStage] of [...stages].sort(([a], [b]) => Number(a) - Number(b))) {
    const looked = await lookAtNewKeys(ofStage, book, ports);
    considered.push(...looked.considered);
    const keys = groupBy(looked.matches, ({ id }) => `${id.replayed ?? false} ${id.key}`);
    const outcomes = await inParallel([...keys.values()], parallelSaves, async (ofKey) => {
      if (!budget.hasTime()) return ofKey.map(({ id }) => undelivered(id, 'there was no time left to count it'));
      const outcomes = await considerKey(ofKey, book, ports);
      for (const each of outcomes) budget.note(each);
      return outcomes.flat();
    });
    considered.push(...outcomes.flat());
  }
  return considered;
}

/** Considers the rules that have matches of one key. What is decided on them is saved at once. @returns what each came to. */
async function considerKey(
  matches: Readonly<Group<KeyMatches>>,
  book: RuleBook,
  ports: LedgerPorts,
): Promise<readonly (readonly Considered[])[]> {
  const inOrder = [...matches].sort((a, b) => book.rankOf(a.rule) - book.rankOf(b.rule));
  try {
    return await savedTogether(ports.store, alertId(matches[0].id), async (store) => {
      const considered: (readonly Considered[])[] = [];
      for (const match of inOrder) considered.push(await considerSafely(match, book, { ...ports, store }));
      return considered;
    });
  } catch (error) {
    return matches.map(({ id }) => [undelivered(id, error)]);
  }
}

async function considerSafely(
  { id, rule, parts, loaded, isQuiet }: KeyMatches,
  book: RuleBook,
  ports: LedgerPorts,
): Promise<readonly Considered[]> {
  // Of several decisions the last one is carried out.
  let seen: Noticed = {};
  const isSettled = (batch: string) => ports.ledger.isSettled(batch);
  const decideOn: Parameters<typeof consider>[3] = (state, hold) => {
    const { noticed, tooLate, ...decision } = (isQuiet ? decideQuietly : decide)(
      state,
      rule,
      parts,
      ports.clock.now(),
      hold,
      isSettled,
    );
    seen = { noticed, tooLate };
    return decision;
  };
  try {
    const considered = await consider(id, rule, parts[0].signals[0].labels, decideOn, book, ports, loaded);
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
