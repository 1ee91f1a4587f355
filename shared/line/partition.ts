import { type LogType, logTypes } from './schema/index.js';

/** What the transform decides of where a row lands. When it landed Firehose adds itself: see {@link landedPrefix}. */
export interface Partition {
  readonly type: LogType;
}

/** `type=access`: how a partition is written in S3 keys and in a put-back record's header. */
export function partitionPath({ type }: Partition): string {
  return `type=${type}`;
}

const path = new RegExp(`^type=(${logTypes.join('|')})$`);

/** Reads what {@link partitionPath} wrote; undefined for anything else. */
export function parsePartitionPath(text: string): Partition | undefined {
  const [, type] = path.exec(text) ?? [];
  return type === undefined ? undefined : { type: type as LogType };
}

/** `logs/type=access/arrived=2026-11-22-16/`: what Firehose makes of the Prefix in infra/resources/firehose.yml. */
export function landedPrefix(partition: Partition, arrived: string): string {
  return `logs/${partitionPath(partition)}/arrived=${arrived}/`;
}

/** `2026-11-22-16`: the hour of an arrival, UTC, as the partition column `arrived` has it. */
export function arrivedHour(arrival: number): string {
  return new Date(arrival).toISOString().slice(0, 13).replace('T', '-');
}
