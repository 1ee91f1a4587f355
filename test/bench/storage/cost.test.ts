import { describe, expect, it } from '@jest/globals';
import { costOfTb, DAYS_OF_MONTH, keepsUpWith, TB } from './cost.js';
import type { StorageResult } from './day.js';
import type { WorkerSample } from './worker.js';

const GB = 2 ** 30;

/** A GB of raw lines that lands as a tenth of it, in 100 objects, and takes 40 s of CPU in 4 manifests. */
function aResult(readBytes: number): StorageResult {
  const worker: WorkerSample = {
    rows: 1e6,
    duplicates: 0,
    jobs: Array.from({ length: 4 }, () => ({ landedBytes: GB / 40, objects: 25, cpuMs: 8000, elapsedMs: 8000 })),
    whole: { cpuMs: 40_000, elapsedMs: 40_000, requests: { get: 120, putOrList: 40 } },
    idle: { cpuMs: 0, elapsedMs: 0, requests: { get: 3, putOrList: 3 } },
    peakBytes: 1e9,
    view: '',
  };
  const answer = { cpuMs: 1, elapsedMs: 1, readBytes };
  return {
    landed: {
      lines: 1e6,
      objects: 100,
      raw: GB,
      json: 2 * GB,
      landed: GB / 10,
      sentPerRaw: 0.1,
      billedPerRaw: 0.11,
      transformCpuPerGb: 30,
    },
    parquet: { objects: 24, bytes: GB / 20 },
    indexes: { objects: 24, bytes: GB / 100 },
    hourly: worker,
    daily: worker,
    questions: [{ name: 'one', before: answer, after: answer }],
  };
}

const deployed = {
  memoryMb: 2048,
  vcpus: 2,
  transformMemoryMb: 1024,
  kept: { landed: 14.6, parquet: 365, indexes: 73 },
};

describe('the cost of a TB', () => {
  it('is what was measured, 1,024 times, at list prices', () => {
    const cost = costOfTb(aResult(GB), TB, deployed);
    expect(cost).toEqual({
      ingestion: expect.closeTo(0.11 * 1024 * 0.029, 6),
      // Three types, an object a minute each.
      partitioning: expect.closeTo(102.4 * 0.02 + 4320 * (0.005 / 1000), 6),
      // By size, and not one each 20 seconds.
      transform: expect.closeTo(30 * 1024 * 0.0000133334 + ((0.1 * TB) / (3 * 2 ** 20)) * 0.2e-6, 6),
      puts: expect.closeTo(4320 * (0.005 / 1000), 6),
      landedStorage: expect.closeTo(102.4 * 0.023 * 0.48, 6),
      // 20 s on two vCPUs of 2 GB, and 4 invocations each five minutes.
      compaction: expect.closeTo(20 * 1024 * 2 * 0.0000133334 + 288 * 4 * 0.2e-6, 6),
      // Of 4,096 manifests: 10 writes and listings each, 5 reads beside the objects; of 864 idle workers 3 and 3.
      compactionRequests: expect.closeTo(
        (40_960 + 2592) * (0.005 / 1000) + (4320 + 20_480 + 2592) * (0.0004 / 1000) + 864 * 3 * 0.4e-6,
        6,
      ),
      identityStorage: expect.closeTo(10.24 * 0.023 * 2.4, 6),
      parquetStorage: expect.closeTo(51.2 * 0.023 * 12, 6),
      // A GB for each of raw lines, and 50 minutes of what landed: 44 times a month.
      queries: expect.closeTo(((1 + (0.1 * 50) / 1440) * 44 * 5) / DAYS_OF_MONTH, 6),
    });
  });

  it('has small streams pay for objects, runs and queries by their number', () => {
    const perDay = TB / 1000;
    const cost = costOfTb(aResult(1), perDay, deployed);
    expect(cost.puts).toBeCloseTo(1000 * 4320 * (0.005 / 1000), 6);
    expect(cost.queries).toBeCloseTo((((10 * 2 ** 20 * 44) / TB) * 5 * TB) / (perDay * DAYS_OF_MONTH), 6);
  });
});

it('keeps up with what it compacts in the time in which it lands', () => {
  const { landedGbPerHour, rawTbPerDay } = keepsUpWith(aResult(1), deployed);
  // A tenth of a GB each 20 s.
  expect(landedGbPerHour).toBeCloseTo(18, 9);
  expect(rawTbPerDay).toBeCloseTo(4320 / 1024, 9);
});
