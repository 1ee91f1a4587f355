import { describe, expect, it } from '@jest/globals';
import { type AlertState, decide, leaseTime, rememberedBatches, settle } from '../../../shared/alerts/decide.js';
import { tallyOf } from '../../../shared/alerts/tally.js';
import { aRule, aSignal, MINUTE, T0 } from '../../helpers/alerts.js';

const rule = aRule({ cooldown: 10 * MINUTE });
const tally = tallyOf([aSignal({ count: 2 })]);
const notice = { ...tally, number: 3, count: 5, suppressed: 0 };
const heldBack = { count: 7, first: T0 - MINUTE, last: T0 + MINUTE };

/** A message was claimed at T0 for batch `old`. */
function stateWith(changes: Partial<AlertState>): AlertState {
  return { claim: 3, cooldownStart: T0, delivery: { status: 'sent' }, batches: ['old'], ...changes };
}
const pending = (leaseUntil: number) => stateWith({ delivery: { status: 'pending', notice, leaseUntil } });

describe('decide', () => {
  it.each<
    [string, AlertState | undefined, string, number, { action: string; reason: string; told?: [number, number] }]
  >([
    ['the first match', undefined, 'new', T0, { action: 'notify', reason: 'first', told: [2, 0] }],
    ['within the cooldown', stateWith({}), 'new', T0 + 10 * MINUTE - 1, { action: 'suppress', reason: 'in cooldown' }],
    [
      'after the cooldown',
      stateWith({}),
      'new',
      T0 + 10 * MINUTE,
      { action: 'notify', reason: 'cooldown over', told: [2, 0] },
    ],
    [
      'after a cooldown with matches held back',
      stateWith({ suppressed: heldBack }),
      'new',
      T0 + 10 * MINUTE,
      { action: 'notify', reason: 'cooldown over', told: [9, 7] },
    ],
    ['a redelivery that was told', stateWith({}), 'old', T0 + MINUTE, { action: 'none', reason: 'already counted' }],
    [
      'a redelivery after the cooldown',
      stateWith({}),
      'old',
      T0 + 60 * MINUTE,
      { action: 'none', reason: 'already counted' },
    ],
    [
      'a redelivery while another posts',
      pending(T0 + MINUTE),
      'old',
      T0 + MINUTE - 1,
      { action: 'wait', reason: 'being sent' },
    ],
    [
      'a redelivery after the poster died',
      pending(T0 + MINUTE),
      'old',
      T0 + MINUTE,
      { action: 'notify', reason: 'retry unsent', told: [5, 0] },
    ],
    [
      'a redelivery, with matches held back since',
      { ...pending(T0), suppressed: heldBack },
      'old',
      T0 + MINUTE,
      { action: 'notify', reason: 'retry unsent', told: [12, 7] },
    ],
    ['a match while another posts', pending(T0 + MINUTE), 'new', T0 + 1, { action: 'suppress', reason: 'in cooldown' }],
    [
      'a match while another posts, the cooldown over',
      { ...pending(T0 + 30 * MINUTE), cooldownStart: T0 },
      'new',
      T0 + 20 * MINUTE,
      { action: 'suppress', reason: 'being sent' },
    ],
    [
      'a match after the poster died takes its message along',
      { ...pending(T0), suppressed: heldBack },
      'new',
      T0 + MINUTE,
      { action: 'notify', reason: 'retry unsent', told: [14, 7] },
    ],
  ])('%s', (_name, state, batch, now, { action, reason, told }) => {
    const decision = decide(state, rule, batch, tally, now);
    expect(decision).toMatchObject({ action, reason });
    if (decision.action === 'notify') {
      expect([decision.notice.count, decision.notice.suppressed]).toEqual(told);
      expect(decision.next).toMatchObject({
        claim: (state?.claim ?? 0) + 1,
        cooldownStart: now,
        delivery: { status: 'pending', notice: decision.notice, leaseUntil: now + leaseTime },
      });
      expect(decision.next.suppressed).toBeUndefined();
    }
  });

  it('adds up what it holds back', () => {
    const { next } = decide(stateWith({ suppressed: heldBack }), rule, 'new', tally, T0 + 1);
    expect(next.suppressed).toEqual({ count: 9, first: T0 - MINUTE, last: T0 + MINUTE });
    expect(next.batches).toEqual(['old', 'new']);
    expect(next.cooldownStart).toBe(T0);
  });

  it('goes by the cooldown that the rule has now', () => {
    const now = T0 + 5 * MINUTE;
    expect(decide(stateWith({}), { ...rule, cooldown: 5 * MINUTE }, 'new', tally, now).action).toBe('notify');
    expect(decide(stateWith({}), { ...rule, cooldown: 6 * MINUTE }, 'new', tally, now).action).toBe('suppress');
  });

  it('remembers the newest batches only', () => {
    let state: AlertState | undefined;
    for (let i = 0; i < rememberedBatches + 10; i++)
      state = decide(state, rule, `${i}`.padStart(16, '0'), tally, T0).next;
    expect(state?.batches).toHaveLength(rememberedBatches);
    expect(state?.batches.at(-1)).toBe(`${rememberedBatches + 9}`.padStart(16, '0'));
  });

  it('leaves the stored state as it was', () => {
    const state = Object.freeze({ ...stateWith({}), batches: Object.freeze(['old']) as readonly string[] });
    decide(state, rule, 'new', tally, T0 + 1);
    expect(state.batches).toEqual(['old']);
  });
});

describe('settle', () => {
  it('marks the claim as sent', () => {
    expect(settle(pending(T0 + MINUTE), 3, true)).toEqual(stateWith({}));
  });

  it('frees a claim whose post failed', () => {
    const free = settle(pending(T0 + MINUTE), 3, false);
    expect(free).toBeDefined();
    expect(decide(free, rule, 'old', tally, T0 + 1)).toMatchObject({ action: 'notify', reason: 'retry unsent' });
  });

  it('leaves another claim alone', () => {
    expect(settle(pending(T0 + MINUTE), 2, true)).toBeUndefined();
    expect(settle(stateWith({}), 3, false)).toBeUndefined();
  });
});
