import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AlertState, Notice } from '../../../../shared/alerts/state/alertState.js';
import { dueAt } from '../../../../shared/alerts/state/decide.js';
import { leaseTime } from '../../../../shared/alerts/state/notify.js';
import { claimOwed, oweMore, putOffOwed, settleOwed, settleRoutes } from '../../../../shared/alerts/state/owed.js';
import { aRule, MINUTE, T0 } from '../../../helpers/alerts.js';

function aNotice(number: number, count: number, kind: Notice['kind'] = 'firing'): Notice {
  const given = { labels: { service: 'pay' }, first: T0, last: T0, samples: [], suppressed: 0 };
  return { ...given, kind, number, count, measured: { type: 'match' } };
}

function pending(notice: Notice): AlertState {
  return {
    labels: { service: 'pay' },
    claim: notice.number,
    delivery: { status: 'pending', notice, leaseUntil: T0 + leaseTime, refusals: 0 },
    batches: [],
    memory: { type: 'match' },
  };
}

/** A state in which `oncall` is owed a notice of 3 lines, due at T0. */
function owing(outcome: 'unsent' | 'refused' = 'unsent'): AlertState {
  const results = [
    { route: 'team', outcome: 'sent' },
    { route: 'oncall', outcome },
  ] as const;
  return settleRoutes(pending(aNotice(1, 3)), 1, results, T0) as AlertState;
}

const counts = ({ owed }: AlertState) => owed?.oncall?.notices.map(({ kind, count }) => `${kind} ${count}`);

describe('settleRoutes', () => {
  it('owes a route what it did not take', () => {
    expect(owing()).toMatchObject({
      delivery: { status: 'idle' },
      owed: { oncall: { at: T0, refusals: 0, since: T0 } },
    });
    expect(owing('refused')).toMatchObject({ owed: { oncall: { at: T0 + MINUTE, refusals: 1, since: T0 } } });
    expect(Object.keys(owing().owed ?? {})).toEqual(['oncall']);
  });

  it('leaves no trace of what every route took', () => {
    const told = settleRoutes(pending(aNotice(1, 3)), 1, [{ route: 'team', outcome: 'sent' }], T0);
    expect(told).toEqual({ ...pending(aNotice(1, 3)), delivery: { status: 'idle' } });
  });

  it('changes nothing once another attempt has taken its place', () => {
    expect(settleRoutes(pending(aNotice(2, 3)), 1, [{ route: 'team', outcome: 'sent' }], T0)).toBeUndefined();
  });
});

describe('what is owed', () => {
  it('counts the lines of a notice once, however often it is claimed again', () => {
    // The invocation that had claimed a notice died: it is claimed again, with a line more.
    const again = [aNotice(2, 4), aNotice(2, 5), aNotice(2, 5)].reduce(
      (state, notice) => oweMore(state, ['oncall', 'team'], notice).next,
      owing(),
    );
    expect(counts(again)).toEqual(['firing 8']);
    expect(counts(oweMore(again, ['oncall', 'team'], aNotice(3, 1)).next)).toEqual(['firing 9']);
  });

  it('counts them once where the route is muted, too', () => {
    const muted = (state: AlertState, notice: Notice) =>
      oweMore(state, ['oncall', 'team'], notice, (route) => (route === 'oncall' ? T0 + MINUTE : undefined)).next;
    expect(counts([aNotice(1, 4), aNotice(1, 5)].reduce(muted, pending(aNotice(1, 4))))).toEqual(['firing 5']);
  });

  it('is due to the sweep', () => {
    expect(dueAt(owing(), aRule())).toBe(T0);
    expect(dueAt(owing('refused'), aRule())).toBe(T0 + MINUTE);
  });

  it('is claimed by one, and by another once the lease is over', () => {
    const first = claimOwed(owing(), T0);
    expect(first.claimed).toMatchObject([{ route: 'oncall', notice: { count: 3 }, claim: T0 + leaseTime }]);
    expect(claimOwed(first.next, T0 + leaseTime - 1).claimed).toEqual([]);
    const second = claimOwed(first.next, T0 + leaseTime);
    expect(second.claimed).toHaveLength(1);
    expect(settleOwed(second.next, 'oncall', T0 + leaseTime, 'sent', T0)).toBeUndefined();
    expect(settleOwed(second.next, 'oncall', T0 + 2 * leaseTime, 'sent', T0)?.owed).toBeUndefined();
  });

  it('grows while it is not told, and not while it is under way', () => {
    expect(counts(oweMore(owing(), ['team', 'oncall'], aNotice(2, 4)).next)).toEqual(['firing 7']);
    const { next } = claimOwed(owing(), T0);
    const more = oweMore(next, ['team', 'oncall'], aNotice(2, 4));
    expect([more.owed, more.others, counts(more.next)]).toEqual([['oncall'], ['team'], ['firing 3', 'firing 4']]);
    const told = settleOwed(more.next, 'oncall', T0 + leaseTime, 'sent', T0 + 1) as AlertState;
    expect([counts(told), told.owed?.oncall?.at]).toEqual([['firing 4'], T0 + 1]);
  });

  it('fires again instead of being over', () => {
    const over = oweMore(owing(), ['oncall'], aNotice(2, 0, 'resolved')).next;
    expect(counts(over)).toEqual(['firing 3', 'resolved 0']);
    expect(counts(oweMore(over, ['oncall'], aNotice(3, 2)).next)).toEqual(['firing 5']);
  });

  it('is left alone for a while when nobody may be told', () => {
    expect(putOffOwed(owing(), T0, MINUTE).owed?.oncall?.at).toBe(T0 + MINUTE);
    expect(putOffOwed(owing(), T0 - 1, MINUTE).owed?.oncall?.at).toBe(T0);
  });
});

describe('any course of a route that is down now and then', () => {
  const step = fc.oneof(
    fc.record({
      do: fc.constant('owe' as const),
      kind: fc.constantFrom('firing' as const, 'resolved' as const),
      lines: fc.nat(9),
    }),
    fc.record({ do: fc.constant('claim' as const) }),
    fc.record({
      do: fc.constant('settle' as const),
      outcome: fc.constantFrom('sent' as const, 'unsent' as const, 'refused' as const),
    }),
    fc.record({ do: fc.constant('wait' as const), minutes: fc.nat(70) }),
  );

  it('tells it every line once, keeps at most three notices, and ends with what was true last', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let state = owing();
        let [now, owed, told, number, last] = [T0, 3, 0, 1, 'firing'];
        let claimed: { count: number; kind: string; claim: number } | undefined;
        const heard: string[] = [];
        const settle = (outcome: 'sent' | 'unsent' | 'refused') => {
          if (!claimed) return;
          const next = settleOwed(state, 'oncall', claimed.claim, outcome, now);
          if (next && outcome === 'sent') {
            told += claimed.count;
            heard.push(claimed.kind);
          }
          state = next ?? state;
          claimed = undefined;
        };
        const claim = () => {
          const { claimed: of, next } = claimOwed(state, now);
          state = next;
          const [first] = of;
          if (first) claimed = { ...first.notice, claim: first.claim };
        };
        for (const each of steps) {
          if (each.do === 'wait') now += each.minutes * MINUTE;
          else if (each.do === 'claim') claim();
          else if (each.do === 'settle') settle(each.outcome);
          else if (state.owed?.oncall) {
            const lines = each.kind === 'firing' ? each.lines : 0;
            state = oweMore(state, ['oncall'], aNotice(++number, lines, each.kind)).next;
            owed += lines;
            last = each.kind;
          }
          expect(state.owed?.oncall?.notices.length ?? 1).toBeLessThanOrEqual(3);
        }
        while (state.owed) {
          now += 2 * 60 * MINUTE;
          claim();
          settle('sent');
        }
        expect([told, heard.at(-1)]).toEqual([owed, last]);
      }),
      { numRuns: 2000 },
    );
  });
});
