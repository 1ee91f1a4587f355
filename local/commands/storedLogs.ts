import { parseStatedDuration } from '../../shared/text/statedDuration.js';
import { type Bucket, folderBuckets, s3LogsBucket } from '../backtest/buckets.js';
import { s3Client } from '../s3/store/s3Bucket.js';

/** Where commands that read stored lines find them. */
export interface StoredLogs {
  /** Data folder of `firesplit up`. */
  readonly data: string;
  /** A bucket, instead of the data folder. */
  readonly s3?: string;
}

export interface OpenBuckets {
  readonly buckets: readonly Bucket[];
  close(): Promise<void>;
}

/** The buckets that hold the logs, ready to be read. */
export async function openBuckets({ s3, data }: StoredLogs, signal: AbortSignal): Promise<OpenBuckets> {
  if (s3 === undefined) return { buckets: await folderBuckets(data), close: async () => undefined };
  const client = s3Client(process.env.AWS_REGION ?? 'us-east-1', process.env.AWS_ENDPOINT_URL_S3);
  const bucket = s3LogsBucket(s3, client, signal);
  return {
    buckets: [bucket],
    async close() {
      await bucket.close();
      client.destroy();
    },
  };
}

/** @throws Error that says how durations are written */
export function durationOf(option: string, text: string): number {
  const duration = parseStatedDuration(text);
  if (duration !== undefined) return duration;
  throw new Error(`${option} is "${text}"; write a number and s, m, h or d, for example 7d`);
}
