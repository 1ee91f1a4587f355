import type { Resolved } from '../../infra/resolver.js';
import type { PrefixExpression } from '../dates/prefix.js';

/** When a buffer is handed on: at whichever comes first. */
export interface BufferHints {
  readonly bytes: number;
  /** Milliseconds since the buffer's first record; 0 is zero buffering. */
  readonly interval: number;
}

export type Compression = 'UNCOMPRESSED' | 'GZIP' | 'ZIP' | 'Snappy' | 'HADOOP_SNAPPY';

/** An enabled processor: https://docs.aws.amazon.com/firehose/latest/APIReference/API_Processor.html */
export type Processor =
  | { readonly kind: 'decompression' }
  | { readonly kind: 'cloudWatchLogs'; readonly extractMessages: boolean }
  | { readonly kind: 'deaggregation'; readonly subRecords: 'JSON' }
  | { readonly kind: 'deaggregation'; readonly subRecords: 'DELIMITED'; readonly delimiter: Buffer }
  | {
      readonly kind: 'lambda';
      readonly arn: string;
      readonly hints: BufferHints;
      /** Further attempts after a failed first one. */
      readonly retries: number;
    }
  | { readonly kind: 'metadata'; readonly query: string }
  | { readonly kind: 'appendDelimiter' };

export type LambdaProcessor = Extract<Processor, { readonly kind: 'lambda' }>;

/** A stream as its template or CreateDeliveryStream describes it. */
export interface StreamConfig {
  readonly name: string;
  readonly arn: string;
  /** VersionId: 1, and one more with each update. Part of object names. */
  readonly version: number;
  /** Complete: the date that Firehose puts into a prefix without expressions is in it. */
  readonly prefix: PrefixExpression;
  readonly errorPrefix: PrefixExpression;
  /** IANA zone that prefixes and object names are dated in. */
  readonly timeZone: string;
  readonly compression: Compression;
  /** Appended to the names of delivered objects; error objects have none. */
  readonly extension: string;
  readonly hints: BufferHints;
  /** Enabled processors in the order in which Firehose applies them, whatever their order in the template. */
  readonly processors: readonly Processor[];
  /** Set when dynamic partitioning is enabled. */
  readonly partitioning: { readonly retrySeconds: number } | undefined;
  /** S3 backup of source records. */
  readonly backup: BackupConfig | undefined;
  /** ExtendedS3DestinationConfiguration as given, for DescribeDeliveryStream. */
  readonly destination: Properties;
}

export interface BackupConfig {
  readonly prefix: PrefixExpression;
  readonly errorPrefix: PrefixExpression;
  readonly compression: Compression;
  readonly extension: string;
  readonly hints: BufferHints;
}

export type Properties = { readonly [key: string]: Resolved };

/** The stream's transform; undefined when it has none. */
export function lambdaOf({ processors }: Pick<StreamConfig, 'processors'>): LambdaProcessor | undefined {
  return processors.find((processor) => processor.kind === 'lambda');
}

/** Milliseconds after which a line is in its object at the latest, apart from the time that the function takes. */
export function bufferingTime(config: Pick<StreamConfig, 'processors' | 'hints'>): number {
  return (lambdaOf(config)?.hints.interval ?? 0) + config.hints.interval;
}
