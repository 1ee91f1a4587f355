import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { fireLensRecord } from '../../local/ship/collector.js';

/** Lines of the demo's recordings, repeated to about the wanted size; each repetition an hour's worth of other numbers. */
export interface Corpus {
  readonly name: string;
  readonly lines: number;
  /** Bytes of the raw log lines, without their FireLens envelope. */
  readonly rawBytes: number;
  /** Gzipped aggregates, as Fluent Bit sends them: base64. */
  readonly records: readonly string[];
  /** Bytes the records inflate to. */
  readonly inflatedBytes: number;
}

const recordings: Readonly<Record<string, string>> = {
  web: 'web.access.log',
  'web-error': 'web.error.log',
  edge: 'edge.access.json.log',
  orders: 'orders.log',
  cart: 'cart.log',
  billing: 'billing.log',
  checkout: 'checkout.log',
  search: 'search.log',
};

/** @param services whose recordings to take, in the proportions they were recorded in */
export function corpus(name: string, services: readonly string[], rawBytes: number): Corpus {
  const sources = services.map((service) => ({ service, lines: readLines(recordings[service] ?? '') }));
  const once = sources.reduce((sum, { lines }) => sum + lines.reduce((bytes, line) => bytes + line.length + 1, 0), 0);
  const records: string[] = [];
  let total = 0;
  let raw = 0;
  let inflated = 0;
  for (let round = 0; round < Math.max(1, Math.round(rawBytes / once)); round++) {
    for (const { service, lines } of sources) {
      let aggregate = '';
      const seal = () => {
        if (aggregate === '') return;
        const data = Buffer.from(`${aggregate}\n`);
        inflated += data.length;
        records.push(gzipSync(data, { level: 6 }).toString('base64'));
        aggregate = '';
      };
      for (const log of lines) {
        const record = fireLensRecord({ service, source: 'stdout', log });
        if (aggregate.length + record.length > 1_000_000) seal();
        aggregate += record;
        raw += Buffer.byteLength(log) + 1;
        total++;
      }
      seal();
    }
  }
  return { name, lines: total, rawBytes: raw, records, inflatedBytes: inflated };
}

export const allServices = Object.keys(recordings);

export function readLines(file: string): string[] {
  return readFileSync(`local/demo/samples/${file}`, 'utf8').trimEnd().split('\n');
}
