import { gunzipSync } from 'node:zlib';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { billedBytes } from '../../../local/ship/shipper.js';
import { recordHourOf } from '../../../shared/compact/windows.js';
import { arrivedHour, landedPrefix } from '../../../shared/line/partition.js';
import { formatTimestamp } from '../../../shared/line/timestamp.js';
import { PartitionPool } from '../../../shared/partitions/pool.js';
import { inParallel } from '../../../shared/text/parallel.js';
import { buildCorpus } from '../corpus.js';
import { recordsOf, type Transform } from '../invocation.js';
import { cpuOf } from '../measure.js';

/** A day of access lines as it lands. Bytes. */
export interface Landed {
  readonly lines: number;
  readonly objects: number;
  /** Of the lines as they were logged. */
  readonly raw: number;
  /** Of the rows as JSON, and of the objects that hold them, gzipped. */
  readonly json: number;
  readonly landed: number;
  /** For a byte of raw lines: what collectors send, and what Firehose bills of that. */
  readonly sentPerRaw: number;
  readonly billedPerRaw: number;
  /** Seconds of the transform's CPU for a GB (2^30 bytes) of raw lines: the least of several pieces. */
  readonly transformCpuPerGb: number;
}

/** The day that all lines are of. */
export const dayStart = Date.parse('2026-11-22T00:00:00Z');

export const HOUR = 3_600_000;
const HOURS = 24;
/** As infra/resources/firehose.yml has it: an object each minute, and an invocation each 20 seconds. */
const OBJECTS_OF_HOUR = 60;
const INVOCATIONS_OF_OBJECT = 3;
/** Servers of each of the two kinds. */
const SERVICES_OF_KIND = 10;
/** Objects of an hour whose rows are in memory at a time, with their like of the other hours. */
const OBJECTS_OF_PIECE = 5;

interface Transformed {
  readonly rows: readonly string[];
  readonly raw: number;
  readonly sent: number;
  readonly billed: number;
  readonly cpuMs: number;
}

/**
 * Puts the transform's rows into a bucket as Firehose would have, an object a minute. The hours have the same lines but for times, records and request ids.
 *
 * @param lines a multiple of 1,440, or a few of them are left out
 */
export async function land(
  { client, bucket }: { readonly client: S3Client; readonly bucket: string },
  lines: number,
  transform: Transform,
  gzipLevel: number,
): Promise<Landed> {
  const linesOfObject = Math.floor(lines / HOURS / OBJECTS_OF_HOUR);
  const total = { objects: 0, json: 0, landed: 0, lines: 0, raw: 0, sent: 0, billed: 0 };
  const cpuPerByte: number[] = [];
  const serviceOf = new Map<string, number>();
  let rows: string[] = [];
  let round = 0;
  for (let minute = 0; minute < OBJECTS_OF_HOUR; minute += OBJECTS_OF_PIECE) {
    while (rows.length < linesOfObject * OBJECTS_OF_PIECE) {
      const corpus = buildCorpus('access lines of both kinds', linesOfObject * OBJECTS_OF_PIECE * 270, round);
      round += corpus.rounds;
      const more = await transformed(corpus, transform, gzipLevel);
      cpuPerByte.push(more.cpuMs / more.raw);
      total.lines += more.rows.length;
      total.raw += more.raw;
      total.sent += more.sent;
      total.billed += more.billed;
      rows = rows.concat(more.rows.map((row) => ofService(row, serviceOf)));
    }
    const piece = Array.from({ length: OBJECTS_OF_PIECE }, (_, at) => ({
      minute: minute + at,
      rows: rows.slice(at * linesOfObject, (at + 1) * linesOfObject),
    }));
    rows = rows.slice(OBJECTS_OF_PIECE * linesOfObject);
    const objects = piece.flatMap((each) => Array.from({ length: HOURS }, (_, hour) => ({ ...each, hour })));
    await inParallel(objects, 4, async ({ hour, minute: of, rows: those }) => {
      const start = dayStart + hour * HOUR + (of * HOUR) / OBJECTS_OF_HOUR;
      const { body, json } = await objectOf(those, start, hour, gzipLevel);
      const name = `logs-1-${arrivedHour(start)}-${String(of).padStart(2, '0')}-00-0a1b2c3d.json.gz`;
      const key = `${landedPrefix({ type: 'access' }, arrivedHour(start))}${name}`;
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
      total.objects++;
      total.json += json;
      total.landed += body.length;
    });
  }
  const stored = total.objects * linesOfObject;
  return {
    lines: stored,
    objects: total.objects,
    raw: Math.round((total.raw / total.lines) * stored),
    json: total.json,
    landed: total.landed,
    sentPerRaw: total.sent / total.raw,
    billedPerRaw: total.billed / total.raw,
    transformCpuPerGb: (Math.min(...cpuPerByte) / 1000) * 2 ** 30,
  };
}

async function transformed(
  corpus: ReturnType<typeof buildCorpus>,
  transform: Transform,
  gzipLevel: number,
): Promise<Transformed> {
  const records = corpus.records.map((data) => Buffer.byteLength(data, 'base64'));
  let members: readonly Buffer[] = [];
  const cpuMs = await cpuOf(async () => {
    const groups = await transform.run(recordsOf(corpus), gzipLevel);
    members = groups.filter(({ partition }) => partition.type === 'access').flatMap((group) => group.members);
  });
  return {
    rows: members.flatMap((member) => gunzipSync(member).toString('latin1').split('\n').filter(Boolean)),
    raw: corpus.rawBytes,
    sent: records.reduce((sum, bytes) => sum + bytes, 0),
    billed: records.reduce((sum, bytes) => sum + billedBytes(bytes), 0),
    cpuMs,
  };
}

/** Each record is of one server: ten of each kind in turn. */
function ofService(row: string, serviceOf: Map<string, number>): string {
  const record = /"record":"([^"]*)"/.exec(row)?.[1] ?? '';
  const service = serviceOf.get(record) ?? serviceOf.size % SERVICES_OF_KIND;
  serviceOf.set(record, service);
  return row.replace(/"service":"(\w+)"/, `"service":"$1-${service}"`);
}

/** The object of a minute: what three invocations returned, joined. */
async function objectOf(rows: readonly string[], start: number, hour: number, gzipLevel: number) {
  const members: Buffer[] = [];
  let json = 0;
  const each = Math.ceil(rows.length / INVOCATIONS_OF_OBJECT);
  for (let from = 0; from < rows.length; from += each) {
    const pool = new PartitionPool(gzipLevel);
    for (let at = from; at < Math.min(from + each, rows.length); at++) {
      const time = start + Math.floor((at * HOUR) / OBJECTS_OF_HOUR / rows.length);
      const row = atTime(rows[at] ?? '', time, hour);
      json += row.length + 1;
      pool.add('access', row);
    }
    for (const group of await pool.close()) members.push(...group.members);
  }
  return { body: Buffer.concat(members), json };
}

/** The row at another time, in a record of that hour, with a request id that no other hour has. */
function atTime(row: string, time: number, hour: number): string {
  const rest = row
    .slice(row.indexOf(',"'))
    .replace(/"record":"[0-9a-f]{5}/, `"record":"${recordHourOf(time)}`)
    .replace(/"request_id":"(\w+)"/, (_, id: string) => `"request_id":"${id.slice(hour)}${id.slice(0, hour)}"`);
  return `{"ts":"${formatTimestamp(time)}"${rest}`;
}
