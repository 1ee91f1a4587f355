import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { SlackMessage } from '../../local/slack/message.js';
import { fireLens } from '../helpers/firehose.js';
import { startUp, type Up, withData } from '../helpers/up.js';
import { buildCorpus } from './corpus.js';

/** From the put of a line to its message in the Slack inbox, with `firesplit up --flush 1`; milliseconds. */
export interface AlertLatencyResult {
  readonly alerts: number;
  /** Those that came alone and not in a digest, or not at all. */
  readonly told: number;
  /** Lines that no rule matches, put beside them each second. */
  readonly otherLinesPerSecond: number;
  /** The first alert, for which the functions are loaded. */
  readonly cold: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Beyond five a minute they would be folded into a digest. */
const ALERTS_PER_ROUTE = 4;
const BETWEEN_PUTS_MS = 150;
/** So many that a webhook's turn comes every 1.5 s: it takes one message a second. */
const LEAST_ROUTES = 10;
const OTHER_LINES = 2000;

export async function measureAlertLatency(alerts: number): Promise<AlertLatencyResult> {
  return withData(async (data) => {
    const rules = join(data, 'rules');
    await mkdir(rules);
    await writeFile(join(rules, 'latency.yml'), rulesFor(alerts + 1));
    const up = await startUp(data, '--flush', '1', '--rules', rules);
    try {
      const cold = await timeToTell(up, alerts);
      const putAt: number[] = [];
      const stopOthers = putOthers(up);
      for (let index = 0; index < alerts; index++) {
        putAt.push(Date.now());
        await up.put([[lineOf(index)]]);
        await sleep(BETWEEN_PUTS_MS);
      }
      const messages = await messagesOf(up, alerts + 1);
      await stopOthers();
      const took = putAt.flatMap((at, index) => {
        const message = messages.find(({ text }) => text.includes(serviceOf(index)));
        return message ? message.receivedAt - at : [];
      });
      took.sort((a, b) => a - b);
      const quantile = (q: number) => took[Math.min(took.length - 1, Math.floor(took.length * q))] ?? Number.NaN;
      const result = { p50: quantile(0.5), p99: quantile(0.99), max: quantile(1) };
      return { alerts, told: took.length, otherLinesPerSecond: OTHER_LINES, cold, ...result };
    } finally {
      await up.kill();
    }
  });
}

/** One rule for each route, which a few services can trip; their alerts take turns. */
function rulesFor(alerts: number): string {
  const count = Math.max(LEAST_ROUTES, Math.ceil(alerts / ALERTS_PER_ROUTE));
  const routes = Array.from({ length: count }, (_, route) => {
    const services = Array.from({ length: ALERTS_PER_ROUTE }, (_, round) => serviceOf(round * count + route));
    return [
      `- name: route-${route}`,
      `  where: { service: [${services.join(', ')}], level: fatal }`,
      '  by: [service]',
      '  severity: critical',
      `  route: route-${route}`,
      '  title: Out of luck in {service}',
    ].join('\n');
  });
  return `${routes.join('\n')}\n`;
}

/** None is a part of another's name. */
function serviceOf(index: number): string {
  return `shop${String(index).padStart(4, '0')}`;
}

function lineOf(index: number): string {
  return fireLens('{"level":60,"msg":"out of luck"}', { container_name: serviceOf(index) });
}

/** The milliseconds that one alert takes. */
async function timeToTell(up: Up, index: number): Promise<number> {
  const at = Date.now();
  await up.put([[lineOf(index)]]);
  const [message] = await messagesOf(up, 1);
  return message ? message.receivedAt - at : Number.NaN;
}

/** What the inbox has when it holds so many messages, or when nothing came for a while. */
async function messagesOf({ ready }: Up, wanted: number): Promise<readonly SlackMessage[]> {
  let messages: readonly SlackMessage[] = [];
  for (let idle = 0; messages.length < wanted && idle < 100; idle++) {
    await sleep(100);
    const found = (await (await fetch(ready.slack)).json()) as readonly SlackMessage[];
    if (found.length > messages.length) idle = 0;
    messages = found;
  }
  return messages;
}

/** Puts access lines each second until the returned function is called. */
function putOthers(up: Up): () => Promise<void> {
  const { records } = buildCorpus('access', 2e6);
  const lines = records.flatMap((record) => gunzipSync(Buffer.from(record, 'base64')).toString().split('\n'));
  const puts = Array.from({ length: OTHER_LINES / 500 }, (_, index) =>
    lines.slice(index * 500, (index + 1) * 500).map((line) => `${line}\n`),
  );
  let stopped = false;
  const putting = (async () => {
    while (!stopped) {
      const started = Date.now();
      await up.put(puts);
      await sleep(Math.max(0, started + 1000 - Date.now()));
    }
  })();
  return () => {
    stopped = true;
    return putting;
  };
}
