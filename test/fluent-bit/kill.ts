import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { freePort } from '../helpers/freePort.js';
import { query, startUp, type Up, withData } from '../helpers/up.js';

// The client warns on Node 20, which the project supports; nobody who runs this can act on it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/**
 * `npm run fluent-bit -- --fluent-bit PATH`: a real Fluent Bit sends numbered lines over TLS while `firesplit up` is
 * killed and started again. docs/fluent-bit-local.md says what the table means.
 */
const { values: options } = parseArgs({
  options: {
    'fluent-bit': { type: 'string', default: 'fluent-bit' },
    lines: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '5' },
  },
});
const lines = Number(options.lines);
const kills = Number(options.kills);
/** How long writing the lines takes; the kills fall within. */
const LINES_MS = 15_000;

const modes = {
  plain: '',
  gzip: 'compression gzip',
  aggregated: 'simple_aggregation On',
  'aggregated, gzip': 'simple_aggregation On\n    compression gzip',
} as const;

interface Survived {
  readonly arrived: number;
  readonly twice: number;
  /** Lines of the chunks that Fluent Bit sent again. */
  readonly retried: number;
  readonly discarded: number;
}

const table = new Table({
  head: ['mode', 'lines', 'arrived', 'lost', 'arrived twice', 'sent again', 'kills'],
  style: { head: [], border: [], compact: true },
});
let isGood = true;
for (const [mode, settings] of Object.entries(modes)) {
  const { arrived, twice, retried, discarded } = await withData((folder) => survive(folder, settings));
  const lost = lines - arrived;
  isGood &&= lost === 0 && discarded === 0 && twice <= retried;
  table.push([mode, lines, arrived, lost, twice, retried, kills]);
}
console.log(table.toString());
process.exitCode = isGood ? 0 : 1;

async function survive(folder: string, settings: string): Promise<Survived> {
  const data = join(folder, 'data');
  let up: Up = await startUp(data, '--flush', '1');
  const port = new URL(up.ready.firehoseTls).port;
  const metricsPort = await freePort();
  const log = join(folder, 'app.log');
  await writeFile(log, '');
  const router = await startFluentBit(folder, {
    settings,
    log,
    port,
    metricsPort,
    ca: up.ready.ca,
    stream: up.ready.stream,
  });
  try {
    const writing = writeLines(log);
    for (let kill = 0; kill < kills; kill++) {
      await pause(LINES_MS / (kills + 1));
      await up.kill();
      up = await startUp(data, '--flush', '1', '--tls-port', port);
    }
    await writing;
    const delivered = await untilDelivered(metricsPort);
    await up.stop();
    const [[arrived = 0, rows = 0] = []] = await query(data, 'select count(distinct message), count(*) from app');
    return { arrived: Number(arrived), twice: Number(rows) - Number(arrived), ...delivered };
  } finally {
    const exited = router.exitCode === null ? once(router, 'exit') : undefined;
    router.kill('SIGKILL');
    await exited;
  }
}

async function writeLines(log: string): Promise<void> {
  const steps = 100;
  for (let step = 0, next = 1; step < steps; step++) {
    let text = '';
    for (; next <= ((step + 1) * lines) / steps; next++)
      text += `worker: item n=${String(next).padStart(8, '0')} done\n`;
    await appendFile(log, text);
    await pause(LINES_MS / steps);
  }
}

interface Router {
  readonly settings: string;
  readonly log: string;
  readonly port: string;
  readonly metricsPort: number;
  readonly ca: string;
  readonly stream: string;
}

/** The output is that of infra/fluent-bit/extra.conf, with the local endpoint and short retries. */
async function startFluentBit(
  folder: string,
  { settings, log, port, metricsPort, ca, stream }: Router,
): Promise<ChildProcess> {
  const file = join(folder, 'fluent-bit.conf');
  await mkdir(join(folder, 'storage'));
  await writeFile(
    file,
    `[SERVICE]
    Flush           1
    Grace           5
    Log_Level       warn
    scheduler.base  1
    scheduler.cap   2
    storage.path    ${join(folder, 'storage')}
    HTTP_Server     On
    HTTP_Listen     127.0.0.1
    HTTP_Port       ${metricsPort}
[INPUT]
    Name            tail
    Tag             worker-firelens-1
    Path            ${log}
    Key             log
    Read_from_Head  On
    Refresh_Interval 1
    storage.type    filesystem
[FILTER]
    Name            record_modifier
    Match           *
    Record          container_name worker
    Record          source stdout
    Record          ecs_cluster local
[OUTPUT]
    Name            kinesis_firehose
    Match           *
    region          us-east-1
    delivery_stream ${stream}
    endpoint        localhost
    port            ${port}
    tls.ca_file     ${ca}
    time_key        time
    time_key_format %Y-%m-%dT%H:%M:%S.%9NZ
    Retry_Limit     no_limits
    ${settings}
`,
  );
  const child = spawn(options['fluent-bit'], ['-c', file], {
    env: { ...process.env, AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr?.on('data', (chunk) => {
    complaints += chunk;
  });
  child.once('error', (error) => {
    throw new Error(`${options['fluent-bit']} can't be started: ${error.message}. Name it with --fluent-bit PATH.`);
  });
  child.once('exit', (code) => {
    if (code !== null) throw new Error(`Fluent Bit ended with code ${code}:\n${complaints}`);
  });
  return child;
}

/** Waits until every line was acknowledged; Fluent Bit counts them. */
async function untilDelivered(metricsPort: number): Promise<{ retried: number; discarded: number }> {
  for (;;) {
    const output = await outputMetrics(metricsPort);
    if (output && output.proc_records + output.dropped_records >= lines) {
      return { retried: output.retried_records, discarded: output.dropped_records };
    }
    await pause(200);
  }
}

interface OutputMetrics {
  readonly proc_records: number;
  readonly retried_records: number;
  readonly dropped_records: number;
}

async function outputMetrics(port: number): Promise<OutputMetrics | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/metrics`).catch(() => undefined);
  if (!response?.ok) return undefined;
  const { output } = (await response.json()) as { output: Record<string, OutputMetrics> };
  return output['kinesis_firehose.0'];
}
