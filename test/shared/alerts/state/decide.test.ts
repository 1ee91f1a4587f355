import { describe, expect, it } from '@jest/globals';
import type { Delivery, HoldReason, Notice } from '../../../../shared/alerts/state/alertState.js';
import {
  type AlertState,
  decide,
  due,
  dueAt,
  expiryOf,
  holdPause,
  isFiring,
  leaseTime,
  refusalPause,
  rememberedBatches,
  settle,
} from '../../../../shared/alerts/state/decide.js';
import { sqs } from '../../../../shared/limits.js';
import type { Rule } from '../../../../shared/rules/language/rule.js';
import { aRule, aSignal, MINUTE, T0 } from '../../../helpers/alerts.js';
import { OneKey } from '../../../helpers/oneKey.js';
import { repeated } from '../../../helpers/signals.js';

const SECOND = 1000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const rule = aRule({ cooldown: 10 * MINUTE, maxCooldown: 10 * MINUTE, lateness: 2 * MINUTE, mode: 'live' });
const signals = [aSignal({ count: 2 })] as const;
const notice: Notice = {
  ...{ kind: 'firing', number: 3, labels: { service: 'pay' }, count: 5, suppressed: 0 },
  ...{ first: T0, last: T0, samples: [], measured: { type: 'match' } },
};
const held = { count: 7, first: T0 - MINUTE, last: T0 + MINUTE };
const silence: HoldReason = { by: 'silence', silence: 's1', why: 'planned work' };

/** A message was claimed at T0 for batch `old`. */
function stateWith(changes: Partial<AlertState>): AlertState {
  return {
    ...{ labels: { service: 'pay' }, claim: 3, delivery: { status: 'idle' }, batches: ['old'] },
    ...{ cooldown: { start: T0, doublings: 0 }, firedAt: T0, memory: { type: 'match' } },
    ...changes,
  };
}

function pending(leaseUntil: number, changes: Partial<Delivery & { status: 'pending' }> = {}): Delivery {
  return { status: 'pending', notice, leaseUntil, refusals: 0, ...changes };
}

describe('decide', () => {
  const leased = stateWith({ delivery: pending(T0 + MINUTE) });
  const over = T0 + 10 * MINUTE;
  /** `told`: lines told, and those of them that were held back. */
  type Expected = { readonly told?: [number, number]; readonly [part: string]: unknown };
  it.each<[string, AlertState | undefined, string, number, Expected]>([
    ['the first match', undefined, 'new', T0, { action: 'notify', reason: 'first', told: [2, 0] }],
    ['within the cooldown', stateWith({}), 'new', over - 1, { action: 'suppress', reason: 'in cooldown' }],
    ['after the cooldown', stateWith({}), 'new', over, { action: 'notify', reason: 'cooldown over', told: [2, 0] }],
    ['after it, with lines held back', stateWith({ held }), 'new', over, { reason: 'cooldown over', told: [9, 7] }],
    ['a batch that was told', stateWith({}), 'old', T0, { action: 'none', reason: 'already counted', next: undefined }],
    ['the same after the cooldown', stateWith({}), 'old', T0 + HOUR, { action: 'none', reason: 'already counted' }],
    ['a batch that another one posts', leased, 'old', T0 + MINUTE - 1, { action: 'wait', reason: 'being sent' }],
    ['the same once the other one died', leased, 'old', T0 + MINUTE, { reason: 'retry unsent', told: [5, 0] }],
    [
      'the same with lines held back since',
      { ...leased, held },
      'old',
      T0 + MINUTE,
      { reason: 'retry unsent', told: [12, 7] },
    ],
    ['lines while another one posts', leased, 'new', T0 + 1, { action: 'suppress', reason: 'in cooldown' }],
    [
      'lines while another one posts, after the cooldown',
      stateWith({ delivery: pending(over + MINUTE) }),
      'new',
      over,
      { action: 'wait', reason: 'being sent', next: { batches: ['old'] } },
    ],
    [
      'a message with lines held back before and since',
      stateWith({ delivery: pending(T0, { notice: { ...notice, suppressed: 1 } }), held }),
      'old',
      T0,
      { reason: 'retry unsent', told: [12, 8] },
    ],
    [
      'lines once the other one died',
      { ...leased, held },
      'new',
      T0 + MINUTE,
      { reason: 'retry unsent', told: [14, 7] },
    ],
    [
      'a batch whose message was refused a moment ago',
      stateWith({ delivery: pending(T0 + MINUTE, { refusals: 1 }) }),
      'old',
      T0 + 1,
      { action: 'wait', reason: 'refused' },
    ],
    [
      'lines after the cooldown, while a refused message waits for its next attempt',
      stateWith({ delivery: pending(over + MINUTE, { refusals: 4 }) }),
      'new',
      over,
      { action: 'suppress', reason: 'being sent', next: { held: { count: 2 } } },
    ],
  ])('%s', (_name, state, batch, now, { told, ...expected }) => {
    const decision = decide(state, rule, [{ batch: batch, signals }], now);
    expect(decision).toMatchObject(expected);
    const notified = decision.action === 'notify' ? decision : undefined;
    expect(notified && [notified.notice.count, notified.notice.suppressed]).toEqual(told);
    if (!notified) return;
    expect(notified.claim).toBe((state?.claim ?? 0) + 1);
    expect(notified.next).toMatchObject({
      claim: notified.claim,
      cooldown: { start: now },
      delivery: { status: 'pending', notice: notified.notice, leaseUntil: now + leaseTime },
    });
    expect(notified.next.held).toBeUndefined();
  });

  it('adds up what it holds back', () => {
    const { next } = decide(stateWith({ held }), rule, [{ batch: 'new', signals }], T0 + 1);
    expect(next).toMatchObject({ held: { count: 9, first: T0 - MINUTE, last: T0 + MINUTE } });
    expect(next).toMatchObject({ batches: ['old', 'new'], cooldown: { start: T0 } });
  });

  it('goes by the cooldown that the rule has now', () => {
    const now = T0 + 5 * MINUTE;
    expect(decide(stateWith({}), { ...rule, cooldown: 5 * MINUTE }, [{ batch: 'new', signals }], now).action).toBe(
      'notify',
    );
    expect(decide(stateWith({}), { ...rule, cooldown: 6 * MINUTE }, [{ batch: 'new', signals }], now).action).toBe(
      'suppress',
    );
  });

  it('remembers the newest batches only', () => {
    let state: AlertState | undefined;
    for (let i = 0; i < rememberedBatches + 10; i++)
      state = decide(state, rule, [{ batch: `${i}`.padStart(16, '0'), signals }], T0).next;
    expect(state?.batches).toHaveLength(rememberedBatches);
    expect(state?.batches.at(-1)).toBe(`${rememberedBatches + 9}`.padStart(16, '0'));
  });

  it('leaves the stored state as it was', () => {
    const state = Object.freeze(stateWith({ batches: Object.freeze(['old']) as readonly string[] }));
    decide(state, rule, [{ batch: 'new', signals }], T0 + 1);
    expect(state.batches).toEqual(['old']);
  });

  it('tells a thousand lines once that came twice', () => {
    const frequency = aRule({ ...rule, type: 'frequency', threshold: 5, window: MINUTE });
    const key = new OneKey(frequency);
    const lines = repeated(T0, 1000, 10);
    expect(key.deliver(T0 + MINUTE, 'a', lines)).toMatchObject({ action: 'notify', notice: { count: 1000 } });
    expect(key.deliver(T0 + MINUTE, 'a', lines)).toMatchObject({ action: 'none', reason: 'already counted' });
    expect(key.summary(T0)).toEqual([['firing', 1000, MINUTE]]);
  });

  it('has a state of a few kilobytes at most', () => {
    const frequency = aRule({ ...rule, type: 'frequency', threshold: 5, window: MINUTE });
    const key = new OneKey(frequency);
    for (let i = 0; i < 400; i++) key.deliver(T0 + i * 5 * SECOND, `${i}`, repeated(T0 + i * 5 * SECOND, 9));
    expect(JSON.stringify(key.state).length).toBeLessThan(10_000);
  });
});

describe('the cooldown', () => {
  const backedOff = { ...rule, maxCooldown: 40 * MINUTE };

  it('doubles with each message of a key that keeps matching, up to max_cooldown', () => {
    const key = new OneKey(backedOff);
    for (let minute = 0; minute <= 160; minute++) key.deliver(T0 + minute * MINUTE, `${minute}`, repeated(T0, 1));
    expect(key.summary(T0).map(([, count, after]) => [count, after / MINUTE])).toEqual([
      [1, 0],
      [10, 10],
      [20, 30],
      [40, 70],
      [40, 110],
      [40, 150],
    ]);
  });

  it('starts afresh after a quiet as long as it is', () => {
    const doublingsAfter = (quiet: number) => {
      const key = new OneKey(
        backedOff,
        stateWith({ cooldown: { start: T0, doublings: 1 }, firedAt: T0 + 15 * MINUTE }),
      );
      key.deliver(T0 + 15 * MINUTE + quiet, 'new', repeated(T0, 1));
      return key.state?.cooldown?.doublings;
    };
    expect(doublingsAfter(20 * MINUTE - 1)).toBe(2);
    expect(doublingsAfter(20 * MINUTE)).toBe(0);
  });

  it('is as long again when the message is tried again', () => {
    const state = stateWith({ cooldown: { start: T0, doublings: 1 }, delivery: pending(T0 + MINUTE) });
    expect(due(state, backedOff, T0 + MINUTE).next?.cooldown).toEqual({ start: T0 + MINUTE, doublings: 1 });
  });
});

describe('holds', () => {
  it.each<HoldReason>([silence, { by: 'mute' }, { by: 'unless firing', rule: 'fatal-line' }])('%j', (hold) => {
    const key = new OneKey(rule);
    expect(key.deliver(T0, 'a', repeated(T0, 3), hold)).toMatchObject({ action: 'suppress', reason: hold.by });
    expect(key.deliver(T0 + MINUTE, 'b', repeated(T0, 4), hold)).toMatchObject({ action: 'suppress', reason: hold.by });
    expect(key.deliver(T0 + 2 * MINUTE, 'c', repeated(T0, 1))).toMatchObject({
      ...{ action: 'notify', reason: 'first' },
      notice: { count: 8, suppressed: 7, heldBy: hold },
    });
  });

  it('are told of though the cooldown held lines back as well', () => {
    const key = new OneKey(rule, stateWith({}));
    key.deliver(T0, 'a', repeated(T0, 3), silence);
    key.deliver(T0 + MINUTE, 'b', repeated(T0, 1));
    key.deliver(T0 + 10 * MINUTE, 'c', repeated(T0, 1));
    expect(key.told[0]?.notice).toMatchObject({ count: 5, suppressed: 4, heldBy: silence });
  });

  it('leave a new key new until people were told of it', () => {
    const key = new OneKey(aRule({ ...rule, type: 'new', remember: 30 * DAY }));
    expect(key.deliver(T0, 'a', repeated(T0, 3), silence)).toMatchObject({ action: 'suppress', reason: 'silence' });
    expect(key.deliver(T0 + MINUTE, 'b', repeated(T0, 4), silence)).toMatchObject({ action: 'suppress' });
    expect(key.deliver(T0 + HOUR, 'c', repeated(T0 + HOUR, 1))).toMatchObject({
      action: 'notify',
      notice: { count: 8, suppressed: 7, heldBy: silence },
    });
    expect(key.deliver(T0 + 2 * HOUR, 'd', repeated(T0 + HOUR, 1))).toMatchObject({ action: 'none', reason: 'known' });
  });

  it('put off what was claimed and not sent', () => {
    const state = stateWith({ delivery: pending(T0) });
    const decision = due(state, rule, T0, silence);
    expect(decision).toMatchObject({ action: 'suppress', reason: 'silence', next: { delivery: state.delivery } });
    expect(dueAt(decision.next as AlertState, rule)).toBe(T0 + holdPause);
    expect(due(decision.next as AlertState, rule, T0 + holdPause).action).toBe('notify');
    expect(decide(state, rule, [{ batch: 'old', signals }], T0, silence)).toMatchObject({
      action: 'suppress',
      reason: 'silence',
    });
  });
});

describe('shadow', () => {
  const shadow: Rule = { ...rule, mode: 'shadow', resolveAfter: 20 * MINUTE };

  it('goes as if it were live, with each message for the log', () => {
    const key = new OneKey(shadow);
    const hold: HoldReason = { by: 'shadow' };
    expect(key.deliver(T0, 'a', repeated(T0, 3), hold)).toMatchObject({
      ...{ action: 'suppress', reason: 'shadow', notice: { kind: 'firing', count: 3 } },
      next: { delivery: { status: 'idle' }, cooldown: { start: T0 } },
    });
    expect(key.deliver(T0 + MINUTE, 'b', repeated(T0, 4), hold)).toMatchObject({
      action: 'suppress',
      reason: 'in cooldown',
    });
    expect(key.deliver(T0 + 10 * MINUTE, 'c', repeated(T0, 1), hold)).toMatchObject({
      ...{ reason: 'shadow', notice: { count: 5, suppressed: 4 } },
    });
    expect(key.sweep(T0 + 30 * MINUTE, hold)).toMatchObject({ reason: 'shadow', notice: { kind: 'resolved' } });
    expect(key.told).toEqual([]);
  });

  it('keeps nobody from being told once the rule is live', () => {
    const key = new OneKey(shadow);
    key.deliver(T0, 'a', repeated(T0, 3));
    key.rule = { ...shadow, mode: 'live' };
    expect(dueAt(key.state as AlertState, key.rule)).toBeUndefined();
    expect(key.deliver(T0 + 1, 'b', repeated(T0, 1))).toMatchObject({ action: 'notify', reason: 'first' });
  });

  it('gives way to a silence', () => {
    expect(decide(undefined, shadow, [{ batch: 'a', signals }], T0, silence)).toMatchObject({ reason: 'silence' });
  });
});

describe('isFiring', () => {
  it('lasts for a cooldown after the condition held when the rule does not say when it is over', () => {
    const { resolveAfter: _, ...unresolved } = rule;
    const firing = (now: number) => isFiring(stateWith({}), unresolved as Rule, now);
    expect([firing(T0 + 10 * MINUTE - 1), firing(T0 + 10 * MINUTE)]).toEqual([true, false]);
    expect(isFiring(stateWith({ firedAt: undefined }), rule, T0)).toBe(false);
  });
});

describe('resolved notices', () => {
  const resolving: Rule = { ...rule, resolveAfter: 15 * MINUTE };

  it('come once, when it was quiet for long enough, with the lines that nobody was told of', () => {
    const key = new OneKey(resolving);
    key.deliver(T0, 'a', repeated(T0, 3));
    key.deliver(T0 + 4 * MINUTE, 'b', repeated(T0 + 3 * MINUTE, 2));
    expect(isFiring(key.state as AlertState, resolving, T0 + 19 * MINUTE - 1)).toBe(true);
    expect(key.sweep(T0 + 19 * MINUTE - 1)).toBeUndefined();
    expect(key.sweep(T0 + 19 * MINUTE)).toMatchObject({
      ...{ action: 'notify', reason: 'resolved' },
      notice: { kind: 'resolved', count: 2, suppressed: 2, first: T0, last: T0 + 3 * MINUTE, samples: [] },
    });
    expect(isFiring(key.state as AlertState, resolving, T0 + 19 * MINUTE)).toBe(false);
    expect(dueAt(key.state as AlertState, resolving)).toBeUndefined();
  });

  it('are not told of what nobody was told', () => {
    const key = new OneKey(resolving);
    key.deliver(T0, 'a', repeated(T0, 3), silence);
    expect(key.sweep(T0 + MINUTE)).toMatchObject({ reason: 'hold over', notice: { kind: 'firing', count: 3 } });
    expect(key.sweep(T0 + 15 * MINUTE)).toMatchObject({ reason: 'resolved', notice: { count: 0 } });

    const late = new OneKey(resolving);
    late.deliver(T0, 'a', repeated(T0, 3), silence);
    expect(late.sweep(T0 + 15 * MINUTE)).toMatchObject({ reason: 'hold over', notice: { kind: 'firing', count: 3 } });
    expect(dueAt(late.state as AlertState, resolving)).toBeUndefined();
  });

  it('wait until the message was sent', () => {
    const key = new OneKey(resolving);
    key.deliver(T0, 'a', repeated(T0, 3), undefined, 'before post');
    expect(key.sweep(T0 + HOUR)).toMatchObject({ reason: 'retry unsent', notice: { kind: 'firing', count: 3 } });
    expect(key.sweep(T0 + HOUR)).toMatchObject({ reason: 'resolved' });
  });

  it('are dropped when it fires again before they were sent', () => {
    const key = new OneKey(resolving);
    key.deliver(T0, 'a', repeated(T0, 3));
    key.deliver(T0 + MINUTE, 'b', repeated(T0, 2));
    expect(key.sweep(T0 + 16 * MINUTE, undefined, 'before post')).toMatchObject({ reason: 'resolved' });
    expect(key.deliver(T0 + 16 * MINUTE + 1, 'c', repeated(T0, 1)).action).toBe('wait');
    expect(key.deliver(T0 + 17 * MINUTE, 'c', repeated(T0, 1))).toMatchObject({
      ...{ reason: 'cooldown over', notice: { kind: 'firing', count: 3, suppressed: 2 } },
    });
    expect(key.sweep(T0 + 32 * MINUTE)).toMatchObject({ reason: 'resolved', notice: { count: 0, first: T0 } });
  });

  it('let it fire again as the cooldown permits', () => {
    const key = new OneKey({ ...resolving, resolveAfter: 2 * MINUTE });
    key.deliver(T0, 'a', repeated(T0, 3));
    key.sweep(T0 + 2 * MINUTE);
    expect(key.deliver(T0 + 3 * MINUTE, 'b', repeated(T0, 1)).action).toBe('suppress');
    expect(dueAt(key.state as AlertState, key.rule)).toBe(T0 + 10 * MINUTE);
    expect(key.deliver(T0 + 10 * MINUTE, 'c', repeated(T0, 1))).toMatchObject({ notice: { count: 2, suppressed: 1 } });
  });
});

describe('lines that no later line brings out', () => {
  const holds: (HoldReason | undefined)[] = [
    undefined,
    silence,
    { by: 'mute' },
    { by: 'unless firing', rule: 'other' },
  ];

  it.each(holds)('are told when nothing holds them back any more: %j', (hold) => {
    const key = new OneKey(rule);
    key.deliver(T0, 'a', repeated(T0, 1));
    key.deliver(T0 + MINUTE, 'b', repeated(T0 + MINUTE, 500), hold);
    expect(key.sweep(T0 + 10 * MINUTE - 1, hold)).toBeUndefined();
    if (hold) {
      expect(key.sweep(T0 + 10 * MINUTE, hold)).toMatchObject({ action: 'suppress', reason: hold.by });
      expect(key.sweep(T0 + 10 * MINUTE + holdPause - 1)).toBeUndefined();
    }
    const heldBy = hold ? { heldBy: hold } : {};
    expect(key.sweep(T0 + 10 * MINUTE + (hold ? holdPause : 0))).toMatchObject({
      ...{ action: 'notify', reason: 'hold over' },
      notice: {
        kind: 'firing',
        count: 500,
        suppressed: 500,
        samples: [{ message: `line of ${T0 + MINUTE}` }],
        ...heldBy,
      },
    });
    expect(dueAt(key.state as AlertState, rule)).toBeUndefined();
  });

  it('begin another cooldown, and come with what was measured', () => {
    const frequency = aRule({ ...rule, type: 'frequency', threshold: 3, window: MINUTE });
    const key = new OneKey(frequency);
    key.deliver(T0, 'a', repeated(T0, 3), silence);
    expect(key.sweep(T0 + MINUTE)).toMatchObject({ notice: { measured: { type: 'frequency', count: 3 } } });
    expect(key.deliver(T0 + 2 * MINUTE, 'b', repeated(T0 + 2 * MINUTE, 9))).toMatchObject({ reason: 'in cooldown' });
    expect(key.sweep(T0 + 11 * MINUTE)).toMatchObject({ notice: { measured: { count: 9 }, count: 9 } });
  });

  it('are told by what is over, when it will be', () => {
    const key = new OneKey({ ...rule, resolveAfter: 15 * MINUTE });
    key.deliver(T0, 'a', repeated(T0, 1));
    key.deliver(T0 + MINUTE, 'b', repeated(T0 + MINUTE, 4));
    key.sweepUntil(T0 + MINUTE, T0 + 20 * MINUTE);
    expect(key.summary(T0)).toEqual([
      ['firing', 1, 0],
      ['resolved', 4, 16 * MINUTE],
    ]);
  });

  it('are none of those of a rule that was in shadow', () => {
    const key = new OneKey({ ...rule, mode: 'shadow' });
    key.deliver(T0, 'a', repeated(T0, 1));
    key.deliver(T0 + MINUTE, 'b', repeated(T0 + MINUTE, 4));
    expect(dueAt(key.state as AlertState, key.rule)).toBe(T0 + 10 * MINUTE);
    expect(dueAt(key.state as AlertState, rule)).toBeUndefined();
    expect(key.sweep(T0 + 10 * MINUTE)).toMatchObject({ reason: 'shadow', notice: { count: 4, suppressed: 4 } });
  });
});

describe('due', () => {
  it('leaves what is not due, and has it put where it belongs on the agenda', () => {
    const state = stateWith({ delivery: pending(T0 + MINUTE) });
    expect(due(state, rule, T0)).toEqual({ action: 'none', reason: 'not due', next: state });
    expect(due(stateWith({}), rule, T0)).toMatchObject({ action: 'none', reason: 'not due' });
  });
});

describe('settle', () => {
  const state = stateWith({ delivery: pending(T0 + MINUTE) });

  it('marks the claim as sent', () => {
    expect(settle(state, 3, 'sent', T0)).toEqual(stateWith({}));
  });

  it('frees a claim whose message was not sent', () => {
    const free = settle(state, 3, 'unsent', T0 + 1);
    expect(dueAt(free as AlertState, rule)).toBe(T0 + 1);
    expect(decide(free, rule, [{ batch: 'old', signals }], T0 + 1)).toMatchObject({
      action: 'notify',
      reason: 'retry unsent',
    });
  });

  it('tries again what was refused, after pauses that grow', () => {
    let refused = state;
    const pauses = Array.from({ length: 8 }, () => {
      refused = settle(refused, refused.claim, 'refused', T0) as AlertState;
      const pause = (dueAt(refused, rule) as number) - T0;
      refused = due(refused, rule, T0 + pause).next as AlertState;
      return pause / refusalPause.first;
    });
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('leaves another claim alone', () => {
    expect(settle(state, 2, 'sent', T0)).toBeUndefined();
    expect(settle(stateWith({}), 3, 'unsent', T0)).toBeUndefined();
  });
});

describe('expiryOf', () => {
  it.each<[Partial<Rule>, number]>([
    [{ type: 'match' }, sqs.maxRetention],
    [{ type: 'new', remember: 30 * DAY }, 31 * DAY],
    [{ type: 'new', remember: DAY }, sqs.maxRetention],
    [{ type: 'absence', window: HOUR, expect: [], minCount: 1, forget: 20 * DAY }, 21 * DAY],
    [{ type: 'frequency', threshold: 1, window: DAY }, sqs.maxRetention],
    [{ type: 'change', of: 'fields.version' }, 91 * DAY],
  ])('%j', (changes, expected) => {
    expect(expiryOf(aRule({ ...rule, ...changes } as Partial<Rule>), T0) - T0).toBe(expected);
  });
});
