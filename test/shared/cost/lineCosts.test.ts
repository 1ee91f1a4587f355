import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allRows } from '../../../local/query/answer.js';
import { openDatabase } from '../../../local/query/database.js';
import { parseConfig } from '../../../shared/config/load.js';
import {
  costed as costedAt,
  type LineGroup,
  lineCosts,
  lineGroups,
  messagesQuery,
  pricesOf,
  samplingRule,
  servicesQuery,
} from '../../../shared/cost/lineCosts.js';
import { compileWhere, RowView } from '../../../shared/where/compileWhere.js';
import { writeStored } from '../../helpers/storedLines.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const group = (type: LineGroup['type'], service: string, gb: number): LineGroup => ({
  type,
  service,
  lines: 1,
  bytes: gb * 2 ** 30,
});

const costed = (groups: readonly LineGroup[], all: readonly LineGroup[], hours: number) =>
  costedAt(groups, pricesOf(all, hours), hours);

describe('costed', () => {
  it('shares the bill of another GB by bytes', () => {
    const all = [group('access', 'web', 30), group('access', 'api', 10), group('app', 'api', 10)];
    // By dollars, which are not in the order of bytes.
    const [web, app, api] = costed(all, all, 24).map(({ dollarsPerDay }) => dollarsPerDay);
    expect(web).toBeCloseTo(3 * (api ?? 0), 10);
    // Of a month's bill of some cents a GB; application lines become more bytes than requests do.
    expect(api).toBeGreaterThan(10 * 0.01);
    expect(api).toBeLessThan(10 * 0.1);
    expect(app).toBeGreaterThan(api ?? 0);
  });

  it('is of a day, whatever the hours that were counted', () => {
    const [day] = costed([group('access', 'web', 24)], [group('access', 'web', 24)], 24);
    const [hour] = costed([group('access', 'web', 1)], [group('access', 'web', 1)], 1);
    expect(hour?.dollarsPerDay).toBeCloseTo(day?.dollarsPerDay ?? 0, 10);
  });

  it('is empty of nothing', () => {
    expect(costed([], [], 24)).toEqual([]);
  });
});

it('the queries count what is stored of the hours, numbers left out', async () => {
  const data = await tempFolder();
  const ts = Date.now() - 30 * 60_000;
  await writeStored(
    data,
    [1, 22].map((n) => ({ type: 'access', ts, columns: { service: 'web', method: 'GET', path: `/orders/${n}` } })),
    [{ type: 'app', ts, columns: { service: 'web', message: 'took 30 ms' } }],
    [{ type: 'app', ts, columns: { service: 'web', message: `${'a'.repeat(119)}12` } }],
    [{ type: 'app', ts: ts - 5 * 3_600_000, columns: { service: 'web', message: 'long ago' } }],
  );
  const database = await openDatabase(data);
  try {
    const prices = { access: 1, error: 1, app: 1 };
    const found: LineGroup[][] = [];
    for (const sql of [`${servicesQuery(2)} ORDER BY bytes DESC`, messagesQuery(2, 10, prices)]) {
      const answer = await database.ask(sql);
      found.push(lineGroups(answer.columns, await allRows(answer)));
    }
    expect(found[0]).toEqual([
      { type: 'app', service: 'web', lines: 2, bytes: 60 + 50 + 121 },
      { type: 'access', service: 'web', lines: 2, bytes: 2 * 50 + '/orders/1/orders/22'.length },
    ]);
    expect(found[1]).toMatchObject([
      { template: `${'a'.repeat(119)}#…` },
      { template: 'GET /orders/#' },
      { template: 'took # ms' },
    ]);
  } finally {
    database.close();
  }
});

it('tells of the messages that cost most, which are not those of most bytes', async () => {
  const data = await tempFolder();
  const ts = Date.now() - 30 * 60_000;
  const path = (letter: string, length: number) => `/${letter.repeat(length)}`;
  await writeStored(
    data,
    [1000, 1100, 1200].map((length, at) => ({
      type: 'access',
      ts,
      columns: { service: 'web', method: 'GET', path: path('abc'[at] ?? '', length) },
    })),
    [{ type: 'error', ts, columns: { service: 'web', message: 'e'.repeat(990) } }],
  );
  const database = await openDatabase(data);
  try {
    // Of a stream whose few error lines make objects that there would not be without them.
    const services = [group('access', 'web', 0.098), group('app', 'web', 0.0019), group('error', 'web', 0.0001)];
    const ask = async (sql: string) => {
      if (!sql.includes('LIMIT')) return services;
      const answer = await database.ask(sql);
      return lineGroups(answer.columns, await allRows(answer));
    };
    const all = await lineCosts(24, 4, ask);
    const [dearest] = all.messages;
    expect(dearest).toMatchObject({ type: 'error' });
    expect(dearest?.bytes).toBeLessThan(Math.min(...all.messages.slice(1).map(({ bytes }) => bytes)));
    for (const top of [1, 2, 3]) expect((await lineCosts(24, top, ask)).messages).toEqual(all.messages.slice(0, top));
  } finally {
    database.close();
  }
});

describe('samplingRule', () => {
  it('is for requests alone', () => {
    expect(samplingRule({ ...group('app', 'a', 1), template: 'took # ms' })).toBeUndefined();
    expect(samplingRule({ ...group('access', 'a', 1), template: ' ' })).toBeUndefined();
  });

  it('is for whole paths, unless they are cut', () => {
    const rule = (template: string, service = 'api') => samplingRule({ ...group('access', service, 1), template });
    expect(rule('GET /orders/#')).toContain("method: 'GET', path: { regex: '^/orders/[0-9]+$' }");
    expect(rule('GET /orders/…')).toContain("path: { regex: '^/orders/' }");
    expect(rule(' /a', '')).toBe("{ name: a, where: { path: '/a', status: { lt: 400 } }, keep: 0.1 }");
  });

  it('is a rule that the configuration takes, and fits the requests that it was made of', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.webPath({ size: 'medium' }),
        fc.string({ minLength: 1, unit: 'grapheme-ascii' }),
        async (path, service) => {
          const request = `GET ${path}`;
          const template = request.slice(0, 120).replace(/[0-9]+/g, '#') + (request.length > 120 ? '…' : '');
          const rule = samplingRule({ ...group('access', service, 1), template });
          if (path === '') return expect(rule).toBeUndefined();
          const text = `access:\n  sample:\n    - ${rule}\n`;
          const { config, problems } = await parseConfig({ path: 'x.yml', text });
          expect([text, problems]).toEqual([text, []]);
          const [sample] = config.access?.sample ?? [];
          const view = new RowView();
          const matches = compileWhere(sample?.where ?? {});
          view.show({ ts: 0, service, method: 'GET', path, status: 200 });
          expect([text, matches(view)]).toEqual([text, true]);
          const others = { method: ['POST', path], path: ['GET', `/more${path}`] };
          for (const [other, below] of Object.values(others)) {
            view.show({ ts: 0, service, method: other ?? '', path: below ?? '', status: 200 });
            expect([text, below, matches(view)]).toEqual([text, below, false]);
          }
          return undefined;
        },
      ),
      // What YAML takes for a number, a truth and nothing.
      { examples: ['0', '1e5', 'true', 'null', 'y'].map((service): [string, string] => ['/', service]) },
    );
  });
});
