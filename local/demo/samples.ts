import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../infra/project.js';
import type { ContainerLine } from '../ship/collector.js';
import { retime } from '../ship/retime.js';

/** A recorded log of the demo's web shop; see samples/README.md for how they were made. */
export interface Sample {
  readonly service: string;
  readonly format: string;
  readonly lines: readonly ContainerLine[];
}

/** The recordings, moved in time so that their last line was written at `end` (ms since the epoch). */
export async function loadSamples(end: number): Promise<Sample[]> {
  return Promise.all(
    recordings.map(async ({ file, service, format, source }) => {
      const text = await readFile(join(projectRoot(), 'local/demo/samples', file), 'utf8');
      const lines = text
        .trimEnd()
        .split('\n')
        .map((line) => ({ service, source, log: retime(line, end - recordedUntil) }));
      return { service, format, lines };
    }),
  );
}

const recordedUntil = Date.parse('2026-11-22T17:24:44Z');

const recordings = [
  { file: 'web.access.log', service: 'web', format: 'nginx combined', source: 'stdout' },
  { file: 'web.error.log', service: 'web', format: 'nginx error log', source: 'stderr' },
  { file: 'edge.access.json.log', service: 'edge', format: 'nginx JSON', source: 'stdout' },
  { file: 'orders.log', service: 'orders', format: 'pino (Node.js)', source: 'stdout' },
  { file: 'cart.log', service: 'cart', format: 'winston (Node.js)', source: 'stdout' },
  { file: 'billing.log', service: 'billing', format: 'logging (Python)', source: 'stderr' },
  { file: 'checkout.log', service: 'checkout', format: 'java.util.logging', source: 'stderr' },
  { file: 'search.log', service: 'search', format: 'slog (Go)', source: 'stderr' },
] as const;
