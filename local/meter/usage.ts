/** What AWS would bill for, counted as it counts. */
export interface Usage {
  /** When the counting began, ms since the epoch, and for how many ms of the time since then the stack was up. */
  readonly since: number;
  upMs: number;
  readonly streams: { [name: string]: StreamUsage };
  readonly partitioning: { bytes: number; objects: number };
  /** Objects that Firehose wrote, partitioned or not. */
  objects: number;
  readonly functions: { [name: string]: FunctionUsage };
  readonly requests: { s3: number; s3Gets: number; sqs: number; dynamodb: number };
  /** Bytes that were written, and days that they are kept from then on. */
  readonly stored: { readonly [kind in StoredKind]: { bytes: number; days: number } };
}

/** Objects of JSON lines, Parquet, and the identities by which compaction knows repeated lines. */
export const storedKinds = ['landed', 'parquet', 'indexes'] as const;
export type StoredKind = (typeof storedKinds)[number];

export type KeptDays = { readonly [kind in StoredKind]: number };

/** What is told of an object's storage by its key; undefined for state and failures, which are small or rare. */
export function storedKind(key: string): StoredKind | undefined {
  if (key.startsWith('logs/')) return 'landed';
  if (key.startsWith('parquet/')) return 'parquet';
  return key.startsWith('compact/index/') ? 'indexes' : undefined;
}

/** Records of a stream, those that the transform put back among them. */
export interface StreamUsage {
  records: number;
  bytes: number;
  /** Each record rounded up to 5 KB. */
  billedBytes: number;
  /** Bytes of those records that came from outside. */
  clientBytes: number;
  /** The lines in as many of these as were looked into. */
  readonly lines: LineUsage;
}

/** Records that were looked into, and what their lines would be billed as if each were a record. */
export interface LineUsage {
  /** Of the records as they were sent. */
  sentBytes: number;
  lines: number;
  /** Of the lines, inflated. */
  rawBytes: number;
  billedBytes: number;
}

export interface FunctionUsage {
  invocations: number;
  gbSeconds: number;
}

/** Counts from zero on. Names are free, `__proto__` too: hence objects without a prototype. */
export function newUsage(since: number, kept: KeptDays): Usage {
  return {
    since,
    upMs: 0,
    streams: Object.create(null),
    partitioning: { bytes: 0, objects: 0 },
    objects: 0,
    functions: Object.create(null),
    requests: { s3: 0, s3Gets: 0, sqs: 0, dynamodb: 0 },
    stored: {
      landed: { bytes: 0, days: kept.landed },
      parquet: { bytes: 0, days: kept.parquet },
      indexes: { bytes: 0, days: kept.indexes },
    },
  };
}

/** The stream's counts in `usage`, from zero on when it is new. */
export function streamUsage(usage: Usage, name: string): StreamUsage {
  usage.streams[name] ??= {
    records: 0,
    bytes: 0,
    billedBytes: 0,
    clientBytes: 0,
    lines: { sentBytes: 0, lines: 0, rawBytes: 0, billedBytes: 0 },
  };
  return usage.streams[name];
}

/** The function's counts in `usage`, from zero on when it is new. */
export function functionUsage(usage: Usage, name: string): FunctionUsage {
  usage.functions[name] ??= { invocations: 0, gbSeconds: 0 };
  return usage.functions[name];
}
