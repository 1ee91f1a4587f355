import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { costed, type LineGroup, lineGroups, lineQueries, samplingRule } from '../../../local/meter/lineCosts.js';
import { allRows } from '../../../local/query/answer.js';
import { openDatabase } from '../../../local/query/database.js';
import { parseConfig } from '../../../shared/config/load.js';
import { compileWhere, RowView } from '../../../shared/where/compileWhere.js';
import { writeStored } from '../../helpers/storedLines.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const group = (type: LineGroup['type'], service: string, gb: number): LineGroup => ({
  type,
  service,
  lines: 1,
  bytes: gb * 2 ** 30,
});

describe('costed', () => {
  it('shares the bill of another GB by bytes', () => {
    const all = [group('access', 'web', 30), group('access', 'api', 10), group('app', 'api', 10)];
    const [web, api, app] = costed(all, all, 24).map(({ dollarsPerDay }) => dollarsPerDay);
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
    [{ type: 'app', ts: ts - 5 * 3_600_000, columns: { service: 'web', message: 'long ago' } }],
  );
  const database = await openDatabase(data);
  try {
    const { services, messages } = lineQueries(2, 10);
    const found: LineGroup[][] = [];
    for (const sql of [services, messages]) {
      const answer = await database.ask(sql);
      found.push(lineGroups(answer.columns, await allRows(answer)));
    }
    expect(found[0]).toEqual([
      { type: 'access', service: 'web', lines: 2, bytes: 2 * 50 + '/orders/1/orders/22'.length },
      { type: 'app', service: 'web', lines: 1, bytes: 60 },
    ]);
    expect(found[1]).toMatchObject([{ template: 'GET /orders/#' }, { template: 'took # ms' }]);
  } finally {
    database.close();
  }
});

describe('samplingRule', () => {
  it('is for requests alone', () => {
    expect(samplingRule({ ...group('app', 'a', 1), template: 'took # ms' })).toBeUndefined();
    expect(samplingRule({ ...group('access', 'a', 1), template: ' ' })).toBeUndefined();
  });

  it('is a rule that the configuration takes, and fits the requests that it was made of', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.webPath({ size: 'medium' }),
        fc.string({ minLength: 1, unit: 'grapheme-ascii' }),
        async (path, service) => {
          const template = `GET ${path.slice(0, 116)}`.replace(/[0-9]+/g, '#');
          const rule = samplingRule({ ...group('access', service, 1), template });
          if (path === '') return expect(rule).toBeUndefined();
          const text = `access:\n  sample:\n    - ${rule}\n`;
          const { config, problems } = await parseConfig({ path: 'x.yml', text });
          expect([text, problems]).toEqual([text, []]);
          const [sample] = config.access?.sample ?? [];
          const view = new RowView();
          view.show({ ts: 0, service, path, status: 200 });
          expect([text, compileWhere(sample?.where ?? {})(view)]).toEqual([text, true]);
          return undefined;
        },
      ),
    );
  });
});
