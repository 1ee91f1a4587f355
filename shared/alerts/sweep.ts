import { sqs } from '../limits.js';
import type { Rule } from '../rules/language/rule.js';
import { readBatch } from '../signals/batchText.js';
import { firstOf } from '../text/firstOf.js';
import { type Group, isGroup } from '../text/groupBy.js';
import { inParallel } from '../text/parallel.js';
import { type Considered, consider } from './consider.js';
import { deliver } from './delivery/deliver.js';
import { deliverDigests } from './delivery/deliverDigests.js';
import type { DigestOutcome } from './delivery/digestOutcome.js';
import { expectKeys } from './expectKeys.js';
import { beginLearning } from './learning.js';
import { type AlertOutcome, undelivered } from './outcome.js';
import type { AlertId, SweepPorts } from './ports.js';
import { sortOut } from './raise.js';
import type { RuleBook } from './ruleBook.js';
import type { HoldReason } from './state/alertState.js';
import { type AlertState, type Decision, due } from './state/decide.js';
import { alertId, readAlertId } from './state/ids.js';
import { streamOf } from './state/stream.js';
import { parallelSaves, savedTogether, update } from './state/update.js';
import { TimeBudget } from './timeBudget.js';

/** Endpoints and objects that one sweep looks at; the next one is a minute away. */
const [maxEndpoints, maxBatches] = [10_000, 500];

/** Items that could not be read of which one sweep says why. */
const maxUnread = 10;

/** Objects that are moved at a time. */
const parallelBatches = 8;

export interface SweepReport {
  /** Batches that were put on the queue. */
  readonly returned: number;
  readonly digests: readonly DigestOutcome[];
  readonly outcomes: readonly AlertOutcome[];
  /** The parts that failed, and why; the next sweep tries again. */
  readonly problems: readonly string[];
}

/**
 * Does what no new line triggers: returns batches that the queue refused, finds absent keys and alerts that are over, posts
 * again what could not be posted, and posts digests. Two sweeps may run at once: each post is claimed first, and a batch that
 * is sent twice is counted once.
 */
export async function sweep(book: RuleBook, ports: SweepPorts): Promise<SweepReport> {
  const problems: string[] = [];
  /** A part that fails does not stop the others. */
  const attempt = async <T>(what: string, act: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return otherwise;
    }
  };

  const [returned] = await Promise.all([
    attempt('the batches under signals/', () => returnBatches(ports, attempt), 0),
    attempt('the keys that rules expect', () => expectKeys(book, ports), undefined),
    attempt('the rules that learn', () => beginLearning(book, ports), undefined),
  ]);
  const digests = await attempt('the digests', () => deliverDue(book, ports, attempt), []);
  const outcomes = await attempt('the alerts that are due', () => considerDue(book, ports, attempt), []);
  return { returned, digests, outcomes, problems };
}

type Attempt = <T>(what: string, act: () => Promise<T>, otherwise: T) => Promise<T>;

/** Sent first and removed after: a crash in between repeats a batch, which is counted once. */
async function returnBatches(ports: SweepPorts, attempt: Attempt): Promise<number> {
  const { refused, queue } = ports;
  const until = thirdOfTime(ports);
  const names = await refused.list(maxBatches);
  const returned = await inParallel(names, parallelBatches, async (name) => {
    if (ports.clock.now() >= until) return 0;
    const move = async () => {
      const text = await refused.read(name);
      if (text === undefined) return 0;
      await queue.send(readBatch(text));
      await refused.remove(name);
      return 1;
    };
    return attempt(name, move, 0);
  });
  return returned.reduce<number>((sum, count) => sum + count, 0);
}

async function deliverDue(book: RuleBook, ports: SweepPorts, attempt: Attempt): Promise<DigestOutcome[]> {
  const ids = await firstOf(ports.store.agenda('digests', 0, ports.clock.now()), maxEndpoints);
  return deliverDigests(ids, book, ports, attempt);
}

/** The keys that are due first, for as long as there is time; the next sweep goes on where this one ends. */
async function considerDue(book: RuleBook, ports: SweepPorts, attempt: Attempt): Promise<AlertOutcome[]> {
  const { store, clock } = ports;
  const budget = new TimeBudget(ports);
  const unread: string[] = [];
  const ids = asFarAsRead(store.agenda('sweep', 0, clock.now()), attempt);
  const keys = byKey(whileTime(ids, budget), unread);
  const inInvocation = { ...ports, stream: streamOf(ports) };
  const considered = await inParallel(keys, parallelSaves, async (alerts) => {
    const outcomes = await considerKey(alerts, book, inInvocation);
    for (const each of outcomes) budget.note(each);
    return outcomes.flat();
  });
  const { claimed, settled } = sortOut(considered.flat());
  const delivered = await deliver(claimed, book, ports);
  for (const item of unread.slice(0, maxUnread))
    await attempt(`the alerts that are due of ${item}`, () => store.load(item), undefined);
  return [...settled, ...delivered];
}

/** Should the agenda fail on the way, what was claimed by then is told all the same: nobody else may tell it before its lease is over. */
async function* asFarAsRead(ids: AsyncIterable<string>, attempt: Attempt): AsyncGenerator<string> {
  try {
    yield* ids;
  } catch (error) {
    await attempt('the alerts that are due', () => Promise.reject(error), undefined);
  }
}

async function* whileTime(ids: AsyncIterable<string>, budget: TimeBudget): AsyncGenerator<string> {
  for await (const id of ids) {
    if (!budget.hasTime()) return;
    yield id;
  }
}

/**
 * The alerts of one key that follow each other on the agenda, together.
 *
 * @param unread is given the items of which nobody knows what is due: they could not be read.
 */
async function* byKey(ids: AsyncIterable<string>, unread: string[]): AsyncGenerator<Group<AlertId>> {
  let ofKey: AlertId[] = [];
  for await (const id of ids) {
    const alert = readAlertId(id);
    if (!alert) {
      unread.push(id);
      continue;
    }
    if (isGroup(ofKey) && ofKey[0].key !== alert.key) {
      yield ofKey;
      ofKey = [];
    }
    ofKey.push(alert);
  }
  if (isGroup(ofKey)) yield ofKey;
}

/** Considers what is due of one key, and saves it at once. @returns what each came to. */
async function considerKey(
  alerts: Readonly<Group<AlertId>>,
  book: RuleBook,
  ports: SweepPorts,
): Promise<readonly (readonly Considered[])[]> {
  const known = alerts.map((id) => ({ id, rule: book.find(id.rule) }));
  const inOrder = known.sort((a, b) => rankOf(a.rule, book) - rankOf(b.rule, book));
  try {
    return await savedTogether(ports.store, alertId(alerts[0]), async (store) => {
      const considered: (readonly Considered[])[] = [];
      for (const { id, rule } of inOrder) {
        const inStore = { ...ports, store };
        considered.push(rule ? await considerSafely(id, rule, book, inStore) : [await takeOffAgenda(id, inStore)]);
      }
      return considered;
    });
  } catch (error) {
    return alerts.map((id) => [undelivered(id, error)]);
  }
}

function rankOf(rule: Rule | undefined, book: RuleBook): number {
  return rule ? book.rankOf(rule) : 0;
}

/** Where the value of a state has expired before its entry, that goes as well: it would be due with every sweep. */
async function considerSafely(
  id: AlertId,
  rule: Rule,
  book: RuleBook,
  ports: SweepPorts,
): Promise<readonly Considered[]> {
  // Of several decisions the last one is carried out.
  let isGone = false;
  const decide = (state: AlertState | undefined, hold: HoldReason | undefined): Decision => {
    isGone = state === undefined;
    return state ? due(state, rule, ports.clock.now(), hold) : { action: 'none', reason: 'not due', next: undefined };
  };
  try {
    const considered = await consider(id, rule, undefined, decide, book, ports);
    if (isGone) await ports.store.remove(alertId(id));
    return considered;
  } catch (error) {
    return [undelivered(id, error)];
  }
}

/** For a rule that is gone. Its state stays until it expires, because the rule may come back. */
async function takeOffAgenda(id: AlertId, { store, clock }: SweepPorts): Promise<Considered> {
  try {
    const isGone = await update<AlertState, boolean>(store, alertId(id), (value) => ({
      next: value && { value, terms: { expires: clock.now() + sqs.maxRetention } },
      result: value === undefined,
    }));
    if (isGone) await store.remove(alertId(id));
    return { outcome: 'unknown rule', rule: id.rule, count: 0 };
  } catch (error) {
    return undelivered(id, error);
  }
}

/** The other two thirds are for the parts that follow, and for posting. */
function thirdOfTime({ clock, deadline }: SweepPorts): number {
  return clock.now() + (deadline - clock.now()) / 3;
}
