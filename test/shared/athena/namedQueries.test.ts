import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allRows } from '../../../local/query/answer.js';
import { type Database, openDatabase } from '../../../local/query/database.js';
import { showLines } from '../../../shared/alerts/simulation/givenLines.js';
import { namedQueries } from '../../../shared/athena/namedQueries.js';
import { loadRules } from '../../../shared/rules/language/loadRules.js';
import { testStart } from '../../../shared/rules/language/ruleTest.js';
import { compileRules } from '../../../shared/rules/matching/match.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { shippedRules } from '../../helpers/shippedRules.js';
import { writeStored } from '../../helpers/storedLines.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let database: Database;

/** Lines of a quarter of an hour ago: every query that looks for what they show finds it. */
beforeAll(async () => {
  const data = await tempFolder();
  const ts = Date.now() - 15 * 60_000;
  const canary = { service: 'firesplit-canary', cluster: 'shop', task: 'r' };
  const fields = { run: 'a', number: 1, dropped: 2, dropped_total: 2, retries: 1, disk_bytes: 0, lag_ms: 90_000 };
  await writeStored(data, [
    ...[200, 404, 401, 503].flatMap((status) =>
      Array.from({ length: 10 }, (_, n) => ({
        type: 'access' as const,
        ts: ts + n,
        columns: { service: 'web', task: 't', client_ip: '192.0.2.1', path: `/${status}`, status, duration_ms: n },
      })),
    ),
    ...['OutOfMemoryError: no', 'upstream timed out', 'certificate has expired'].map((message) => ({
      type: 'error' as const,
      ts,
      columns: { service: 'pay', task: 't', level: 'fatal', message, exception: 'E', stack: 's', fingerprint: message },
    })),
    { type: 'app' as const, ts, columns: { service: 'pay', task: 't', level: 'debug', message: 'listening on 80' } },
    { type: 'app' as const, ts, columns: { ...canary, message: 'canary', fields: JSON.stringify(fields) } },
    // It states an hour that is a day ago, and arrived a quarter of an hour ago.
    { type: 'app' as const, ts: ts - 86_400_000, arrival: ts, columns: { service: 'off', task: 't', message: 'x' } },
  ]);
  database = await openDatabase(data);
});
afterAll(() => database.close());

describe('named queries', () => {
  it.each(namedQueries)('$name finds what it is about', async ({ sql }) => {
    const { rows } = await database.query(sql);
    let count = 0;
    for await (const some of rows) count += some.length;
    expect(count).toBeGreaterThan(0);
  });

  it.each(['fatal-line', 'out-of-memory', 'unhandled-exception', 'upstream-down', 'certificate'])(
    '%s finds the lines of every service that its rule is tested to tell of',
    async (name) => {
      const { rules, tests } = await shippedRules();
      const only = compileRules(
        rules.filter((rule) => rule.name === name),
        { asStream: false },
      );
      const firing = tests.get(name)?.filter(({ expect }) => expect.length > 0) ?? [];
      const lines = firing.flatMap(({ given }) => {
        const shown = showLines(given, testStart, only, compilePolicy()).lines;
        const shift = Date.now() - 60_000 - Math.max(...shown.map(({ row }) => row.ts));
        return shown.map(({ type, row: { ts, ...columns } }) => ({ type, ts: ts + shift, columns }));
      });
      const services = new Set(lines.map(({ columns }) => columns.service));
      expect(services.size).toBeGreaterThan(5);

      const data = await tempFolder();
      await writeStored(data, lines);
      const own = await openDatabase(data);
      try {
        const [found] = await columnsFound(own, name, ['service']);
        expect([...services].filter((service) => !found?.includes(service))).toEqual([]);
      } finally {
        own.close();
      }
    },
  );

  it('tasks-silent knows tasks that log requests alone', async () => {
    const [services, tasks] = await columnsFound(database, 'tasks-silent', ['service', 'task']);
    expect(tasks?.[services?.indexOf('web') ?? -1]).toBe('t');
  });

  it('have names of their own', () => {
    const names = namedQueries.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('are named in the runbooks of their rules', async () => {
    const rules = new Set((await loadRules('infra/rules')).map(({ name }) => name));
    const ofRules = namedQueries.filter(({ name }) => rules.has(name));
    expect(ofRules.length).toBeGreaterThan(12);
    for (const { name } of ofRules) {
      expect(await readFile(`docs/runbooks/${name}.md`, 'utf8')).toContain(`saved query \`${name}\``);
    }
  });
});

/** The values that a query gives of each of these columns. */
async function columnsFound(asked: Database, name: string, columns: readonly string[]): Promise<unknown[][]> {
  const answer = await asked.ask(namedQueries.find((query) => query.name === name)?.sql ?? '');
  const rows = await allRows(answer);
  return columns.map((column) => rows.map((row) => row[answer.columns.indexOf(column)]));
}
