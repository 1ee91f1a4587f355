import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { type BacktestOptions, backtest, backtestAll } from '../../../local/backtest/backtest.js';
import { renderBacktest } from '../../../local/backtest/page.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { aRule, MINUTE } from '../../helpers/alerts.js';
import { type StoredLine, storedBucket } from '../../helpers/storedLines.js';

const HOUR = 60 * MINUTE;
const period = { from: Date.parse('2026-11-22T00:00:00Z'), to: Date.parse('2026-11-22T06:00:00Z') };

const line = (minutes: number, columns: StoredLine['columns'] = {}): StoredLine => ({
  type: 'error',
  ts: period.from + minutes * MINUTE,
  columns: { service: 'pay', level: 'error', message: 'card declined', ...columns },
});

const run = (rules: readonly Rule[], lines: readonly StoredLine[], changes: Partial<BacktestOptions> = {}) =>
  backtest({
    ...{
      chosen: rules,
      rules,
      buckets: [storedBucket(lines)],
      period,
      learn: 0,
      late: HOUR,
      progress: () => undefined,
    },
    ...changes,
  });

describe('backtest', () => {
  it('tells what a rule would have told of stored lines, and when', async () => {
    const rule = aRule({ cooldown: HOUR });
    const { rules, read } = await run([rule], [line(1), line(2), line(2), line(200), line(3, { service: 'cart' })]);
    expect(read.rows).toBe(5);
    expect(rules).toMatchObject([
      {
        rule,
        ...{ alerts: 4, lines: 5, suppressed: 2, resolved: 0, digested: 0 },
        keys: [
          { key: 'pay', alerts: 3, lines: 4 },
          { key: 'cart', alerts: 1, lines: 1 },
        ],
      },
    ]);
    // Within the 20 s after which the transform would have told of it.
    expect((rules[0]?.first ?? 0) - period.from).toBe(MINUTE + 20_000);
    expect((rules[0]?.last ?? 0) - period.from).toBe(200 * MINUTE + 20_000);
  });

  it('fills windows with what came before the period, and tells nothing of that', async () => {
    const frequent = aRule({ type: 'frequency', threshold: 3, window: 10 * MINUTE });
    const { rules } = await run([frequent], [line(-5), line(-4), line(1), line(-300)]);
    expect(rules).toMatchObject([{ alerts: 1, lines: 1, keys: [{ lines: 3 }] }]);
    expect(rules[0]?.linesOver.reduce((sum, count) => sum + count, 0)).toBe(1);
  });

  it('remembers what it learned before the period', async () => {
    const unseen = aRule({ type: 'new' });
    const lines = [line(-100), line(1), line(2, { service: 'cart' })];
    const hours: string[] = [];
    const progress = (done: number, total: number) => hours.push(`${done} of ${total}`);
    const { rules } = await run([unseen], lines, { learn: 2 * HOUR, progress });
    expect(rules).toMatchObject([{ alerts: 1, lines: 2, keys: [{ key: 'cart' }] }]);
    expect(hours[0]).toBe('3 of 10');
    expect((await run([unseen], lines)).rules).toMatchObject([{ alerts: 2 }]);
  });

  it('counts a line from before the period that came within it where it arrived', async () => {
    const late = { ...line(-90), arrival: period.from };
    const { rules } = await run([aRule()], [late]);
    expect(rules).toMatchObject([{ alerts: 1, lines: 1 }]);
    expect(rules[0]?.linesOver[0]).toBe(1);
  });

  it('reads lines once for several sets of rules, and tells of each what it tells alone', async () => {
    const [errors, timeouts] = [
      aRule({ name: 'errors', on: ['error'], where: { level: 'error' } }),
      aRule({ name: 'declined', on: ['error', 'app'], where: { message: { contains: 'declined' } }, by: ['level'] }),
    ];
    const stored = [line(1), line(2, { service: 'cart' }), line(3, { message: 'no answer' }), line(200)];
    const bucket = storedBucket(stored);
    const opened: string[] = [];
    const open = async (key: string) => {
      opened.push(key);
      return bucket.open(key);
    };
    const options = { buckets: [{ ...bucket, open }], period, learn: 0, late: HOUR, progress: () => undefined };
    const tried = (...rules: Rule[]) => ({ chosen: rules, rules });
    const results = await backtestAll([tried(errors), tried(timeouts, errors), tried()], options);
    expect(opened.length).toBeGreaterThan(0);
    expect(new Set(opened).size).toBe(opened.length);
    const alone = [await run([errors], stored), await run([timeouts, errors], stored), await run([], stored)];
    expect(results.map(({ rules }) => rules)).toEqual(alone.map(({ rules }) => rules));
    expect(results.map(({ rules }) => rules.map(({ alerts }) => alerts))).not.toEqual([[0], [0, 0], []]);
  });

  it('ends when it is told to', async () => {
    const controller = new AbortController();
    const bucket = storedBucket([line(1)]);
    const open = async (key: string) => {
      controller.abort();
      return bucket.open(key);
    };
    const { signal } = controller;
    await expect(run([aRule()], [], { buckets: [{ ...bucket, open }], signal })).rejects.toThrow(/aborted/);
  });

  it('counts a rule in shadow mode as if it were live', async () => {
    expect((await run([aRule({ mode: 'shadow' })], [line(1)])).rules).toMatchObject([{ alerts: 1 }]);
  });

  it('shows the chosen rule alone, silenced by those that silence it', async () => {
    const loud = aRule({ name: 'loud', where: { level: 'fatal' } });
    const quiet = aRule({ name: 'quiet', unlessFiring: ['loud'] });
    const { rules } = await run([loud, quiet], [line(1, { level: 'fatal' }), line(2)], { chosen: [quiet] });
    expect(rules).toMatchObject([{ rule: { name: 'quiet' }, alerts: 1, lines: 2, suppressed: 2 }]);
  });

  it('counts what a digest would have held', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => line(1, { service: `service-${index}` }));
    const { rules, digests } = await run([aRule()], lines);
    expect(rules).toMatchObject([{ alerts: 30, digested: 25 }]);
    expect(digests).toBe(1);
  });

  it('counts what would have been told to be over', async () => {
    const { rules } = await run([aRule({ resolveAfter: 10 * MINUTE })], [line(1), line(100)]);
    expect(rules).toMatchObject([{ alerts: 2, resolved: 2 }]);
  });
});

describe('the page of a backtest', () => {
  const render = async (...args: Parameters<typeof run>) => {
    const result = await run(...args);
    return stripVTControlCharacters(renderBacktest({ ...result, took: 500 })).split('\n');
  };

  it('draws each rule over time', async () => {
    const rules = [
      aRule({ name: 'declined', severity: 'critical', cooldown: HOUR }),
      aRule({ name: 'slow', type: 'frequency', threshold: 100, window: HOUR, mode: 'shadow' }),
      aRule({ name: 'never', where: { level: 'fatal' } }),
    ];
    const lines = [line(1), line(2), line(2), line(200), line(3, { service: 'cart\u001b[31m' })];
    const page = await render(rules, lines);
    expect(page[2]).toMatch(/^ {2}5 lines, stored in \d+ B, in 0\.5 s$/);
    expect([...page.slice(0, 2), ...page.slice(3)].join('\n')).toBe(`
  2026-11-22 00:00 to 2026-11-22 06:00 UTC, columns of 5m

  ● declined critical, match                               4 alerts of 5 lines
    █                                       ▂
    2           1                           1
    ╵11-22      ╵01:00      ╵02:00      ╵03:00      ╵04:00      ╵05:00
    first 2026-11-22 00:01, last 2026-11-22 03:20; peak 4 lines in 5m; 2 lines
    held back first
    pay                                                     3 alerts   4 lines
    cart                                                     1 alert    1 line

  ● slow warning, frequency, shadow                        0 alerts of 5 lines
    █                                       ▂
    ╵11-22      ╵01:00      ╵02:00      ╵03:00      ╵04:00      ╵05:00
    peak 4 lines in 5m

  nothing matched: never
  4 alerts of 1 rule; nothing was sent
`);
  });

  it('says so when nobody would have been told', async () => {
    const page = await render([aRule({ name: 'never', where: { level: 'fatal' } })], [line(1)]);
    expect(page.slice(3)).toEqual(['', '  nothing matched: never', '  ✓ nobody would have been told', '']);
  });

  it('fits a terminal of 80 columns whatever the names', async () => {
    const long = 'a-rule-with-a-very-long-name-that-goes-on-and-on-until-it-is-too-long-by-far';
    const lines = Array.from({ length: 9 }, (_, index) => line(index, { service: `${index}${'ü'.repeat(300)}` }));
    const rules = [aRule({ name: long }), aRule({ name: `${long}-2`, where: { level: 'fatal' } })];
    for (const text of await render(rules, lines)) expect([...text].length).toBeLessThanOrEqual(80);
  });
});
