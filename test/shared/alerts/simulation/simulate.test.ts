import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Invocation, type Notified, simulate } from '../../../../shared/alerts/simulation/simulate.js';
import type { EntryRow } from '../../../../shared/line/schema/index.js';
import type { Rule } from '../../../../shared/rules/language/rule.js';
import { compileRules } from '../../../../shared/rules/matching/match.js';
import { aRule, MINUTE, T0 } from '../../../helpers/alerts.js';

const SECOND = 1000;

/** An invocation with these lines, all of which happen as it comes. */
function invocation(rules: readonly Rule[], seconds: number, ...lines: Partial<EntryRow>[]): Invocation {
  const at = T0 + seconds * SECOND;
  const collector = compileRules(rules).collector();
  for (const line of lines) collector.observe('error', { ts: at, service: 'pay', ...line });
  return { at, signals: collector.signals(), failures: collector.failures() };
}

async function notifiedBy(rules: readonly Rule[], minutes: number, ...invocations: Invocation[]): Promise<Notified[]> {
  const notified: Notified[] = [];
  const period = { from: T0, to: T0 + minutes * MINUTE };
  for await (const each of simulate(rules, undefined, invocations, period)) notified.push(each);
  return notified;
}

/** Seconds after the start, key, lines. */
function inShort(notified: readonly Notified[]) {
  return notified.map((each) => {
    const at = (each.at - T0) / SECOND;
    if (each.kind === 'digest') return [at, 'digest', each.digest.lines];
    const { key, notice } = each.alert;
    return [at, notice.kind === 'resolved' ? `${key} is over` : key, notice.count];
  });
}

describe('simulate', () => {
  it('tells of lines when they come', async () => {
    const rules = [aRule({ title: 'Trouble in {service}' })];
    const notified = await notifiedBy(
      rules,
      10,
      invocation(rules, 12, {}, {}),
      invocation(rules, 70, { service: 'cart' }),
    );
    expect(inShort(notified)).toEqual([
      [12, 'pay', 2],
      [70, 'cart', 1],
    ]);
    expect(notified[0]).toMatchObject({ kind: 'alert', title: 'Trouble in pay', digested: false });
  });

  it('keeps the pace of a webhook', async () => {
    const rules = [aRule()];
    const notified = await notifiedBy(
      rules,
      1,
      invocation(rules, 5, { service: 'a' }, { service: 'b' }, { service: 'c' }),
    );
    const times = notified.map(({ at }) => at);
    expect(times[0]).toBe(T0 + 5 * SECOND);
    for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(SECOND);
  });

  it('folds a storm into a digest, and tells alert by alert what is in it', async () => {
    const rules = [aRule()];
    const services = Array.from({ length: 40 }, (_, index) => ({ service: `s${index}` }));
    const notified = await notifiedBy(rules, 5, invocation(rules, 1, ...services));
    const alerts = notified.flatMap((each) => (each.kind === 'alert' ? [each] : []));
    expect(new Set(alerts.map(({ alert }) => alert.key)).size).toBe(40);
    expect(alerts).toHaveLength(40);
    expect(alerts.filter(({ digested }) => !digested)).toHaveLength(5);
    expect(notified.filter(({ kind }) => kind === 'digest')).toMatchObject([{ digest: { alerts: 35, lines: 35 } }]);
  });

  it('sweeps every minute: what is over, what is absent', async () => {
    const spell = aRule({ name: 'spell', resolveAfter: 3 * MINUTE });
    const absent = aRule({ name: 'absent', type: 'absence', window: 5 * MINUTE, expect: [{ service: 'cart' }] });
    const rules = [spell, absent];
    const notified = await notifiedBy(rules, 10, invocation(rules, 30, {}));
    expect(inShort(notified.filter(({ at }) => at < T0 + 8 * MINUTE))).toEqual([
      [30, 'pay', 1],
      [240, 'pay is over', 0],
      [420, 'cart', 0],
    ]);
    expect(inShort(notified.filter(({ at }) => at >= T0 + 8 * MINUTE))).toEqual([[480, 'pay', 0]]);
  });

  it('takes a line that comes with a sweep before it', async () => {
    const rules = [aRule({ type: 'absence', window: 5 * MINUTE, lateness: 0, expect: [{ service: 'pay' }] })];
    const lines = [0, 300, 600].map((seconds) => invocation(rules, seconds, {}));
    expect(await notifiedBy(rules, 14, ...lines)).toEqual([]);
  });

  it('asks the routes of the configuration how many messages a minute may be', async () => {
    const rules = [aRule()];
    const lines = invocation(rules, 1, { service: 'a' }, { service: 'b' }, { service: 'c' });
    const digested: boolean[] = [];
    const period = { from: T0, to: T0 + MINUTE };
    for await (const notified of simulate(rules, { messages_per_minute: 1 }, [lines], period)) {
      if (notified.kind === 'alert') digested.push(notified.digested);
    }
    expect(digested.sort()).toEqual([false, true, true]);
  });

  it('posts to several webhooks at a time', async () => {
    const rules = [aRule({ name: 'one', route: 'one' }), aRule({ name: 'two', route: 'two' })];
    const notified = await notifiedBy(rules, 1, invocation(rules, 5, { service: 'a' }, { service: 'b' }));
    const timesOf = (name: string) =>
      notified.flatMap((each) => (each.kind === 'alert' && each.alert.rule === name ? [each.at] : []));
    expect(timesOf('one')).toEqual(timesOf('two'));
  });

  it('tells of a rule that fails', async () => {
    const rules = [aRule()];
    const failures = [{ rule: 'a-rule', count: 3, reason: 'TypeError' }];
    expect(await notifiedBy(rules, 1, { at: T0, signals: [], failures })).toMatchObject([
      { title: 'Alert rule a-rule fails', alert: { notice: { count: 3 } } },
    ]);
  });

  it('tells of every line once, sooner or later', async () => {
    const lines = fc.array(
      fc.record({
        seconds: fc.integer({ min: 0, max: 7200 }),
        service: fc.constantFrom('pay', 'cart', 'web'),
        count: fc.integer({ min: 1, max: 50 }),
      }),
      { minLength: 1, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(lines, fc.integer({ min: 0, max: 90 }), async (given, cooldown) => {
        const rules = [aRule({ cooldown: cooldown * MINUTE })];
        const services = [...new Set(given.map(({ service }) => service))];
        // By then every cooldown is over.
        const last = services.map((service) => ({ seconds: 7200 + 91 * 60, service, count: 1 }));
        const all = [...given.sort((a, b) => a.seconds - b.seconds), ...last];
        const invocations = all.map(({ seconds, service, count }) =>
          invocation(rules, seconds, ...Array.from({ length: count }, () => ({ service }))),
        );
        const notified = await notifiedBy(rules, 300, ...invocations);
        for (const service of services) {
          const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
          const counts = notified.flatMap((each) =>
            each.kind === 'alert' && each.alert.key === service ? [each.alert.notice.count] : [],
          );
          expect(sum(counts)).toBe(sum(all.flatMap((line) => (line.service === service ? [line.count] : []))));
        }
      }),
      { numRuns: 50 },
    );
  });
});
