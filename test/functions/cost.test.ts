import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { type LineGroup, lineCosts } from '../../shared/cost/lineCosts.js';
import { readBatch } from '../../shared/signals/batchText.js';
import { type FakeAthena, type Script, startFakeAthena } from '../helpers/fakeAthena.js';

let aws: FauxqsServer;
let athena: FakeAthena | undefined;
let runs = 0;

beforeAll(async () => {
  aws = await startFauxqs({ port: 0, logger: false });
  Object.assign(process.env, {
    QUERY_WORKGROUP: 'firesplit-test',
    LOGS_DATABASE: 'firesplit_test',
    AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${aws.port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
});
afterAll(() => aws.stop());

beforeEach(() => {
  for (const method of ['info', 'error'] as const) jest.spyOn(console, method).mockImplementation(() => undefined);
});
afterEach(async () => {
  await athena?.stop();
  jest.restoreAllMocks();
});

/** The answer to both queries. */
const columns = ['type', 'service', 'template', 'lines', 'bytes'].map((Name) => ({
  Name,
  Type: /lines|bytes/.test(Name) ? 'bigint' : 'varchar',
}));
const rows = [
  ['access', 'web', 'GET /assets/#', '5000', String(20 * 2 ** 30)],
  ['app', 'pay', 'paid #', '100', String(2 ** 30)],
];
const done = { looks: [{ state: 'SUCCEEDED' }], columns, pages: [[columns.map(({ Name }) => Name), ...rows]] };
const tooLarge = { state: 'CANCELLED', reason: 'Query cancelled! : Bytes scanned limit was exceeded' };

/** Runs the function, and gives the texts of what it has sent to the alert function. */
async function run(script: Script): Promise<readonly string[]> {
  athena = await startFakeAthena(script);
  process.env.AWS_ENDPOINT_URL_ATHENA = athena.url;
  const queue = `signals-${++runs}`;
  process.env.SIGNALS_QUEUE_URL = aws.createQueue(queue).queueUrl;
  jest.resetModules();
  const { handler } = await import('../../functions/cost.js');
  await handler({} as ScheduledEvent, { getRemainingTimeInMillis: () => 600_000 } as Context);
  const sent = aws.inspectQueue(queue)?.messages.ready.map(({ body }) => readBatch(body)) ?? [];
  return sent.flatMap(({ signals }) =>
    signals.flatMap(({ labels, samples }) => [String(labels.dollars_a_day), ...samples.map(({ message }) => message)]),
  );
}

const queries = () =>
  (athena?.requests ?? []).flatMap(({ operation, body }) => (operation === 'StartQueryExecution' ? [body] : []));

describe('functions/cost', () => {
  it('asks about a week in the workgroup, and gives the alert function what it costs', async () => {
    const [dollars, ...texts] = await run(done);
    const groups = rows.map(
      ([type, service, , lines, bytes]) => ({ type, service, lines: Number(lines), bytes: Number(bytes) }) as LineGroup,
    );
    const { dollarsPerDay } = await lineCosts(168, 1, async () => groups);
    expect(dollars).toBe(`$${dollarsPerDay.toFixed(4)}`);
    expect(texts.join('\n')).toContain('web GET /assets/#, 5,000 lines');
    expect(queries()).toHaveLength(2);
    for (const query of queries()) {
      expect(query).toMatchObject({
        WorkGroup: 'firesplit-test',
        QueryExecutionContext: { Database: 'firesplit_test' },
        QueryString: expect.stringContaining("interval '168' hour"),
      });
    }
  });

  it('asks about a day when a week is more than a query may read', async () => {
    const [dollars] = await run({ ...done, looks: [tooLarge, { state: 'SUCCEEDED' }] });
    expect(dollars).toMatch(/^\$\d/);
    const hours = queries().map(({ QueryString }) => /interval '(\d+)' hour/.exec(String(QueryString))?.[1]);
    expect(hours).toEqual(['168', '24', '24']);
  });

  it.each([
    ['even an hour is too much', tooLarge, /Bytes scanned limit/],
    ['it may not read', { state: 'FAILED', reason: 'Access Denied (Service: Amazon S3)' }, /Access Denied/],
  ])('has people told that %s', async (_, look, reason) => {
    const [dollars, text] = await run({ ...done, looks: [look] });
    expect(dollars).toMatch(/unknown/);
    expect(text).toMatch(reason);
  });

  it('says nothing when nothing is stored', async () => {
    expect(await run({ ...done, pages: [[columns.map(({ Name }) => Name)]] })).toEqual([]);
    expect(queries()).toHaveLength(1);
  });
});
