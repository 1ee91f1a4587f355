import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Context, FirehoseTransformationEvent, ScheduledEvent, SQSEvent } from 'aws-lambda';
import { FunctionMetrics } from '../../functions/adapters/functionMetrics.js';
import { type SlackInbox, slackInbox } from '../../local/slack/inbox.js';
import { loadRules } from '../../shared/rules/language/loadRules.js';
import type { SignalBatch } from '../../shared/signals/signal.js';
import { readRecording } from '../fluent-bit/recording.js';
import { type AlertsTable, startAlertsTable } from '../helpers/alertsTable.js';
import { rowsOf, transformEvent } from '../helpers/firehose.js';
import { tempFolder } from '../helpers/tempFolder.js';
import { startWebServer, type WebServer } from '../helpers/webServer.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let now = 0;
jest.unstable_mockModule('../../functions/adapters/systemClock.js', () => ({
  systemClock: {
    now: () => now,
    sleepUntil: async (time: number) => {
      now = Math.max(now, time);
    },
  },
}));
const queue: SignalBatch[] = [];
jest.unstable_mockModule('../../functions/adapters/sqsSignals.js', () => ({
  sqsSignals: () => ({ send: async (batch: SignalBatch) => void queue.push(batch) }),
}));
jest.unstable_mockModule('../../functions/adapters/s3RefusedBatches.js', () => ({
  s3RefusedBatches: () => ({ list: async () => [] }),
}));

let table: AlertsTable;
let inbox: SlackInbox;
let slack: WebServer;
let transform: typeof import('../../functions/transform.js')['handler'];
let alert: typeof import('../../functions/alert.js')['handler'];
let sweep: typeof import('../../functions/sweep.js')['handler'];

/** What a real Fluent Bit sent: two runs, the numbers 5 to 9 of the first three times. */
let recorded: readonly Sent[];

interface Sent {
  readonly text: string;
  readonly arrival: number;
}

beforeAll(async () => {
  const folder = await tempFolder();
  table = await startAlertsTable();
  inbox = slackInbox({ folder });
  slack = await startWebServer((request, response) => void inbox.handle(request, response));
  const rules = await loadRules('infra/rules');
  const canaries = rules.filter(({ name }) => name.startsWith('lines-'));
  await writeFile(join(folder, 'rules.json'), JSON.stringify(canaries));
  Object.assign(process.env, {
    ALERTS_TABLE: table.name,
    ALARM_PREFIX: 'firesplit-test-',
    LOGS_BUCKET: 'logs',
    SIGNALS_QUEUE_URL: 'https://queue.example/signals',
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    RULES_FILE: join(folder, 'rules.json'),
    SLACK_WEBHOOK_URL: `${slack.url}/services/T/B/verysecret`,
  });
  ({ handler: transform } = await import('../../functions/transform.js'));
  ({ handler: alert } = await import('../../functions/alert.js'));
  ({ handler: sweep } = await import('../../functions/sweep.js'));
  const { accepted } = await readRecording('test/fixtures/wire/router-canary.ndjson.gz');
  recorded = accepted.map(({ data, arrival }) => ({ text: gunzipSync(data).toString(), arrival }));
});

afterAll(async () => {
  await slack.stop();
  await table.stop();
});

const add = jest.spyOn(FunctionMetrics.prototype, 'add');
const addFor = jest.spyOn(FunctionMetrics.prototype, 'addFor');
beforeEach(() => {
  add.mockClear();
  addFor.mockClear();
  now = recorded[0]?.arrival ?? 0;
});

/** Whether a record holds the canary of this number, of the first run. */
const holds = (number: number) => {
  const [first] = recorded.flatMap(({ text }) => /"run":(\d+)/.exec(text)?.[1] ?? []);
  return ({ text }: Sent) => text.includes(`"run":${first},`) && text.includes(`"number":${number},`);
};

/** Sends records one after the other, each in an invocation of its own, as those of another cluster. @returns the rows */
async function send(
  cluster: string,
  records: readonly Sent[],
  redelivered = false,
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (const { text, arrival } of records) {
    now = Math.max(now, arrival + MINUTE);
    const data = gzipSync(text.replaceAll('"ecs_cluster":"prod"', `"ecs_cluster":"${cluster}"`));
    const event = { ...transformEvent([data], arrival) } as FirehoseTransformationEvent;
    for (const record of event.records) Object.assign(record, { recordId: `${cluster} ${sent++}` });
    const answer = await transform(event, {} as Context);
    if (redelivered) await transform(event, {} as Context);
    rows.push(...rowsOf(answer.records));
  }
  const attributes = { SentTimestamp: String(now) };
  const bodies = queue
    .splice(0)
    .map((batch, index) => ({ messageId: `${index}`, body: JSON.stringify(batch), attributes }));
  const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
  if (bodies.length > 0) await alert({ Records: bodies } as SQSEvent, context);
  return rows;
}

let sent = 0;

async function sweepAfter(time: number): Promise<void> {
  now += time;
  await sweep({} as ScheduledEvent, { getRemainingTimeInMillis: () => 50_000 } as Context);
}

const textsOf = (cluster: string) =>
  inbox
    .messages()
    .filter(({ text }) => text.includes(` in ${cluster} `))
    .map(({ text }) => text);
/** What was counted of it, in all or by rule. */
const metric = (name: string) =>
  [...add.mock.calls, ...addFor.mock.calls]
    .filter(([counted]) => counted === name)
    .reduce((sum, call) => sum + Number(call.at(-1)), 0);

describe('canaries as a real Fluent Bit sent them', () => {
  it('are rows that say what the router counts', async () => {
    const rows = (await send('rows', recorded)).filter(({ service }) => service === 'firesplit-canary');
    expect(rows).toHaveLength(38);
    const written = recorded.find(holds(1)) as Sent;
    const lag = written.arrival - Date.parse(JSON.parse(written.text.split('\n')[0] ?? '').time);
    const [first, ...others] = rows.map(({ fields, ...row }) => ({ ...row, fields: JSON.parse(String(fields)) }));
    expect(first).toMatchObject({
      ...{ service: 'firesplit-canary', cluster: 'rows', task: '0123456789abcdef0123456789abcdef', level: 'info' },
      ...{ message: 'canary 1', fields: { number: 1, lines_total: 0, lines: 0, dropped: 0, retries: 0, lag_ms: lag } },
    });
    expect(others[0]?.fields).toMatchObject({ number: 2, run: first?.fields.run });
    // The second run has read eight lines.
    expect(others.at(-1)?.fields).toMatchObject({ number: 12, lines_total: 8, paused: 0 });
    expect(others.at(-1)?.fields.disk_bytes).toBeGreaterThan(0);
    expect(first?.fields).not.toHaveProperty('now');
    expect(metric('CanaryLines')).toBe(38);
    expect(metric('RouterLines')).toBe(
      rows.reduce((sum, { fields }) => sum + (JSON.parse(String(fields)).lines ?? 0), 0),
    );
    // Without the canaries: 20 lines, of which 13 came twice.
    expect(metric('LinesIn')).toBe(33);
    expect(metric('RouterDroppedLines')).toBe(0);
    expect(metric('RouterDiskBytes')).toBeGreaterThan(0);
    expect(add.mock.calls.filter(([name]) => name === 'CanaryLag')).toHaveLength(9);
  });

  it('are no loss, whatever came twice and though the router started again', async () => {
    await send('whole', recorded);
    for (let minute = 0; minute < 90; minute += 10) await sweepAfter(10 * MINUTE);
    expect(textsOf('whole')).toEqual([]);
    expect(metric('MissingNumbers')).toBe(0);
    expect(metric('DoubledNumbers')).toBe(10);
  });

  it('count no line as doubled because Firehose invoked the transform again', async () => {
    await send('again', recorded, true);
    expect(metric('DoubledNumbers')).toBe(10);
  });

  it('tell of numbers that never came, once, with their count and task', async () => {
    const lost = recorded.filter((record) => !holds(5)(record));
    await send('lossy', lost);
    await sweepAfter(HOUR - 2 * MINUTE);
    expect(textsOf('lossy')).toEqual([]);
    await sweepAfter(2 * MINUTE);
    await sweepAfter(MINUTE);
    expect(textsOf('lossy')).toEqual([
      '🔴 Lines of task 0123456789abcdef0123456789abcdef in lossy were lost (critical, 5 of fields.number are missing: 5 to 9)',
    ]);
    expect(metric('MissingNumbers')).toBe(5);
  });

  it('tell of none when the numbers come late, behind higher ones', async () => {
    const isLate = holds(5);
    await send(
      'late',
      recorded.filter((record) => !isLate(record)),
    );
    await sweepAfter(50 * MINUTE);
    await send('late', recorded.filter(isLate));
    await sweepAfter(20 * MINUTE);
    expect(textsOf('late')).toEqual([]);
    expect(metric('LateNumbers')).toBe(5);
  });
});

it('an app that prints a canary makes a line of its own service', async () => {
  const canary = JSON.parse(recorded.find(holds(1))?.text.split('\n')[0] ?? '');
  const log = JSON.stringify(canary);
  const record = { container_name: 'web', source: 'stdout', log, ecs_cluster: 'forged', time: '2026-11-29T21:20:00Z' };
  const rows = await send('forged', [{ text: `${JSON.stringify(record)}\n`, arrival: now }]);
  expect(rows).toMatchObject([{ service: 'web' }]);
  expect(metric('CanaryLines')).toBe(0);
});
