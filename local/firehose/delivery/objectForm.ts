import { randomUUID } from 'node:crypto';
import { evaluatePrefix, type PrefixExpression } from '../dates/prefix.js';
import { compileTimestampPattern } from '../dates/timestampPattern.js';
import type { Output } from '../stream/entry.js';
import { type BufferHints, type Compression, lambdaOf, type StreamConfig } from '../stream/streamConfig.js';
import { compress, contentEncoding } from './compression.js';

/** What a stream's configuration says about the objects of one kind. */
export interface ObjectForm {
  readonly bucket: string;
  /** Begins the objects' names: stream and version. */
  readonly name: string;
  readonly version: number;
  readonly timeZone: string;
  readonly hints: BufferHints;
  readonly compression: Compression;
  readonly extension: string;
  /** Whether dynamic partitioning chooses the prefixes. */
  readonly partitioned: boolean;
  /** Between the records of an object. */
  readonly delimiter: '' | '\n';
  /** When to give up on a partition that can't be written; never when left out. */
  readonly retry?: Retry;
}

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_RetryOptions.html */
export interface Retry {
  /** Milliseconds from the first failure. */
  readonly duration: number;
  /** Where it goes then. */
  readonly errorPrefix: PrefixExpression;
  readonly lambdaArn: string | undefined;
}

/** What is joined to one object. */
interface Contents {
  readonly kind: Output['kind'];
  readonly prefix: string;
  readonly outputs: readonly Output[];
  readonly form: ObjectForm;
}

/** The objects of what was processed. */
export function deliveredForm(config: StreamConfig): ObjectForm {
  const { name, version, timeZone, hints, compression, extension, processors, partitioning, destination } = config;
  const delimiter = processors.some(({ kind }) => kind === 'appendDelimiter') ? '\n' : '';
  const form = { bucket: bucketName(destination.BucketARN), name: `${name}-${version}`, version, timeZone };
  if (partitioning === undefined) return { ...form, hints, compression, extension, delimiter, partitioned: false };
  const retry = {
    duration: partitioning.retrySeconds * 1000,
    errorPrefix: config.errorPrefix,
    lambdaArn: lambdaOf(config)?.arn,
  };
  return { ...form, hints, compression, extension, delimiter, partitioned: true, retry };
}

/** The objects of source records; undefined when there is no backup. */
export function backupForm(config: StreamConfig): ObjectForm | undefined {
  const { name, version, timeZone, backup, destination } = config;
  if (backup === undefined) return undefined;
  const { hints, compression, extension } = backup;
  const own = destination.S3BackupConfiguration;
  const arn = own !== null && typeof own === 'object' && 'BucketARN' in own ? own.BucketARN : destination.BucketARN;
  const form = { bucket: bucketName(arn), name: `${name}-${version}`, version, timeZone };
  return { ...form, hints, compression, extension, delimiter: '', partitioned: false };
}

/** `arn:aws:s3:::name` → `name` */
function bucketName(arn: unknown): string {
  return String(arn).slice(String(arn).lastIndexOf(':') + 1);
}

/** Error objects are lines of JSON, whatever form the others have. */
const plain = { compression: 'UNCOMPRESSED', extension: '', delimiter: '' } as const;

/** `<prefix><stream>-<version>-<time of the oldest record>-<uuid><extension>` */
export function objectKey({ kind, prefix, outputs, form }: Contents): string {
  const { extension } = kind === 'failure' ? plain : form;
  const oldest = outputs.reduce((least, output) => Math.min(least, output.arrival), Number.POSITIVE_INFINITY);
  const time = objectTime(oldest, form.timeZone);
  return `${evaluatePrefix(prefix, oldest, form.timeZone)}${form.name}-${time}-${randomUUID()}${extension}`;
}

const objectTime = compileTimestampPattern('yyyy-MM-dd-HH-mm-ss');

/** The outputs joined and compressed, and the encoding to say so. */
export async function objectBody({ kind, outputs, form }: Contents) {
  const { compression, delimiter } = kind === 'failure' ? plain : form;
  const between = Buffer.from(delimiter);
  const chunks = outputs.flatMap(({ data }, index) => (index === 0 || between.length === 0 ? [data] : [between, data]));
  return { chunks: await compress(chunks, compression), contentEncoding: contentEncoding(compression) };
}
