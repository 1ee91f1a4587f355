/**
 * What the model takes from measurements: each with the command that makes it, on the machine that docs/performance.md names.
 * Bytes and seconds, unless the name says otherwise.
 */

import { sqs } from '../limits.js';

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

/** The same: what is stored for a raw byte, by raw bytes of the transform's invocation. */
export const landedPerRaw: Curve = [
  [63_411, 0.2046],
  [257_021, 0.1397],
  [988_529, 0.1172],
  [3_992_295, 0.1089],
  [15_891_725, 0.1045],
];

/** The same: the transform's CPU for each GB of raw lines, by raw bytes of its invocation. */
export const transformCpuPerGb: Curve = [
  [63_411, 94],
  [257_021, 56.2],
  [988_529, 47.5],
  [3_992_295, 38.7],
  [15_891_725, 41.7],
];

/** Fluent Bit's aggregates are of this many raw bytes, a megabyte with the envelopes of lines of 245 bytes. */
export const aggregateBytes = 434_000;

/** `npm run bench -- --storage`, ten million access lines: taken for all types. */
export const parquetPerLanded = 0.413;
export const indexPerLanded = 0.0008;
/** The same: the CPU of a worker for a landed GB, and the landed bytes of the largest manifests. */
export const compactionCpuPerLandedGb = 513;
export const manifestBytes = 38 * 2 ** 20;
/** The same: requests of a manifest beside a GET of each of its objects, and of a worker that finds nothing to do. */
export const manifestRequests = { puts: 13.3, gets: 7.3 } as const;
export const idleWorker = { cpu: 0.05, puts: 3, gets: 3 } as const;
/** The same: what a question about a day reads of its Parquet, as a part of the day's landed bytes: the mean of five. */
export const questionReads = 0.028;

/** `npm run bench:forward`: for each GB of entries. */
export const forwarding = { cpuPerGb: 45.6, requestsPerGb: 1670, wirePerByte: 0.162, answer: 0.2 } as const;
/** Entries of a GB of raw lines: `npm run bench -- --storage`, as JSON. */
export const entriesPerRaw = 2.2;

/**
 * `npm run bench -- --scale`, of each service in an invocation of alert: the rules with lines of it, the units that are read of the table, and
 * those that are written to it and its index for the service, by the lines that the invocation has of it; bytes of a rule's signal.
 */
export const alertPath = { keysPerService: 5.8, readsPerService: 0.1, bytesPerKey: 350 } as const;
export const writesPerService: Curve = [
  [28, 2.01],
  [112, 2.01],
  [280, 3.02],
  [2800, 3.04],
];
/** That a batch is begun, and that it is done with: shared/alerts/batchLedger.ts. */
export const writesPerBatch = 2;
/** The same: a key that messages hold together, once for all of them. */
export const alertCpu = { perKey: 0.0005, perInvocation: 0.005 } as const;
/** The same: a message of signals that is larger than what is billed together is sent compressed, as such a part. */
const compressedSignals = 1 / 12;

/** Bytes of a message of the signal queue whose JSON has so many. */
export function sentBytes(json: number): number {
  return json > sqs.billedTogether ? json * compressedSignals : json;
}

/** docs/no-loss.md: the state of the rule `lines-lost`, within a KB; its place on the agenda does not move. */
export const writesPerCanary = 1;

/**
 * Bytes of CloudWatch logs: Lambda's START, END and REPORT with 26 bytes that each event is billed besides; a line of metrics of a
 * function, and of one service.
 */
export const logBytes = { invocation: 370, metricLine: 1500, serviceLine: 400 } as const;
