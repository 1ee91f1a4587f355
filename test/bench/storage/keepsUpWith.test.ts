import { expect, it } from '@jest/globals';
import type { StorageResult } from './day.js';
import { keepsUpWith } from './keepsUpWith.js';
import type { WorkerSample } from './worker.js';

const GB = 2 ** 30;

/** A GB of raw lines that lands as a tenth of it, in 100 objects, and takes 40 s of CPU in 4 manifests. */
function aResult(): StorageResult {
  const worker: WorkerSample = {
    rows: 1e6,
    duplicates: 0,
    jobs: Array.from({ length: 4 }, () => ({ landedBytes: GB / 40, objects: 25, cpuMs: 8000, elapsedMs: 8000 })),
    whole: { cpuMs: 40_000, elapsedMs: 40_000, requests: { get: 120, putOrList: 40 } },
    idle: { cpuMs: 0, elapsedMs: 0, requests: { get: 3, putOrList: 3 } },
    peakBytes: 1e9,
    view: '',
  };
  const answer = { cpuMs: 1, elapsedMs: 1, readBytes: 1 };
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

it('keeps up with what it compacts in the time in which it lands', () => {
  const { landedGbPerHour, rawTbPerDay } = keepsUpWith(aResult(), { vcpus: 2 });
  // A tenth of a GB each 20 s.
  expect(landedGbPerHour).toBeCloseTo(18, 9);
  expect(rawTbPerDay).toBeCloseTo(4320 / 1024, 9);
});
