import { prices } from '../../shared/prices.js';
import type { Corpus } from './corpus.js';
import { recordsOf, type Transform } from './invocation.js';
import { measure } from './measure.js';

/** What a gzip level costs for each TB (1,024 GB of 2^30 bytes) of raw lines, in US dollars. */
export interface GzipLevelResult {
  readonly level: number;
  readonly cpuPerGb: number;
  /** Stored bytes by raw bytes. */
  readonly stored: number;
  readonly lambda: { readonly x86_64: number; readonly arm64: number };
  readonly partitioning: number;
  /** For as long as what landed is kept beside the Parquet that is made of it. */
  readonly storage: number;
  /** Read once by a query, while it is not Parquet yet. */
  readonly queries: number;
  /** On arm64, which infra deploys. */
  readonly total: number;
}

export async function measureGzipLevels(
  corpus: Corpus,
  transform: Transform,
  levels: readonly number[],
  runs: number,
): Promise<GzipLevelResult[]> {
  const records = recordsOf(corpus);
  const outputs = new Map<number, number>();
  const candidates = levels.map((level) => [
    `level ${level}`,
    async () => {
      const groups = await transform.run(records, level);
      outputs.set(
        level,
        groups.reduce((sum, { bytes }) => sum + bytes, 0),
      );
    },
  ]);
  const costs = await measure(Object.fromEntries(candidates), runs);
  return levels.map((level) => {
    const cpuPerGb = (costs[`level ${level}`]?.cpu ?? Number.NaN) / 1000 / (corpus.rawBytes / GB);
    return { level, cpuPerGb, ...bill(cpuPerGb, (outputs.get(level) ?? Number.NaN) / corpus.rawBytes) };
  });
}

const GB = 2 ** 30;
const GB_PER_TB = 1024;
const LANDED_DAYS = 14;
/** infra/functions.yml: one vCPU, so that a second of CPU is a second of the function. */
const MEMORY_GB = 1769 / 1024;

function bill(cpuPerGb: number, stored: number): Omit<GzipLevelResult, 'level' | 'cpuPerGb'> {
  const gbSeconds = cpuPerGb * GB_PER_TB * MEMORY_GB;
  const lambda = {
    x86_64: gbSeconds * prices.lambdaPerGbSecond.x86_64,
    arm64: gbSeconds * prices.lambdaPerGbSecond.arm64,
  };
  const partitioning = stored * GB_PER_TB * prices.firehosePartitioningPerGb;
  const storage = stored * GB_PER_TB * prices.s3PerGbMonth * (LANDED_DAYS / 30);
  const queries = (stored * GB_PER_TB * prices.athenaPerTb) / GB_PER_TB;
  return { stored, lambda, partitioning, storage, queries, total: lambda.arm64 + partitioning + storage + queries };
}
