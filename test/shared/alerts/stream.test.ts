import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Invocation, type NotifiedAlert, simulate } from '../../../shared/alerts/simulation/simulate.js';
import { titleOf } from '../../../shared/alerts/title.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { compileRules } from '../../../shared/rules/matching/match.js';
import { streamRule } from '../../../shared/rules/streamRule.js';
import { aRule, MINUTE, T0 } from '../../helpers/alerts.js';

const SECOND = 1000;
const noLogs = aRule({
  ...{ name: 'no-logs', type: 'absence', window: 15 * MINUTE, minCount: 100 },
  ...{ cooldown: 60 * MINUTE, maxCooldown: 480 * MINUTE, resolveAfter: MINUTE, title: 'No logs from {service}' },
});
const failing = aRule({
  ...{ name: 'failing', where: { level: 'error' }, severity: 'critical' },
  ...{ cooldown: 5 * MINUTE, maxCooldown: 5 * MINUTE, resolveAfter: 10 * MINUTE },
});
const services = Array.from({ length: 12 }, (_, at) => `service-${at}`);

interface Line {
  readonly ts: number;
  readonly arrival: number;
  readonly service: string;
  readonly level?: string;
}

/** Ten lines a minute of each service, which arrive as `arrivalOf` says; undefined for a line that is never logged. */
function traffic(minutes: number, arrivalOf: (service: string, ts: number) => number | undefined): Line[] {
  return Array.from({ length: minutes * 10 }, (_, step) => T0 + step * 6 * SECOND).flatMap((ts) =>
    services.flatMap((service) => {
      const arrival = arrivalOf(service, ts);
      return arrival === undefined ? [] : { ts, arrival, service };
    }),
  );
}

/** What is told of lines that the transform is given every half minute. */
async function told(rules: readonly Rule[], lines: readonly Line[], minutes: number): Promise<NotifiedAlert[]> {
  const set = compileRules(rules);
  const every = 30 * SECOND;
  const slots = new Map<number, Line[]>();
  for (const line of lines) {
    const slot = Math.floor((line.arrival - T0) / every);
    slots.set(slot, [...(slots.get(slot) ?? []), line]);
  }
  const invocations = [...slots]
    .sort(([a], [b]) => a - b)
    .map(([slot, of]): Invocation => {
      const collector = set.collector();
      for (const { ts, service, level } of of) collector.observe('app', { ts, service, ...(level ? { level } : {}) });
      return { at: T0 + (slot + 1) * every, signals: collector.signals(), failures: collector.failures() };
    });
  const alerts: NotifiedAlert[] = [];
  for await (const each of simulate(rules, {}, invocations, { from: T0, to: T0 + minutes * MINUTE })) {
    if (each.kind === 'alert') alerts.push(each);
  }
  return alerts;
}

const inWords = (alerts: readonly NotifiedAlert[]) =>
  alerts.map(({ at, alert }) => [(at - T0) / MINUTE, alert.notice.kind, alert.notice.ending?.as, titleOf(alert)]);

describe('an outage of the pipeline', () => {
  const [from, to] = [T0 + 30 * MINUTE, T0 + 70 * MINUTE];
  const lost = (_service: string, ts: number) => (ts >= from && ts < to ? undefined : ts);

  it('is one message, and one when it is over, however many services there are', async () => {
    expect(inWords(await told([noLogs], traffic(120, lost), 120))).toEqual([
      [42, 'firing', undefined, 'No new log lines arrive'],
      [70.5, 'resolved', undefined, 'No new log lines arrive'],
    ]);
  });

  it('is one message when everything comes at last, in the order of the services', async () => {
    // The log routers send what they kept one after the other, within ten minutes.
    const late = (service: string, ts: number) =>
      ts >= from && ts < to
        ? to + services.indexOf(service) * 48 * SECOND
        : ts >= to
          ? Math.max(ts, to + services.indexOf(service) * 48 * SECOND)
          : ts;
    expect(inWords(await told([noLogs], traffic(130, late), 130))).toEqual([
      [42, 'firing', undefined, 'No new log lines arrive'],
      [70.5, 'resolved', undefined, 'No new log lines arrive'],
    ]);
  });

  it('is one message when everything goes on half an hour late', async () => {
    const behind = (_service: string, ts: number) => (ts < from ? ts : ts + 30 * MINUTE);
    expect(inWords(await told([noLogs], traffic(60, behind), 90))).toEqual([
      [42, 'firing', undefined, 'No new log lines arrive'],
    ]);
  });

  it('does not hide a service that did not come back with the others', async () => {
    const died = (service: string, ts: number) =>
      service === 'service-7' && ts >= from ? undefined : lost(service, ts);
    expect(inWords(await told([noLogs], traffic(120, died), 120))).toEqual([
      [42, 'firing', undefined, 'No new log lines arrive'],
      [70.5, 'resolved', undefined, 'No new log lines arrive'],
      [88, 'firing', undefined, 'No logs from service-7'],
    ]);
  });

  it('leaves open what fired before it, until it is known to be over', async () => {
    const errors = Array.from({ length: 20 }, (_, at) => {
      const ts = from - 2 * MINUTE + at * 6 * SECOND;
      return { ts, arrival: ts, service: 'service-7', level: 'error' };
    });
    expect(inWords(await told([noLogs, failing], [...traffic(120, lost), ...errors], 120))).toEqual([
      [28.5, 'firing', undefined, 'Something is wrong in service-7'],
      [42, 'firing', undefined, 'No new log lines arrive'],
      [70.5, 'resolved', undefined, 'No new log lines arrive'],
      [83, 'resolved', undefined, 'Something is wrong in service-7'],
    ]);
  });

  it('misses one service as before while others log', async () => {
    const silent = (service: string, ts: number) => (service === 'service-7' && ts >= from ? undefined : ts);
    expect(inWords(await told([noLogs], traffic(60, silent), 60))).toEqual([
      [47, 'firing', undefined, 'No logs from service-7'],
    ]);
  });

  it('is no matter of a stream with few lines', async () => {
    const lines = Array.from({ length: 20 }, (_, at) => ({
      ts: T0 + at * MINUTE,
      arrival: T0 + at * MINUTE,
      service: 'cron',
    }));
    expect(await told([noLogs], lines, 120)).toEqual([]);
  });
});

describe('what became quiet', () => {
  const end = T0 + 30 * MINUTE;
  const errors = [{ ts: end - MINUTE, arrival: end - MINUTE, service: 'service-7', level: 'error' }];

  it('is silent and not over when its service logs nothing at all any more', async () => {
    const silent = (service: string, ts: number) => (service === 'service-7' && ts >= end ? undefined : ts);
    expect(inWords(await told([noLogs, failing], [...traffic(60, silent), ...errors], 60))).toEqual([
      [29.5, 'firing', undefined, 'Something is wrong in service-7'],
      [40, 'resolved', 'silent', 'Something is wrong in service-7'],
      [47, 'firing', undefined, 'No logs from service-7'],
    ]);
  });

  it('is over when its service goes on', async () => {
    const all = (_service: string, ts: number) => ts;
    expect(inWords(await told([noLogs, failing], [...traffic(60, all), ...errors], 60))).toEqual([
      [29.5, 'firing', undefined, 'Something is wrong in service-7'],
      [40, 'resolved', undefined, 'Something is wrong in service-7'],
    ]);
  });

  it('is given up, and told to be, when a key that was missed does not come back', async () => {
    const forgetful = { ...noLogs, forget: 40 * MINUTE } as Rule;
    const silent = (service: string, ts: number) => (service === 'service-7' && ts >= end ? undefined : ts);
    expect(inWords(await told([forgetful], traffic(120, silent), 120))).toEqual([
      [47, 'firing', undefined, 'No logs from service-7'],
      [70, 'resolved', 'given up', 'No logs from service-7'],
    ]);
  });
});

it('of any outages of the whole stream no service is ever called silent', async () => {
  const anOutage = fc.record({
    at: fc.integer({ min: 20, max: 80 }),
    minutes: fc.integer({ min: 1, max: 45 }),
    catchUp: fc.integer({ min: 0, max: 10 }),
  });
  await fc.assert(
    fc.asyncProperty(anOutage, async ({ at, minutes, catchUp }) => {
      const [from, to] = [T0 + at * MINUTE, T0 + (at + minutes) * MINUTE];
      const kept = (service: string, ts: number) =>
        ts < from ? ts : Math.max(ts, to + (services.indexOf(service) % (catchUp + 1)) * MINUTE);
      const alerts = await told([noLogs], traffic(180, kept), 180);
      expect(alerts.filter(({ alert }) => alert.rule !== streamRule.name)).toEqual([]);
      expect(alerts.length).toBe(minutes > 11 ? 2 : alerts.length);
      expect(alerts.length).toBeLessThanOrEqual(2);
    }),
    { numRuns: 20 },
  );
});
