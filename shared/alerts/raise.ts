import { sqs } from '../limits.js';
import { type Group, groupBy } from '../rules/groupBy.js';
import type { Rule } from '../rules/rule.js';
import type { Signal, SignalBatch } from '../signals.js';
import { decide, settle } from './decide.js';
import type { AlertId, AlertStore, Notifier } from './ports.js';
import { tallyOf } from './tally.js';

/** Attempts to save before giving up: each lost one means that somebody else's succeeded, so a few are plenty. */
const maxConflicts = 20;

export interface AlertPorts {
  readonly store: AlertStore;
  readonly notifier: Notifier;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** What became of the matches of one rule and key, or of a rule's when it is gone. */
export type AlertOutcome =
  | { readonly outcome: 'notified' | 'suppressed' | 'already counted'; readonly id: AlertId }
  | { readonly outcome: 'unknown rule'; readonly rule: string; readonly count: number }
  /** People may not have been told: the batch must be delivered again. `refused` won't mend itself. */
  | { readonly outcome: 'undelivered' | 'refused'; readonly id: AlertId; readonly reason: string };

/**
 * Tells people of a batch's matches where `decide` says so: claims, posts, marks.
 * Never throws for one key's sake: the others get their turn, and the outcome says what is to be delivered again.
 */
export async function raiseAlerts(
  batch: SignalBatch,
  rules: readonly Rule[],
  ports: AlertPorts,
): Promise<AlertOutcome[]> {
  const outcomes: AlertOutcome[] = [];
  for (const [name, signals] of groupBy(batch.signals, ({ rule }) => rule)) {
    const rule = rules.find((each) => each.name === name);
    if (!rule) {
      // The rule was deleted after the line matched it. There is nobody left to tell.
      outcomes.push({ outcome: 'unknown rule', rule: name, count: signals.reduce((sum, { count }) => sum + count, 0) });
      continue;
    }
    for (const [key, ofKey] of groupBy(signals, (signal) => signal.key)) {
      outcomes.push(await raiseSafely({ rule: name, key }, rule, batch.id, ofKey, ports));
    }
  }
  return outcomes;
}

async function raiseSafely(
  id: AlertId,
  rule: Rule,
  batch: string,
  signals: Group<Signal>,
  ports: AlertPorts,
): Promise<AlertOutcome> {
  try {
    return await raise(id, rule, batch, signals, ports);
  } catch (error) {
    return { outcome: 'undelivered', id, reason: error instanceof Error ? error.message : String(error) };
  }
}

async function raise(
  id: AlertId,
  rule: Rule,
  batch: string,
  signals: Group<Signal>,
  ports: AlertPorts,
): Promise<AlertOutcome> {
  const tally = tallyOf(signals);
  for (let attempt = 0; attempt < maxConflicts; attempt++) {
    const stored = await ports.store.load(id);
    const decision = decide(stored?.state, rule, batch, tally, ports.now());
    if (decision.action === 'none') return { outcome: 'already counted', id };
    if (decision.action === 'wait') return { outcome: 'undelivered', id, reason: 'another invocation is posting it' };

    const saved = await ports.store.save(id, decision.next, stored?.version, expiry(ports));
    if (!saved) continue;
    if (decision.action === 'suppress') return { outcome: 'suppressed', id };

    const posted = await ports.notifier.post({ ...id, settings: rule, notice: decision.notice });
    await mark(id, decision.next.claim, posted.result === 'sent', ports);
    if (posted.result === 'sent') return { outcome: 'notified', id };
    return { outcome: posted.result === 'refused' ? 'refused' : 'undelivered', id, reason: posted.reason };
  }
  throw contention(id);
}

async function mark(id: AlertId, claim: number, sent: boolean, ports: AlertPorts): Promise<void> {
  for (let attempt = 0; attempt < maxConflicts; attempt++) {
    const stored = await ports.store.load(id);
    const next = stored && settle(stored.state, claim, sent);
    if (!next || (await ports.store.save(id, next, stored.version, expiry(ports)))) return;
  }
  throw contention(id);
}

/** For as long as a batch can come again, it must be remembered that it was counted. */
function expiry({ now }: AlertPorts): number {
  return now() + sqs.maxRetention;
}

function contention({ rule, key }: AlertId): Error {
  return new Error(`the state of rule ${rule}, key ${key} changed ${maxConflicts} times while it was being saved`);
}
