import { ports, settings } from '../../functions/compact/environment.js';
import { compactType } from '../../shared/compact/compactType.js';
import type { CompactionStore, ListedObject } from '../../shared/compact/ports.js';
import { s3 } from '../../shared/limits.js';
import { MemoryCatalog } from '../helpers/compaction/memoryStore.js';
import { effortOf, type JobSample, type RunSample, type WorkerRequest, type WorkerSample } from './storage/worker.js';

/** Started by storage/worker.ts, for what a worker of compaction takes that has a process of its own, as in Lambda. */
const { now }: WorkerRequest = JSON.parse(process.argv[2] ?? '');
const jobs: JobSample[] = [];
const requests = { get: 0, putOrList: 0 };
const catalog = new MemoryCatalog();
const counted = { ...ports, store: counting(ports.store), engine: measuring(ports.engine), catalog, now: () => now };

const { done, ...whole } = await run();
const { done: nothing, ...idle } = await run();
if (done.result !== 'done' || nothing.manifests > 0)
  throw new Error(`compaction came to ${JSON.stringify([done, nothing])}`);
const sample: WorkerSample = {
  rows: done.rows,
  duplicates: done.duplicates,
  jobs,
  whole,
  idle,
  // `maxRSS` is in kilobytes: https://nodejs.org/api/process.html#processresourceusage
  peakBytes: process.resourceUsage().maxRSS * 1024,
  view: (await catalog.read('access'))?.definition ?? '',
};
console.log(JSON.stringify(sample));

async function run() {
  const before = { ...requests };
  const [done, effort] = await effortOf(() =>
    compactType('access', { id: 'bench', until: Number.MAX_SAFE_INTEGER }, counted, settings),
  );
  const made = { get: requests.get - before.get, putOrList: requests.putOrList - before.putOrList };
  return { done, ...effort, requests: made } satisfies RunSample & { done: unknown };
}

function measuring(engine: typeof ports.engine): typeof ports.engine {
  return {
    async open(job) {
      const [open, opened] = await effortOf(() => engine.open(job));
      return {
        ...open,
        async write(earlier) {
          const [written, wrote] = await effortOf(() => open.write(earlier));
          jobs.push({
            landedBytes: job.objects.reduce((sum, { body }) => sum + body.length, 0),
            objects: job.objects.length,
            cpuMs: opened.cpuMs + wrote.cpuMs,
            elapsedMs: opened.elapsedMs + wrote.elapsedMs,
          });
          return written;
        },
      };
    },
  };
}

/** Removals are not billed: https://aws.amazon.com/s3/pricing/ */
function counting(store: CompactionStore): CompactionStore {
  return {
    async *list(prefix, after) {
      let listed = 0;
      requests.putOrList++;
      for await (const object of store.list(prefix, after)) {
        if (listed > 0 && listed % s3.maxListed === 0) requests.putOrList++;
        listed++;
        yield object satisfies ListedObject;
      }
    },
    get(key, etag) {
      requests.get++;
      return store.get(key, etag);
    },
    create(key, body) {
      requests.putOrList++;
      return store.create(key, body);
    },
    replace(key, body, etag) {
      requests.putOrList++;
      return store.replace(key, body, etag);
    },
    remove: (keys) => store.remove(keys),
  };
}
