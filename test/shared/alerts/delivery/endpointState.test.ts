import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold, settleDigest, wasFolded } from '../../../../shared/alerts/delivery/collection.js';
import {
  afterPost,
  claimDigest,
  type EndpointState,
  endpointTerms,
  newEndpoint,
  punctuality,
  splitByRoom,
  takeSlot,
} from '../../../../shared/alerts/delivery/endpointState.js';
import type { Alert } from '../../../../shared/alerts/ports.js';
import { aRule, aSignal, MINUTE, T0 } from '../../../helpers/alerts.js';

const SECOND = 1000;
const never = Number.MAX_SAFE_INTEGER;

function anAlert(key: string, changes: Partial<Alert['notice']> = {}): Alert {
  const { labels, count, first, last, samples } = aSignal({ key, labels: { service: key } });
  const notice = { kind: 'firing', number: 1, suppressed: 0, measured: { type: 'match' } } as const;
  return {
    rule: 'a-rule',
    key,
    settings: aRule(),
    notice: { ...notice, labels, count, first, last, samples, ...changes },
  };
}

const folded = (keys: readonly string[], state = newEndpoint, now = T0) =>
  fold(
    state,
    keys.map((key) => anAlert(key)),
    now,
  ) ?? state;

describe('a slot', () => {
  it.each<[string, Partial<EndpointState>, number]>([
    ['at once on a webhook that was never used', {}, T0],
    ['after the message before', { slot: T0 - 100 }, T0 - 100 + SECOND + punctuality],
    ['after a slot that lies ahead', { slot: T0 + 5000 }, T0 + 5000 + SECOND + punctuality],
    ['at once when the last message is long ago', { slot: T0 - MINUTE }, T0],
    ['after a pause', { slot: T0 - 100, pausedUntil: T0 + 30_000 }, T0 + 30_000],
  ])('is taken %s', (_when, changes, at) => {
    const slot = takeSlot({ ...newEndpoint, ...changes }, T0, never);
    expect(slot).toMatchObject({ slot: 'taken', at, next: { slot: at, singles: [] } });
  });

  it('is not taken when it is too late', () => {
    const state = { ...newEndpoint, pausedUntil: T0 + 10_001 };
    expect(takeSlot(state, T0, T0 + 10_000)).toEqual({ slot: 'too late', at: T0 + 10_001 });
  });

  it('is not taken by an alert when the minute has had its alerts, but by a digest', () => {
    const state = { ...newEndpoint, singles: [T0 - 59_000, T0 - 10_000] };
    expect(takeSlot(state, T0, never, { perMinute: 2, isCritical: false })).toEqual({ slot: 'full' });
    const third = takeSlot(state, T0, never, { perMinute: 3, isCritical: false });
    expect(third).toMatchObject({ next: { singles: [T0 - 59_000, T0 - 10_000, T0], criticals: [] } });
    expect(takeSlot(state, T0 + 2000, never, { perMinute: 2, isCritical: false })).toMatchObject({ slot: 'taken' });
    expect(takeSlot(state, T0, never)).toMatchObject({ slot: 'taken' });
  });

  it('is kept for critical alerts, which take those of the others once they have none left', () => {
    const critical = { perMinute: 2, isCritical: true };
    const full = { ...newEndpoint, singles: [T0 - 59_000, T0 - 10_000] };
    expect(takeSlot(full, T0, never, critical)).toMatchObject({ next: { ...full, slot: T0, criticals: [T0] } });
    const ownTaken = { ...newEndpoint, singles: [T0 - 9000], criticals: [T0 - 59_000, T0 - 2000] };
    const other = { singles: [T0 - 9000, T0], criticals: [T0 - 59_000, T0 - 2000] };
    expect(takeSlot(ownTaken, T0, never, critical)).toMatchObject({ next: other });
    expect(takeSlot({ ...ownTaken, singles: full.singles }, T0, never, critical)).toEqual({ slot: 'full' });
  });

  it('counts an alert that missed its slot by the slot that it takes instead', () => {
    const state = { ...newEndpoint, singles: [T0 - 50_000, T0 - 2000], slot: T0 - 2000 };
    const taken = takeSlot(state, T0, never, { perMinute: 2, isCritical: false }, T0 - 2000);
    expect(taken).toMatchObject({ slot: 'taken', at: T0, next: { singles: [T0 - 50_000, T0] } });
  });

  it('is given to alerts in their order, critical ones apart', () => {
    const settings = aRule({ severity: 'critical' });
    const critical = (key: string) => ({ ...anAlert(key), settings });
    const alerts = [critical('a'), critical('b'), critical('c'), anAlert('d'), anAlert('e'), anAlert('f')];
    const split = (state: EndpointState, perMinute: number) => {
      const { single, rest } = splitByRoom(state, alerts, T0, perMinute);
      return [single, rest].map((each) => each.map(({ key }) => key).join(''));
    };
    expect(split(newEndpoint, 2)).toEqual(['abcd', 'ef']);
    expect(split({ ...newEndpoint, singles: [T0 - 59_000, T0 - 10_000] }, 2)).toEqual(['ab', 'cdef']);
    expect(split(newEndpoint, 0)).toEqual(['', 'abcdef']);
  });

  it('is never closer to another than Slack allows, however late within its time each message is', () => {
    const aStep = fc.record({ wait: fc.nat({ max: 3000 }), late: fc.nat({ max: punctuality }) });
    fc.assert(
      fc.property(fc.array(aStep, { maxLength: 30 }), (steps) => {
        let [state, now, last] = [newEndpoint, T0, 0];
        for (const { wait, late } of steps) {
          now += wait;
          const slot = takeSlot(state, now, never);
          if (slot.slot !== 'taken') throw new Error('not taken');
          state = slot.next;
          expect(slot.at + late - last).toBeGreaterThanOrEqual(SECOND);
          last = slot.at + late;
        }
      }),
    );
  });
});

describe('after an attempt', () => {
  it('the webhook is paused for as long as Slack asks, and never less than it was', () => {
    const state = { ...newEndpoint, pausedUntil: T0 + 5000 };
    expect(afterPost(state, { result: 'throttled', retryAfter: 30_000 }, T0)).toMatchObject({
      pausedUntil: T0 + 30_000,
    });
    expect(afterPost(state, { result: 'throttled', retryAfter: 1000 }, T0)).toMatchObject({ pausedUntil: T0 + 5000 });
  });

  it('the pauses double for as long as Slack is not there', () => {
    const pauses: number[] = [];
    let state: EndpointState = newEndpoint;
    for (let attempt = 0; attempt < 7; attempt++) {
      state = afterPost(state, { result: 'unavailable', reason: '500' }, T0) ?? state;
      pauses.push((state.pausedUntil - T0) / SECOND);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30]);
    expect(afterPost(state, { result: 'sent' }, T0)).toMatchObject({ failures: 0 });
  });

  it('the pauses double anew once a message was sent', () => {
    const unavailable = (failures: number) =>
      afterPost({ ...newEndpoint, failures }, { result: 'unavailable', reason: '500' }, T0);
    expect(unavailable(0)).toMatchObject({ pausedUntil: T0 + SECOND, failures: 1 });
    expect(unavailable(3)).toMatchObject({ pausedUntil: T0 + 8 * SECOND, failures: 4 });
    const throttled = afterPost({ ...newEndpoint, failures: 3 }, { result: 'throttled', retryAfter: 0 }, T0);
    expect(throttled).toMatchObject({ pausedUntil: T0, failures: 3 });
  });

  it('nothing changes when it was sent, or refused', () => {
    expect(afterPost(newEndpoint, { result: 'sent' }, T0)).toBeUndefined();
    expect(afterPost(newEndpoint, { result: 'refused', reason: '' }, T0)).toBeUndefined();
  });
});

describe('the digest', () => {
  it('takes an alert once, and a repeat that tells more once more', () => {
    const once = folded(['pay', 'cart']);
    expect(fold(once, [anAlert('pay'), anAlert('cart')], T0)).toBeUndefined();
    expect(wasFolded(once)(anAlert('pay'))).toBe(true);
    expect(wasFolded(once)(anAlert('pay', { number: 2 }))).toBe(false);
    expect(fold(once, [anAlert('pay', { count: 7 }), anAlert('cart')], T0)?.open).toMatchObject({
      alerts: 3,
      lines: 9,
    });
  });

  it('forgets the names of alerts that can not come again', () => {
    const slot = takeSlot(folded(['pay']), T0 + 15 * MINUTE, never);
    expect(slot).toMatchObject({ slot: 'taken' });
    expect(slot.slot === 'taken' && wasFolded(slot.next)(anAlert('pay'))).toBe(false);
  });

  it('is empty and free at first', () => {
    expect(newEndpoint).toEqual({ slot: 0, singles: [], pausedUntil: 0, failures: 0, digestAt: 0, claim: 0 });
    expect(claimDigest(newEndpoint, T0)).toBeUndefined();
  });

  it('keeps the names of the alerts that were folded last, for 15 minutes', () => {
    const names = Array.from({ length: 2001 }, (_, at) => `k${at}`);
    const all = folded(names);
    expect(all.folded?.names).toHaveLength(2000);
    expect([wasFolded(all)(anAlert('k0')), wasFolded(all)(anAlert('k1'))]).toEqual([false, true]);
    const slot = takeSlot(folded(['pay']), T0 + 15 * MINUTE - 1, never);
    expect(slot.slot === 'taken' && wasFolded(slot.next)(anAlert('pay'))).toBe(true);
  });

  it('that was refused for good waits a minute, then two, and can not be settled by an earlier claim', () => {
    const claimed = claimDigest(folded(['pay']), T0) ?? newEndpoint;
    const once = settleDigest(claimed, 1, 'refused', T0) ?? newEndpoint;
    expect(once.posting).toMatchObject({ leaseUntil: T0 + MINUTE, refusals: 1 });
    expect(claimDigest(once, T0 + MINUTE - 1)).toBeUndefined();
    const again = claimDigest(once, T0 + MINUTE) ?? newEndpoint;
    expect(again.posting).toMatchObject({ claim: 2, refusals: 1, leaseUntil: T0 + 2 * MINUTE });
    expect(settleDigest(again, 2, 'refused', T0)?.posting).toMatchObject({ leaseUntil: T0 + 2 * MINUTE, refusals: 2 });
    expect(settleDigest(newEndpoint, 0, 'sent', T0)).toBeUndefined();
  });

  it('is claimed once, posted, and then a while later again', () => {
    const claimed = claimDigest(folded(['pay', 'cart']), T0);
    expect(claimed).toMatchObject({ open: undefined, posting: { digest: { number: 1, alerts: 2 }, claim: 1 } });
    if (!claimed) return;
    expect(claimDigest(claimed, T0 + 59_999)).toBeUndefined();

    const sent = settleDigest(claimed, 1, 'sent', T0 + SECOND) ?? claimed;
    const next = folded(['web'], sent, T0 + 2 * SECOND);
    expect(claimDigest(next, T0 + 50 * SECOND)).toBeUndefined();
    expect(claimDigest(next, T0 + 51 * SECOND)?.posting.digest).toMatchObject({ number: 2, alerts: 1 });
  });

  it('that was not sent grows and keeps its number, and only its last claim is settled', () => {
    const dead = claimDigest(folded(['pay']), T0) ?? newEndpoint;
    const again = claimDigest(folded(['cart'], dead, T0 + SECOND), T0 + MINUTE);
    expect(again?.posting).toMatchObject({ digest: { number: 1, alerts: 2 }, claim: 2 });
    expect(again && settleDigest(again, 1, 'sent', T0)).toBeUndefined();
    expect(again && settleDigest(again, 2, 'sent', T0)).toMatchObject({ posting: undefined });
  });

  it('is on the agenda from when it may be posted', () => {
    const at = (state: EndpointState) => endpointTerms(state, T0).agenda?.at;
    expect(at(newEndpoint)).toBeUndefined();
    expect(at({ ...folded(['pay']), digestAt: T0 - 10 * SECOND })).toBe(T0 + 40 * SECOND);
    expect(at({ ...folded(['pay']), pausedUntil: T0 + 90 * SECOND })).toBe(T0 + 90 * SECOND);
    const claimed = claimDigest(folded(['pay']), T0) ?? newEndpoint;
    expect(at(claimed)).toBe(T0 + MINUTE);
    expect(at(settleDigest(claimed, 1, 'unsent', T0 + 5) ?? newEndpoint)).toBe(T0 + 5);
    expect(at(settleDigest(claimed, 1, 'sent', T0 + 5) ?? newEndpoint)).toBeUndefined();
  });
});
