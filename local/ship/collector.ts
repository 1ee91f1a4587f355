import { hostname } from 'node:os';
import { firehose } from '../../shared/limits.js';
import { gzipMember } from '../../shared/record/gzip.js';
import { type PacedRecords, pause } from './pauses.js';

/** A line as the container runtime hands it to FireLens. */
export interface ContainerLine {
  readonly service: string;
  readonly source: 'stdout' | 'stderr';
  readonly log: string;
}

/** The record that FireLens makes of a line: one JSON object with a line break. */
export function fireLensRecord({ service, source, log }: ContainerLine, time = new Date()): string {
  return `${JSON.stringify({
    container_id: Buffer.from(service).toString('hex').padEnd(64, '0').slice(0, 64),
    container_name: service,
    source,
    log,
    ecs_cluster: 'local',
    ecs_task_arn: `arn:aws:ecs:us-east-1:000000000000:task/local/${hostname()}`,
    ecs_task_definition: `${service}:1`,
    // Fluent Bit's time_key_format %Y-%m-%dT%H:%M:%S.%9NZ
    time: time.toISOString().replace('Z', '000000Z'),
  })}\n`;
}

/**
 * What Fluent Bit's `simple_aggregation On` and `compression gzip` make of records: lines joined up to 1,024,000
 * bytes or a pause, a blank line at the end where there is room, gzipped.
 */
export async function* aggregate(
  records: PacedRecords,
): AsyncGenerator<{ data: Buffer; lines: number; bytes: number }> {
  let text: string[] = [];
  let bytes = 0;
  for await (const record of records) {
    const size = record === pause ? 0 : Buffer.byteLength(record);
    if ((record === pause || bytes + size > firehose.maxRecordBytes) && text.length > 0) {
      yield await seal(text, bytes);
      text = [];
      bytes = 0;
    }
    if (record === pause) continue;
    text.push(record);
    bytes += size;
  }
  if (text.length > 0) yield await seal(text, bytes);
}

async function seal(text: readonly string[], bytes: number) {
  const room = bytes < firehose.maxRecordBytes;
  const data = await gzipMember(Buffer.from(room ? `${text.join('')}\n` : text.join('')), 6);
  return { data, lines: text.length, bytes };
}
