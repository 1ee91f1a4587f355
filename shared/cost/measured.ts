/**
 * What the model takes from measurements: each with the command that makes it, on the machine that docs/performance.md names.
 * Bytes and seconds, unless the name says otherwise.
 */

/** Points by rising `at`; between two of them the logarithm of `at` tells how near each is. */
export type Curve = readonly (readonly [at: number, value: number])[];

/** `npm run bench -- --packing`: what a router sends for a raw byte, by raw bytes of the record. */
export const sentPerRaw: Curve = [
  [245, 1.5603],
  [698, 0.754],
  [1589, 0.4406],
  [3327, 0.2944],
  [6792, 0.2138],
  [26_720, 0.1382],
  [100_806, 0.1161],
  [260_910, 0.111],
];

/** The same: what is stored for a raw byte, by raw bytes of the transform's invocation, and beside it for each record. */
export const landedPerRaw: Curve = [
  [63_403, 0.17],
  [256_951, 0.137],
  [1_001_106, 0.117],
  [4_001_087, 0.108],
  [16_001_012, 0.106],
];
export const landedPerRecord = 41;

/** The same: the transform's CPU, for each GB of raw lines, record and invocation. */
export const transformCpu = { perGb: 40.2, perRecord: 0.00004, perInvocation: 0.005 } as const;

/** Fluent Bit's aggregates are of this many raw bytes, a megabyte with the envelopes of lines of 245 bytes. */
export const aggregateBytes = 434_000;

/** `npm run bench -- --storage`: of access lines, taken for all types. */
export const parquetPerLanded = 0.413;
export const indexPerLanded = 0.0008;
/** A worker's CPU for a landed GB, and what one that finds nothing takes. */
export const compactionCpuPerLandedGb = 513;
export const idleWorker = { cpu: 0.3, puts: 2, gets: 6 } as const;
/** Requests of a manifest beside the GET of each of its objects. */
export const manifestRequests = { puts: 8, gets: 8 } as const;
/** What a question about a day reads of its Parquet, as a part of the day's landed bytes: the mean of five. */
export const questionReads = 0.03;

/** `npm run bench:forward`: for each GB of entries. */
export const forwarding = { cpuPerGb: 45.6, requestsPerGb: 1670, wirePerByte: 0.162, answer: 0.2 } as const;
/** Entries of a GB of raw lines: `npm run bench -- --storage`, as JSON. */
export const entriesPerRaw = 2.2;

/** What the alert path does in the steady state for each service in a batch of signals, and for each canary. */
export const alertPath = { keysPerService: 5, writesPerService: 18, readsPerService: 0, writesPerCanary: 2 } as const;
export const alertCpu = { perKey: 0.0004, perInvocation: 0.005 } as const;

/** Bytes of CloudWatch logs of an invocation, Lambda's own START, END and REPORT included. */
export const logBytes = { transform: 2600, alert: 1300, sweep: 1300, compact: 1500, forward: 1300 } as const;
