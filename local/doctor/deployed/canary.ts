import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { layout } from '../../../shared/compact/layout.js';
import { arrivedHour } from '../../../shared/line/partition.js';
import { bytesText } from '../../../shared/text/wording.js';
import { fireLensRecord } from '../../ship/collector.js';
import type { Examination, Finding } from '../finding.js';
import { type Looked, unseen } from './look.js';
import type { DeployedStage, StoredObject } from './stage.js';

/** The container that the line says to be of. */
const canaryService = 'firesplit-doctor';

/** Where the line goes, and how long it is waited for. */
interface CanaryRoute {
  readonly stream: string;
  readonly bucket: string;
  /** How long the stream and its transformation collect lines, together; ms. */
  readonly buffering: number;
  /** What the line is told by: letters and digits, new for every line. */
  readonly run: string;
  /** Between two looks at the bucket; ms. */
  readonly pause: number;
  /** Beside what the buffers take by themselves; ms. */
  readonly patience: number;
}

/** Bytes of landed objects that are looked through for the line, at most: an hour of a busy stream is many GB. */
const maxSearched = 256 * 1024 ** 2;

/** A line through the stage, hop by hop: accepted by Firehose, written to S3, a row of Athena. Each is an examination that says how long it took. */
export async function sendCanary(deployed: DeployedStage, route: CanaryRoute): Promise<Examination[]> {
  const started = Date.now();
  const message = `firesplit doctor canary ${route.run}`;
  const since = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  const hops: Examination[] = [];
  /** @returns whether the line has got there */
  const hop = async (name: string, asked: { place: string; permission: string }, take: () => Promise<Looked>) => {
    const looked = await take().catch((error): Looked => ({ about: '', findings: [unseen(asked, error)] }));
    hops.push({ name, ...looked });
    return looked.findings.length === 0;
  };

  const stream = { place: `stream ${route.stream}`, permission: 'firehose:PutRecord' };
  const sent = await hop('canary:put', stream, async () => {
    const line = JSON.stringify({ level: 'info', message });
    await deployed.put(
      route.stream,
      Buffer.from(fireLensRecord({ service: canaryService, source: 'stdout', log: line })),
    );
    return { about: `"${message}" accepted after ${since()}`, findings: [] };
  });
  if (!sent) return hops;

  const bucket = { place: `bucket ${route.bucket}`, permission: 's3:ListBucket and s3:GetObject' };
  await hop('canary:object', bucket, async () => {
    const found = await landed(deployed, route, { message, started });
    if ('key' in found) return { about: `in s3://${route.bucket}/${found.key} after ${since()}`, findings: [] };
    return { about: '', findings: [{ place: bucket.place, ...found }] };
  });
  // Compaction and the views show the row wherever the object is, so it is asked for even when that was not found.
  const athena = { place: 'view app', permission: 'athena:StartQueryExecution and what ReaderPolicy allows' };
  await hop('canary:row', athena, async () => {
    const rows = await deployed.ask(rowQuery(message, started), AbortSignal.timeout(route.patience));
    if (rows.length > 0) return { about: `a row of app after ${since()}`, findings: [] };
    const problem = `Athena has no row of "${message}" after ${since()}`;
    const remedy = 'is its object there? Then look at the tables and the view: deploy again';
    return { about: '', findings: [{ result: 'fail', place: athena.place, problem, remedy }] };
  });
  return hops;
}

type NotFound = Pick<Finding, 'result' | 'problem' | 'remedy'>;

/** Waits for the object with the line; Firehose tells nobody when it writes one. */
async function landed(
  deployed: DeployedStage,
  { bucket, buffering, pause, patience }: CanaryRoute,
  { message, started }: { readonly message: string; readonly started: number },
): Promise<StoredObject | NotFound> {
  // Firehose may take up to one and a half times as long as its buffers say.
  const deadline = started + 1.5 * buffering + patience;
  const seen = new Set<string>();
  let searched = 0;
  for (;;) {
    const isLast = Date.now() >= deadline;
    // An object is of the hour of its oldest line, which the buffers may have held before ours.
    const hours = new Set([started - buffering, started, Date.now()].map(arrivedHour));
    for (const hour of hours) {
      for (const object of await deployed.objects(bucket, `${layout.landed('app')}${hour}/`)) {
        // S3 keeps seconds, and this clock may be ahead of its.
        if (seen.has(object.key) || object.writtenAt < started - 60_000) continue;
        searched += object.bytes;
        if (searched > maxSearched) return tooMuch;
        seen.add(object.key);
        const data = await deployed.object(bucket, object.key);
        if (data && (await hasText(data, message))) return object;
      }
    }
    if (isLast) {
      return {
        result: 'fail',
        problem: `no object under ${layout.landed('app')} has the line ${Math.round((Date.now() - started) / 1000)} s after it was accepted`,
        remedy: `look under failed/ and at the alarms of the stream and the transform; a configuration that drops or samples ${canaryService} keeps it away as well`,
      };
    }
    await delay(Math.min(pause, Math.max(1, deadline - Date.now())));
  }
}

const tooMuch: NotFound = {
  result: 'unknown',
  problem: `the stage writes too much to look through: ${bytesText(maxSearched)} of objects did not have the line`,
  remedy: 'see whether its row is found',
};

/** Piece by piece: a landed object may unpack to more than memory has. */
async function hasText(gzipped: Uint8Array, text: string): Promise<boolean> {
  const unpacked = Readable.from([gzipped]).pipe(createGunzip());
  let end = Buffer.alloc(0);
  for await (const piece of unpacked) {
    const part = Buffer.concat([end, piece as Buffer]);
    if (part.includes(text)) return true;
    // The text may go on in the next piece.
    end = part.subarray(-text.length);
  }
  return false;
}

/** By day, hour and arrival, so that Athena reads those alone. */
function rowQuery(message: string, started: number): string {
  const times = [started - 60_000, Date.now()].map((time) => new Date(time).toISOString());
  const [days, hours] = [times.map((time) => time.slice(0, 10)), times.map((time) => time.slice(11, 13))];
  const list = (values: readonly string[]) => [...new Set(values)].map((value) => `'${value}'`).join(', ');
  return `SELECT message FROM app WHERE dt IN (${list(days)}) AND hour IN (${list(hours)}) AND arrived >= '${arrivedHour(started - 3_600_000)}' AND service = '${canaryService}' AND message = '${message}'`;
}
