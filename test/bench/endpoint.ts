import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { parallelInvocations } from '../../local/lambda/parallelism.js';
import { firehose } from '../../shared/limits.js';
import { query, startUp, type Up, withData } from '../helpers/up.js';
import { buildCorpus, type Corpus } from './corpus.js';

/** What the local Firehose takes, as `firesplit up` runs it in a process of its own. */
export interface EndpointResult {
  readonly single: Acknowledged;
  readonly aggregated: Acknowledged;
  readonly slowHandler: SlowHandler;
}

/** Puts that were acknowledged, and are on disk, in each second. */
interface Acknowledged {
  readonly recordsPerSecond: number;
  readonly linesPerSecond: number;
  /** Raw lines, without their FireLens records. */
  readonly mbPerSecond: number;
  readonly throttled: number;
}

/** Puts as fast as they are taken, while every invocation takes ten seconds longer. */
interface SlowHandler {
  readonly seconds: number;
  readonly acknowledged: number;
  readonly throttled: number;
  /** What was put in each second by what the handler could take. */
  readonly timesSlower: number;
  /** Resident set of the process with its functions, while the handler was slow and while the rest was delivered. */
  readonly peakBytes: number;
  readonly drainPeakBytes: number;
  /** Rows that are stored in the end: as many as were acknowledged. */
  readonly delivered: number;
}

export async function measureEndpoint(seconds: number): Promise<EndpointResult> {
  const mix = buildCorpus('mix', 60e6);
  const access = buildCorpus('access', 10e6);
  return {
    single: await measureRate(singleLines(mix), seconds),
    aggregated: await measureRate(aggregates(mix), seconds),
    slowHandler: await measureSlowHandler(singleLines(access)),
  };
}

/** Of the clients, as of so many routers. */
const CONNECTIONS = 4;
const WARM_UP_SECONDS = 2;
/** What a client waits after it was throttled; those of AWS wait longer, and put less. */
const BACKOFF_MS = 50;

async function measureRate(puts: readonly Put[], seconds: number): Promise<Acknowledged> {
  return withData(async (data) => {
    const up = await startUp(data, '--as-aws');
    try {
      await load(up, puts, WARM_UP_SECONDS);
      const { records, lines, rawBytes, throttled, took } = await load(up, puts, seconds);
      return {
        recordsPerSecond: records / took,
        linesPerSecond: lines / took,
        mbPerSecond: rawBytes / took / 1e6,
        throttled,
      };
    } finally {
      await up.kill();
    }
  });
}

async function measureSlowHandler(puts: readonly Put[]): Promise<SlowHandler> {
  return withData(async (data) => {
    const up = await startUp(data, '--flush', '1', '--fault', 'lambda-slow=1');
    const memory = await watchMemory(data);
    const { records, throttled, wireBytes, took } = await load(up, puts, SLOW_SECONDS);
    const rate = wireBytes / took;
    const peakBytes = memory.peak();
    const { console, token } = up.ready;
    await fetch(`${console}/faults`, { method: 'POST', body: '{}', headers: { authorization: `Bearer ${token}` } });
    // Flushes: everything that was acknowledged is transformed and delivered.
    const code = await up.stop();
    const drainPeakBytes = memory.peak();
    memory.stop();
    if (code !== 0) throw new Error(`firesplit up ended with ${code} after a slow handler`);
    const [[delivered = 0] = []] = await query(data, 'select count(*) from access');
    return {
      seconds: took,
      acknowledged: records,
      throttled,
      timesSlower: rate / SLOW_BYTES_PER_SECOND,
      peakBytes,
      drainPeakBytes,
      delivered: Number(delivered),
    };
  });
}

const SLOW_SECONDS = 30;
/** Each invocation has 3 MiB and takes ten seconds longer. */
const SLOW_BYTES_PER_SECOND = (parallelInvocations * 3 * 2 ** 20) / 10;

/** A request that was built beforehand, so that the client costs little of the machine. */
interface Put {
  readonly body: Buffer;
  readonly records: number;
  readonly lines: number;
  readonly rawBytes: number;
  readonly dataBytes: number;
}

/** Each line a record, as without `simple_aggregation`: batches of 500. */
function singleLines(corpus: Corpus): Put[] {
  const lines = corpus.records.flatMap((record) =>
    gunzipSync(Buffer.from(record, 'base64'))
      .toString()
      .split('\n')
      .filter((line) => line !== ''),
  );
  const puts: Put[] = [];
  for (let start = 0; start + firehose.maxBatchRecords <= lines.length; start += firehose.maxBatchRecords) {
    const data = lines.slice(start, start + firehose.maxBatchRecords).map((line) => Buffer.from(`${line}\n`));
    puts.push(
      putOf(
        data.map((each) => each.toString('base64')),
        data.length,
        corpus,
      ),
    );
  }
  return puts;
}

/** One aggregate a request, as Fluent Bit sends them. */
function aggregates(corpus: Corpus): Put[] {
  return corpus.records.map((record) => putOf([record], corpus.lines / corpus.records.length, corpus));
}

function putOf(records: readonly string[], lines: number, corpus: Corpus): Put {
  const body = JSON.stringify({ DeliveryStreamName: 'logs', Records: records.map((Data) => ({ Data })) });
  const dataBytes = records.reduce((sum, data) => sum + Buffer.byteLength(data, 'base64'), 0);
  const rawBytes = (lines * corpus.rawBytes) / corpus.lines;
  return { body: Buffer.from(body), records: records.length, lines, rawBytes, dataBytes };
}

interface Load {
  records: number;
  lines: number;
  rawBytes: number;
  /** Of what was asked to be taken, throttled or not. */
  wireBytes: number;
  throttled: number;
  /** Seconds. */
  readonly took: number;
}

async function load({ ready }: Up, puts: readonly Put[], seconds: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const total = { records: 0, lines: 0, rawBytes: 0, wireBytes: 0, throttled: 0 };
  const started = performance.now();
  const end = started + seconds * 1000;
  let next = 0;
  const client = async () => {
    while (performance.now() < end) {
      const put = puts[next++ % puts.length];
      if (!put) throw new Error('there is nothing to put');
      const refused = await send(ready.firehose, agent, put.body);
      if (refused > 0) await sleep(BACKOFF_MS);
      const taken = 1 - refused / put.records;
      total.records += put.records - refused;
      total.throttled += refused;
      total.lines += put.lines * taken;
      total.rawBytes += put.rawBytes * taken;
      total.wireBytes += put.dataBytes;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  agent.destroy();
  return { ...total, took: (performance.now() - started) / 1000 };
}

/** @returns how many of its records were throttled */
async function send(endpoint: string, agent: Agent, body: Buffer): Promise<number> {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'Firehose_20150804.PutRecordBatch',
    'content-length': body.length,
  };
  const answer = await new Promise<string>((resolve, reject) => {
    request(endpoint, { method: 'POST', agent, headers }, (response) => {
      text(response).then((found) => {
        if (response.statusCode === 200) resolve(found);
        else reject(new Error(`the put was refused: ${response.statusCode} ${found}`));
      }, reject);
    })
      .on('error', reject)
      .end(body);
  });
  const [, failed] = /"FailedPutCount":(\d+)/.exec(answer) ?? [];
  return Number(failed);
}

interface MemoryWatch {
  /** The most, in bytes, since it was last asked. */
  peak(): number;
  stop(): void;
}

/** Watches the resident set of the process that holds the data folder. */
async function watchMemory(data: string): Promise<MemoryWatch> {
  const { pid } = JSON.parse(await readFile(join(data, 'lock'), 'utf8')) as { readonly pid: number };
  let peak = 0;
  const look = async () => {
    // Nothing once it has ended.
    const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]).catch(() => ({
      stdout: '0',
    }));
    peak = Math.max(peak, Number(stdout) * 1024);
  };
  await look();
  const timer = setInterval(look, 200);
  return {
    peak() {
      const most = peak;
      peak = 0;
      return most;
    },
    stop: () => clearInterval(timer),
  };
}
