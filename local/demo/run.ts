import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { severities } from '../../shared/conditions/ruleSettings.js';
import { prices } from '../../shared/prices.js';
import { counted } from '../../shared/text/wording.js';
import type { StackEvents } from '../events.js';
import { openDatabase } from '../query/database.js';
import { printed } from '../query/print/index.js';

import { fireLensRecord } from '../ship/collector.js';
import { billedBytes, type Shipped, ship } from '../ship/shipper.js';
import type { SlackMessage } from '../slack/message.js';
import { renderForTerminal } from '../slack/render.js';
import type { Stack } from '../stack/stack.js';
import { startStack } from '../stack/up.js';
import { bytes, count, dollars, type Screen } from '../terminal/screen.js';
import { demoQueries } from './queries.js';
import { loadSamples, type Sample } from './samples.js';

type Delivered = StackEvents['delivered'][0];

/**
 * The whole pipeline on sample logs: ships them to a local stack, and shows what became of them.
 *
 * @returns the stack, still running; stop it, and its data folder is gone
 */
export async function runDemo(screen: Screen): Promise<Stack> {
  const started = performance.now();
  screen.title('firesplit demo', "a web shop's logs through the whole pipeline, on this machine");
  const data = await mkdtemp(join(tmpdir(), 'firesplit-demo-'));
  const stack = await startStack({ data, port: 0, tlsPort: 0, consolePort: 0, flush: 1 });
  const demo = { ...stack, stop: () => stack.stop().finally(() => rm(data, { recursive: true, force: true })) };
  const delivered: Delivered[] = [];
  const messages: SlackMessage[] = [];
  stack.events.on('delivered', (object) => delivered.push(object));
  stack.events.on('alert', (message) => messages.push(message));
  try {
    const samples = await loadSamples(Date.now());
    const shipped = await shipSamples(samples, stack, screen);
    await stack.flush();
    await showSplit(samples, delivered, stack, screen);
    showAlerts(messages, screen);
    await showQueries(stack, screen);
    showBill(samples, shipped, screen);
    screen.note(`Done in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  } catch (error) {
    await demo.stop();
    throw error;
  }
  return demo;
}

async function shipSamples(samples: readonly Sample[], stack: Stack, screen: Screen): Promise<Shipped[]> {
  const lines = samples.reduce((sum, sample) => sum + sample.lines.length, 0);
  screen.step(
    'ship',
    `${count(lines)} lines of ${samples.length} programs, as Fluent Bit sends them: aggregated, gzipped`,
  );
  const shipped: Shipped[] = [];
  for (const sample of samples) {
    shipped.push(
      await ship(
        sample.lines.map((line) => fireLensRecord(line)),
        { endpoint: stack.urls.firehose, stream: stack.stream },
      ),
    );
  }
  screen.table(
    ['container', 'writes', 'lines', 'as JSON', 'on the wire'],
    samples.map(({ service, format, lines }, index) => [
      service,
      format,
      count(lines.length),
      bytes(shipped[index]?.bytes ?? 0),
      bytes(shipped[index]?.sent ?? 0),
    ]),
  );
  return shipped;
}

async function showSplit(
  samples: readonly Sample[],
  delivered: readonly Delivered[],
  stack: Stack,
  screen: Screen,
): Promise<void> {
  const objects = new Map<string, { bytes: number; objects: number }>();
  for (const { key, bytes } of delivered) {
    const prefix = key.slice(0, key.lastIndexOf('/') + 1);
    const before = objects.get(prefix) ?? { bytes: 0, objects: 0 };
    objects.set(prefix, { bytes: before.bytes + bytes, objects: before.objects + 1 });
  }
  const database = await openDatabase(stack.data);
  // A line of JSON holds its whole stack; of the others, each line of a stack was one of the log.
  const printers = samples
    .filter(({ lines: [first] }) => !first?.log.startsWith('{'))
    .map(({ lines: [first] }) => `'${first?.service}'`)
    .join(', ');
  const { rows } = await database.query(
    ['access', 'error', 'app']
      .map((type) => {
        const lines = type === 'access' ? '1' : `CASE WHEN service IN (${printers}) THEN ${linesOfEntry} ELSE 1 END`;
        return `SELECT 'logs/type=' || type || '/arrived=' || arrived || '/' AS prefix, count(*) AS n, sum(${lines}) AS lines FROM ${type} GROUP BY 1`;
      })
      .join(' UNION ALL '),
  );
  database.close();
  screen.step('split', `one stream, ${count(objects.size)} prefixes in S3, each line where its type belongs`);
  screen.table(
    ['prefix', 'rows', 'objects', 'gzipped'],
    rows.map(([prefix, n]) => {
      const stored = objects.get(String(prefix));
      return [String(prefix), count(Number(n)), count(stored?.objects ?? 0), bytes(stored?.bytes ?? 0)];
    }),
  );
  const lines = samples.flatMap((sample) => sample.lines);
  const blank = lines.filter(({ log }) => log.trim() === '').length;
  const stored = rows.reduce((sum, [, n]) => sum + Number(n), 0);
  const joined = rows.reduce((sum, [, n, of]) => sum + Number(of) - Number(n), 0);
  const missing = lines.length - blank - stored - joined;
  if (missing !== 0)
    throw new Error(`${missing} of ${lines.length} lines are not in S3; that is a bug, please report it`);
  screen.note(
    `${count(lines.length)} lines in = ${count(stored)} rows + ${count(joined)} lines that continue an entry + ${count(blank)} blank lines.`,
  );
}

function showAlerts(messages: readonly SlackMessage[], screen: Screen): void {
  screen.step(
    'alert',
    `Slack got ${counted(messages.length, 'message')}, ${messages.length === 1 ? 'this' : 'the loudest first'}:`,
  );
  // The loudest first: an alert's headline starts with the sign of its severity.
  const [first, ...others] = [...messages].sort((a, b) => loudness(b) - loudness(a));
  if (first) screen.block(renderForTerminal(first, { columns: screen.width, color: screen.color }));
  for (const { text } of others) screen.bullet(text.split('\n')[0] ?? '');
}

function loudness({ text }: SlackMessage): number {
  return severities.findIndex((severity) => text.toLowerCase().includes(severity));
}

async function showQueries(stack: Stack, screen: Screen): Promise<void> {
  screen.step('query', 'the SQL that Athena will run in the cloud, run on the same files');
  const database = await openDatabase(stack.data);
  for (const { question, sql } of demoQueries) {
    screen.question(question, sql);
    let table = '';
    for await (const lines of printed(await database.ask(sql), 'table', screen.width)) table += lines;
    screen.block(table.trimEnd());
  }
  database.close();
}

function showBill(samples: readonly Sample[], shipped: readonly Shipped[], screen: Screen): void {
  screen.step('bill', 'what Firehose counts for this traffic, and what that makes for 1 TB of log records a month');
  const raw = shipped.reduce((sum, { bytes }) => sum + bytes, 0);
  const records = samples.flatMap(({ lines }) => lines.map((line) => Buffer.byteLength(fireLensRecord(line))));
  const plain = records.reduce((sum, size) => sum + billedBytes(size), 0);
  const aggregated = shipped.reduce((sum, { billed }) => sum + billed, 0);
  const perTb = (billed: number) => dollars((billed / raw) * 1024 * prices.firehoseIngestPerGb);
  screen.table(
    ['', 'records', 'billed', 'for 1 TB'],
    [
      ['one line a record', count(records.length), bytes(plain), perTb(plain)],
      [
        'aggregated and gzipped',
        count(shipped.reduce((sum, each) => sum + each.records, 0)),
        bytes(aggregated),
        perTb(aggregated),
      ],
    ],
  );
  screen.note(
    `${Math.round(plain / aggregated)} times less. Every record is billed as a multiple of 5 KB at $${prices.firehoseIngestPerGb} a GB.`,
  );
}

/** Lines of an entry: those of its stack, and those of its message unless the stack begins with it. */
const linesOfEntry = `${linesIn('stack')} + CASE WHEN strpos(coalesce(stack, ''), message) > 0 THEN 0 ELSE ${linesIn('message')} END`;

/** SQL for the lines of a column that are not blank. */
function linesIn(column: string): string {
  return `cardinality(filter(split(coalesce(${column}, ''), chr(10)), line -> trim(line) <> ''))`;
}
