import { describe, expect, it } from '@jest/globals';
import { type Invocation, type NotifiedAlert, simulate } from '../../../shared/alerts/simulation/simulate.js';
import { titleOf } from '../../../shared/alerts/title.js';
import { athenaQuery } from '../../../shared/athena/alertQuery.js';
import { RecordReader } from '../../../shared/record/read.js';
import { clockRule } from '../../../shared/rules/clockRule.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { compileRules } from '../../../shared/rules/matching/match.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { aRule, MINUTE, T0 } from '../../helpers/alerts.js';

const SECOND = 1000;
const HOUR = 60 * MINUTE;
const end = 65;
/** When a clock begins to be wrong, and when its program says that it ends: minutes. */
const [wrongFrom, fatalAt] = [30, 50];

const rules: readonly Rule[] = [
  aRule({
    ...{ name: 'no-logs', type: 'absence', window: 15 * MINUTE, minCount: 100 },
    ...{ cooldown: HOUR, maxCooldown: 8 * HOUR, resolveAfter: MINUTE, title: 'No logs from {service}' },
  }),
  aRule({
    ...{ name: 'traffic-drop', type: 'drop', window: 3 * MINUTE, below: 0.2, minPrevious: 20 },
    ...{ cooldown: HOUR, maxCooldown: 8 * HOUR, resolveAfter: MINUTE, title: 'Hardly any lines of {service}' },
  }),
  aRule({ name: 'failing', where: { message: { contains: 'out of luck' } }, severity: 'critical' }),
  aRule({
    ...{ name: 'many-failing', type: 'frequency', where: { message: { contains: 'no answer' } } },
    ...{ threshold: 20, window: 5 * MINUTE, severity: 'critical', title: 'No answers in {service}' },
  }),
];

/** What a line states as its own time, and what its collector does, so far ahead of the true time. */
interface Skew {
  readonly own: number;
  readonly read: number;
  readonly text: (time: number, message: string) => string;
}

const iso = (time: number) => new Date(time).toISOString();
const asText = (time: number, message: string) => `${iso(time)} INFO app.main: ${message}`;
const asJson = (time: number, message: string) => JSON.stringify({ time: iso(time), level: 'info', message });
const withoutTime = (_time: number, message: string) => `INFO: ${message}`;
const right: Skew = { own: 0, read: 0, text: asText };

function sent(service: string, ts: number, { own, read, text }: Skew, message: string): string {
  const origin = { container_name: service, ecs_task_arn: `arn:aws:ecs:eu-west-1:1:task/c/${service}1` };
  return JSON.stringify({ ...origin, source: 'stdout', time: iso(ts + read), log: text(ts + own, message) });
}

/** What is told when the lines of `pay` have a skew for a while; a record of each service every ten seconds. */
async function told(skew: Skew, arrivalOf = (_service: string, ts: number) => ts): Promise<NotifiedAlert[]> {
  const reader = new RecordReader(compilePolicy());
  const set = compileRules(rules);
  const records = Array.from({ length: (end * MINUTE) / (10 * SECOND) }, (_, step) => T0 + step * 10 * SECOND)
    .flatMap((ts) =>
      ['pay', 'web', 'cart'].map((service) => {
        const off = service === 'pay' && ts >= T0 + wrongFrom * MINUTE ? skew : right;
        const minute = (ts - T0) / MINUTE;
        const lines = [0, 4, 8].map((at) => sent(service, ts + at * SECOND, off, `request ${at} was served`));
        if (service === 'pay' && minute >= fatalAt - 10 && minute < fatalAt - 5)
          lines.push(sent(service, ts + 9 * SECOND, off, 'no answer'));
        if (service === 'pay' && minute === fatalAt) lines.push(sent(service, ts, off, 'out of luck'));
        return { service, arrival: arrivalOf(service, ts) + 9 * SECOND, lines };
      }),
    )
    .sort((a, b) => a.arrival - b.arrival);

  const invocations = Array.from({ length: end * 2 }, (_, at) => T0 + at * 30 * SECOND).flatMap(
    (from): Invocation[] => {
      const of = records.filter(({ arrival }) => arrival >= from && arrival < from + 30 * SECOND);
      if (of.length === 0) return [];
      const collector = set.collector();
      const reading = reader.begin({
        row: () => undefined,
        entry: (type, row) => collector.observe(type, row),
        access: collector.access,
        blank: () => undefined,
      });
      for (const [index, { arrival, lines }] of of.entries()) {
        const data = Buffer.from(lines.join('\n')).toString('base64');
        reading.read({ recordId: `${from} ${index}`, approximateArrivalTimestamp: arrival, data });
      }
      reading.end();
      return [{ at: from + 30 * SECOND, signals: collector.signals(), failures: collector.failures() }];
    },
  );
  const alerts: NotifiedAlert[] = [];
  for await (const each of simulate(rules, {}, invocations, { from: T0, to: T0 + end * MINUTE })) {
    if (each.kind === 'alert') alerts.push(each);
  }
  return alerts;
}

const inWords = (alerts: readonly NotifiedAlert[]) =>
  alerts.map(({ at, alert }) => [
    (at - T0) / MINUTE,
    alert.notice.kind,
    titleOf(alert),
    alert.notice.late !== undefined,
  ]);

describe('a clock that is off neither hides what goes wrong nor makes its service silent, and is told once', () => {
  const tenMinutes = 10 * MINUTE;
  it.each<[string, Skew]>([
    ['text, ten minutes ahead', { own: tenMinutes, read: 0, text: asText }],
    ['text, ten minutes behind', { own: -tenMinutes, read: 0, text: asText }],
    ['JSON, ten minutes ahead', { own: tenMinutes, read: 0, text: asJson }],
    ['JSON, ten minutes behind', { own: -tenMinutes, read: 0, text: asJson }],
    ['the time of Tokyo', { own: 9 * HOUR, read: 0, text: asText }],
    ['the time of New York', { own: -5 * HOUR, read: 0, text: asText }],
    ['a host ten minutes ahead', { own: tenMinutes, read: tenMinutes, text: asText }],
    ['a host ten minutes behind', { own: -tenMinutes, read: -tenMinutes, text: asText }],
    ['a host two hours behind', { own: -2 * HOUR, read: -2 * HOUR, text: asText }],
    ['a host ten minutes ahead, lines without a time', { own: tenMinutes, read: tenMinutes, text: withoutTime }],
    ['a host ten minutes behind, lines without a time', { own: -tenMinutes, read: -tenMinutes, text: withoutTime }],
  ])('%s', async (_, skew) => {
    const alerts = await told(skew);
    expect(inWords(alerts)).toEqual([
      [35.5, 'firing', 'The clock of pay is off', false],
      [43.5, 'firing', 'No answers in pay', false],
      [50.5, 'firing', 'Something is wrong in pay', false],
      // What came in the cooldown of the second.
      [59, 'firing', 'No answers in pay', false],
    ]);
    const [clock, , fatal] = alerts.map(({ alert }) => alert);
    const off = skew.own === 9 * HOUR ? '9h' : { [5 * HOUR]: '5h', [2 * HOUR]: '2h' }[Math.abs(skew.own)];
    expect(clock?.notice.samples[0]?.message).toMatch(
      new RegExp(`^the clock of task pay1 is ${off ?? '(9m \\d+s|10m)'}.* ${skew.own > 0 ? 'ahead' : 'behind'}$`),
    );
    expect(clock?.settings.route).toBe('default');
    // The query finds the line by the time that its row states.
    const query = fatal && athenaQuery(fatal.settings, fatal.key, fatal.notice.labels, fatal.notice, () => true);
    const stated = iso(T0 + fatalAt * MINUTE + skew.own)
      .slice(0, -1)
      .replace('T', ' ');
    expect(query).toContain(`timestamp '${stated}'`);
  });
});

it('lines that a router kept for half an hour are late, and no clock is off', async () => {
  const [from, to] = [T0 + 35 * MINUTE, T0 + 60 * MINUTE];
  const alerts = await told(right, (service, ts) => (service === 'pay' && ts >= from && ts < to ? to : ts));
  expect(alerts.filter(({ alert }) => alert.rule === clockRule.name)).toEqual([]);
  expect(inWords(alerts).filter(([, , , isLate]) => isLate)).toEqual([
    [60.5, 'firing', 'No answers in pay', true],
    [60.5, 'firing', 'Something is wrong in pay', true],
  ]);
});
