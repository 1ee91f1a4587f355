import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { keyPrefix } from '../../../shared/alerts/state/keyItem.js';
import type { Config } from '../../../shared/config/config.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import type { RuleSet } from '../../../shared/rules/matching/match.js';
import { writeBatch } from '../../../shared/signals/batchText.js';
import type { SignalBatch } from '../../../shared/signals/signal.js';
import { type Load, messagesAt } from './load.js';
import type { Metered } from './meteredTable.js';
import { startTableServer, type TableServer } from './tableServer.js';

/** What the alert function did with a steady load, once its windows were full. */
export interface AlertPathResult {
  /** Messages that one invocation got, and batches that were measured. */
  readonly messages: number;
  readonly batches: number;
  /** Signals of one rule and key in one batch. */
  readonly keys: number;
  /** Milliseconds of CPU. */
  readonly cpu: number;
  readonly metered: Metered;
  /** Bytes of the items of keys that every batch has, ascending. */
  readonly sizes: readonly number[];
}

/** Monday morning. */
const start = Date.UTC(2026, 10, 23, 9);
const timeout = 30_000;

/** Sets up the environment of the functions. Their modules are to be loaded after it. */
export async function withFunctions<T>(
  rules: readonly Rule[],
  config: Config,
  act: (table: TableServer) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'firesplit-scale-'));
  const table = await startTableServer();
  try {
    await writeFile(join(folder, 'rules.json'), JSON.stringify(rules));
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    Object.assign(process.env, {
      RULES_FILE: join(folder, 'rules.json'),
      CONFIG_FILE: join(folder, 'config.json'),
      ALERTS_TABLE: 'alerts',
      ALARM_PREFIX: 'firesplit-bench-',
      LOGS_BUCKET: 'logs',
      SIGNALS_QUEUE_URL: `${table.url}/queue`,
      SLACK_WEBHOOK_URL: `${table.url}/services/T/B/X`,
      AWS_ENDPOINT_URL: table.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      POWERTOOLS_METRICS_NAMESPACE: 'Firesplit',
      POWERTOOLS_SERVICE_NAME: 'bench',
    });
    return await act(table);
  } finally {
    await table.stop();
    await rm(folder, { recursive: true });
  }
}

/** Until a service is known to be there all day (`steady` of no-logs) and its windows are full, ms; and how much of it is played slowly. */
const [warmUp, slowly] = [100 * 60_000, 75 * 60_000];
const slowest = 60_000;

/**
 * Plays a load to functions/alert until its state is steady, and then measures.
 *
 * @param messages that one invocation gets: what comes within the batching window of the queue
 */
export async function measureAlertPath(
  load: Load,
  messages: number,
  batches: number,
  rules: RuleSet,
  table: TableServer,
): Promise<AlertPathResult> {
  const realNow = Date.now;
  let [at, number, keys, cpu] = [start, 0, 0, 0];
  let began = performance.now();
  // Within an invocation it goes on, or whoever waits would wait for ever.
  Date.now = () => Math.floor(at + performance.now() - began);
  try {
    // Its clock is that of the moment at which it is loaded.
    const { handler } = await import('../../../functions/alert.js');
    const invoke = async (every = load.every) => {
      const of: SignalBatch[] = [];
      for (let message = 0; message < messages; message++) {
        at += every;
        of.push(...messagesAt(at, number++, { ...load, every }, rules));
      }
      keys += of.reduce((sum, { signals }) => sum + new Set(signals.map(({ rule, key }) => `${rule} ${key}`)).size, 0);
      const event = eventOf(of);
      // Its windows move with the clock; how long it takes is another matter.
      const context = { getRemainingTimeInMillis: () => timeout } as Context;
      began = performance.now();
      const before = process.cpuUsage();
      const answer = (await quietly(() => handler(event, context))) as SQSBatchResponse;
      const { user, system } = process.cpuUsage(before);
      cpu += (user + system) / 1000;
      if (answer.batchItemFailures.length > 0) throw new Error('the alert function could not count a batch');
    };
    while (at < start + slowly) await invoke(Math.max(slowest, load.every));
    while (at < start + warmUp) await invoke();
    [keys, cpu] = [0, 0];
    const first = number;
    await table.take();
    while (number < first + batches) await invoke();
    const sizes = await table.sizes(`${keyPrefix}service-`);
    return {
      messages,
      batches: number - first,
      keys,
      cpu,
      metered: await table.take(),
      sizes: [...sizes].sort((a, b) => a - b),
    };
  } finally {
    Date.now = realNow;
  }
}

function eventOf(batches: readonly SignalBatch[]): SQSEvent {
  const Records = batches.map((batch, index) => ({
    messageId: `${batch.id}-${index}`,
    receiptHandle: '',
    body: writeBatch(batch),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: `${Date.now()}`,
      SenderId: '',
      ApproximateFirstReceiveTimestamp: `${Date.now()}`,
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: 'us-east-1',
  }));
  return { Records };
}

/** Without the metrics and log lines that a function writes. */
export async function quietly<T>(act: () => Promise<T>): Promise<T> {
  const { write } = process.stdout;
  process.stdout.write = () => true;
  try {
    return await act();
  } finally {
    process.stdout.write = write;
  }
}
