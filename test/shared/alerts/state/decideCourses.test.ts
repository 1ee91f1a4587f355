import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { HoldReason } from '../../../../shared/alerts/state/alertState.js';
import { type AlertState, due, dueAt, settle } from '../../../../shared/alerts/state/decide.js';
import type { Rule } from '../../../../shared/rules/language/rule.js';
import { aRule, MINUTE, T0 } from '../../../helpers/alerts.js';
import { type Crash, OneKey } from '../../../helpers/oneKey.js';
import { repeated } from '../../../helpers/signals.js';

const SECOND = 1000;
const HOUR = 60 * MINUTE;
const settings = { cooldown: 10 * MINUTE, maxCooldown: 10 * MINUTE, lateness: 2 * MINUTE, mode: 'live' } as const;
const rule = aRule(settings);
const silence: HoldReason = { by: 'silence', silence: 's1', why: 'planned work' };

describe('any course of events', () => {
  const rules: readonly Rule[] = [
    rule,
    { ...rule, cooldown: 20 * SECOND, maxCooldown: 10 * MINUTE },
    { ...rule, cooldown: 2 * MINUTE, maxCooldown: 3 * MINUTE, resolveAfter: 90 * SECOND },
    aRule({ ...rule, type: 'frequency', threshold: 4, window: MINUTE, resolveAfter: 5 * MINUTE }),
    aRule({
      ...settings,
      type: 'absence',
      window: MINUTE,
      expect: [],
      minCount: 1,
      forget: HOUR,
      resolveAfter: MINUTE,
    }),
  ];
  const anyStep = fc.record({
    after: fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 900 })).map((s) => s * SECOND),
    step: fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('lines' as const), count: fc.integer({ min: 1, max: 5 }) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('again' as const), batch: fc.nat(40) }) },
      { weight: 2, arbitrary: fc.constant({ do: 'sweep' as const }) },
    ),
    hold: fc.option(fc.constant(silence), { nil: undefined, freq: 6 }),
    crash: fc.option(fc.constantFrom<Crash>('before save', 'before post', 'before mark'), { nil: undefined, freq: 4 }),
  });
  const anySteps = fc.array(anyStep, { minLength: 1, maxLength: 60 });

  type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never;
  const withoutCrashes = (steps: readonly Step[]) => steps.map((step) => ({ ...step, crash: undefined }));

  /** Runs the steps as SQS and the scheduler would: what is not acknowledged comes again, in the end without crashes. */
  function run(rule: Rule, steps: readonly Step[]) {
    const key = new OneKey(rule);
    const batches: { readonly count: number; readonly ts: number; acknowledged: boolean }[] = [];
    let now = T0;
    const deliver = (n: number, hold?: HoldReason, crash?: Crash) => {
      const batch = batches[n];
      if (!batch) return;
      const { action } = key.deliver(now, `${n}`, repeated(batch.ts, batch.count), hold, crash);
      batch.acknowledged ||= crash === undefined && action !== 'wait';
    };
    for (const { after, step, hold, crash } of steps) {
      now += after;
      const told = key.told.length;
      if (step.do === 'sweep') key.sweep(now, hold, crash);
      else if (step.do === 'again') deliver(step.batch, hold, crash);
      else deliver(batches.push({ count: step.count, ts: now, acknowledged: false }) - 1, hold, crash);
      if (hold) expect(key.told).toHaveLength(told);
    }
    for (let round = 0; round < 4; round++) {
      now += 3 * MINUTE;
      for (const [n, { acknowledged }] of batches.entries()) if (!acknowledged) deliver(n);
      key.sweep(now);
    }
    return { key, batches, now };
  }

  /** No further line comes. */
  function sweepToTheEnd(key: OneKey): void {
    for (
      let at = key.state && dueAt(key.state, key.rule);
      at !== undefined;
      at = dueAt(key.state as AlertState, key.rule)
    )
      key.sweep(at);
  }

  it('tells each line once, and repeats none but for a crash', () => {
    fc.assert(
      fc.property(fc.constantFrom(...rules.slice(0, 3)), anySteps, (rule, anySteps) => {
        // A resolved notice that was posted before the crash is taken for one that was not.
        const steps = rule.resolveAfter === undefined ? anySteps : withoutCrashes(anySteps);
        const { key, batches } = run(rule, steps);
        sweepToTheEnd(key);
        expect(batches.every(({ acknowledged }) => acknowledged)).toBe(true);
        const lines = batches.reduce((sum, { count }) => sum + count, 0);
        // A repeat tells at least as much as the message before, so the last one of a number is what people know.
        const last = new Map(key.told.map(({ notice: { number, count } }) => [number, count]));
        const told = [...last.values()].reduce((sum, count) => sum + count, 0);
        expect(told).toBe(lines);
        expect(key.state?.held).toBeUndefined();
        expect(key.state?.delivery.status ?? 'idle').toBe('idle');
        if (steps.every(({ crash }) => crash === undefined)) expect(last.size).toBe(key.told.length);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps to the cooldown, and resolves only what fires', () => {
    fc.assert(
      fc.property(fc.constantFrom(...rules), anySteps, (rule, steps) => {
        const { key } = run(rule, withoutCrashes(steps));
        let open = false;
        let lastFiring = Number.NEGATIVE_INFINITY;
        for (const { at, notice } of key.told) {
          if (notice.kind === 'resolved') {
            expect(open).toBe(true);
            // Lines may have been told long after they came.
            if (rule.type !== 'absence') expect(at - notice.last).toBeGreaterThanOrEqual(rule.resolveAfter ?? 0);
          } else {
            expect(at - lastFiring).toBeGreaterThanOrEqual(rule.cooldown);
            lastFiring = at;
          }
          open = notice.kind === 'firing';
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never leaves a key on the agenda for a time that is past', () => {
    const drop = aRule({ ...settings, type: 'drop', window: MINUTE, minPrevious: 1, forget: 5 * HOUR });
    fc.assert(
      fc.property(fc.constantFrom(...rules, drop), anySteps, (rule, steps) => {
        const { key, now } = run(rule, steps);
        for (let round = 0; round < 5; round++) {
          const at = key.state && dueAt(key.state, rule);
          if (at === undefined) return;
          const when = Math.max(at, now);
          const decision = due(key.state as AlertState, rule, when);
          const next = decision.next as AlertState;
          if (decision.action === 'notify') {
            key.state = settle(next, decision.claim, 'sent', when) as AlertState;
          } else {
            key.state = next;
          }
          expect(dueAt(key.state, rule) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(when);
        }
      }),
      { numRuns: 500 },
    );
  });
});
