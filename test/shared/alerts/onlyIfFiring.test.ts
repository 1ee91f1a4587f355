import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { type NotifiedAlert, simulate } from '../../../shared/alerts/simulation/simulate.js';
import { groupKey } from '../../../shared/signals/alertKey.js';
import type { Signal } from '../../../shared/signals/signal.js';
import { aRule, aSignal, MINUTE, type RuleChanges, T0 } from '../../helpers/alerts.js';

jest.setTimeout(120_000);

const wait = 5;
const common = { cooldown: wait * MINUTE, maxCooldown: wait * MINUTE };
const aSlowLedger = aRule({ name: 'ledger', ...common });
const failing = aRule({ name: 'payments', ...common, onlyIfFiring: ['ledger'] });

interface Line {
  readonly rule: 'ledger' | 'payments';
  /** After T0. */
  readonly minute: number;
  readonly signal?: Partial<Signal>;
}

/** What was told of `payments`. */
async function told(lines: readonly Line[], ledger: RuleChanges = {}, until = 60): Promise<NotifiedAlert[]> {
  const invocations = [...lines]
    .sort((a, b) => a.minute - b.minute)
    .map(({ rule, minute, signal }) => {
      const ts = T0 + minute * MINUTE + 10_000;
      return { at: ts, signals: [aSignal({ rule, first: ts, last: ts, bucket: ts, ...signal })], failures: [] };
    });
  const alerts: NotifiedAlert[] = [];
  const rules = [failing, { ...aSlowLedger, ...ledger } as typeof aSlowLedger];
  for await (const each of simulate(rules, {}, invocations, { from: T0, to: T0 + until * MINUTE }))
    if (each.kind === 'alert' && each.alert.rule === 'payments') alerts.push(each);
  return alerts;
}

/** Rounded up, but for the seconds that a message waits for those before it. */
const minutesAndLines = ({ at, alert }: NotifiedAlert) => [Math.ceil((at - T0 - 5000) / MINUTE), alert.notice.count];

describe('a rule that is told only while another fires', () => {
  it('is told at once when that fires already', async () => {
    const alerts = await told([
      { rule: 'ledger', minute: 0 },
      { rule: 'payments', minute: 1 },
    ]);
    expect(alerts.map(minutesAndLines)).toEqual([[2, 1]]);
  });

  it('waits for it, and says so', async () => {
    const alerts = await told([
      { rule: 'payments', minute: 0 },
      { rule: 'payments', minute: 1 },
      { rule: 'ledger', minute: 3 },
    ]);
    expect(alerts.map(minutesAndLines)).toEqual([[4, 2]]);
    expect(alerts[0]?.alert.notice).toMatchObject({
      suppressed: 2,
      heldBy: { by: 'only if firing', rule: 'ledger' },
    });
    expect(alerts[0]?.alert.notice).not.toHaveProperty('waitsFrom');
  });

  it('goes by one in shadow mode, and by one that is muted', async () => {
    const lines = [
      { rule: 'ledger', minute: 0 },
      { rule: 'payments', minute: 1 },
    ] as const;
    expect(await told(lines, { mode: 'shadow' })).toHaveLength(1);
    expect(await told(lines, { mute: [{ days: [], from: 0, to: 0, zone: 'UTC' }] })).toHaveLength(1);
  });

  it('goes by the same values alone, but for a key that stands for several', async () => {
    const ledger: Line = { rule: 'ledger', minute: 0, signal: { key: 'till', labels: { service: 'till' } } };
    expect(await told([ledger, { rule: 'payments', minute: 1 }])).toEqual([]);
    const several = { key: groupKey([]), labels: {} };
    expect(await told([ledger, { rule: 'payments', minute: 1, signal: several }])).toHaveLength(1);
  });

  it('is told to go on though the other is over by then', async () => {
    const lines: Line[] = [
      { rule: 'ledger', minute: 0 },
      { rule: 'payments', minute: 1 },
      { rule: 'payments', minute: 4 },
    ];
    expect((await told(lines)).map(minutesAndLines)).toEqual([
      [2, 1],
      [7, 1],
    ]);
  });

  it('tells first what a list of all lines says, of any course', async () => {
    const line = fc.record({
      rule: fc.constantFrom<Line['rule'][]>('ledger', 'payments', 'payments'),
      minute: fc.nat({ max: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 10 }), async (lines) => {
        const [first] = await told(lines);
        expect(first && minutesAndLines(first)).toEqual(firstOf(lines));
      }),
      { numRuns: 300 },
    );
  });
});

/** Looks at every line and, once a minute, at the clock. */
function firstOf(lines: readonly Line[]): [minute: number, count: number] | undefined {
  const inOrder = [...lines].sort((a, b) => a.minute - b.minute);
  let [ledger, payments, since, count] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (let minute = 0; minute <= 60; minute++) {
    // The sweep comes ten seconds before the lines of its minute: what fired `wait` minutes ago still fires. It lets go of what
    // waited for long enough, if it is not to be told.
    if (count > 0 && minute <= ledger + wait) return [minute, count];
    if (minute > payments + wait) count = 0;
    for (const { rule } of inOrder.filter((each) => each.minute === minute)) {
      if (rule === 'ledger') ledger = minute;
      else {
        payments = minute;
        if (minute < ledger + wait) return [minute + 1, count + 1];
        if (count === 0 || minute >= since + wait) [since, count] = [minute, 0];
        count++;
      }
    }
  }
  return undefined;
}
