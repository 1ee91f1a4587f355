import type { HoldReason, Notice } from '../../shared/alerts/state/alertState.js';
import { type AlertState, type Decision, decide, due, dueAt, settle } from '../../shared/alerts/state/decide.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import type { Group } from '../../shared/text/groupBy.js';
import { signalsOf, type TestLine } from './signals.js';

/** Where an invocation dies: with nothing saved, with the claim saved, or with the message posted. */
export type Crash = 'before save' | 'before post' | 'before mark';

export interface Told {
  readonly at: number;
  readonly notice: Notice;
  readonly reason: string;
}

/** What surrounds the decisions on one rule and key, with a Slack that takes every message. */
export class OneKey {
  readonly told: Told[] = [];

  constructor(
    public rule: Rule,
    public state?: AlertState,
  ) {}

  deliver(now: number, batch: string, lines: readonly TestLine[], hold?: HoldReason, crash?: Crash): Decision {
    const signals = signalsOf(this.rule, lines as Group<TestLine>);
    return this.carryOut(
      decide(this.state, this.rule, [{ batch: batch.padStart(16, '-'), signals }], now, hold),
      now,
      crash,
    );
  }

  /** Undefined when the key is on no agenda, or not yet due. */
  sweep(now: number, hold?: HoldReason, crash?: Crash): Decision | undefined {
    const at = this.state && dueAt(this.state, this.rule);
    if (!this.state || at === undefined || now < at) return undefined;
    return this.carryOut(due(this.state, this.rule, now, hold), now, crash);
  }

  /** Sweeps every `step` milliseconds. */
  sweepUntil(from: number, until: number, step = 60_000): void {
    for (let now = from; now <= until; now += step) this.sweep(now);
  }

  /** Kind, lines and when (milliseconds after `since`) of what was told. */
  summary(since: number): [string, number, number][] {
    return this.told.map(({ at, notice }) => [notice.kind, notice.count, at - since]);
  }

  private carryOut(decision: Decision, now: number, crash?: Crash): Decision {
    if (crash === 'before save' || decision.action === 'wait') return decision;
    if (decision.next) this.state = JSON.parse(JSON.stringify(decision.next));
    if (decision.action !== 'notify' || crash === 'before post') return decision;
    this.told.push({ at: now, notice: decision.notice, reason: decision.reason });
    if (crash === undefined) this.state = settle(decision.next, decision.claim, 'sent', now);
    return decision;
  }
}
