import type { AlertPathResult } from './alertPath.js';

/**
 * What the benchmark found of the functions of commit 16cdca5, in whose tree it was put and built as it is here. They took a put a key and
 * message, kept the ids of 256 batches in each item, and had 256 MB.
 */
export const before: { readonly commit: string; readonly alert: readonly RecordedResult[] } = {
  commit: '16cdca5',
  alert: [
    {
      name: 'a batch each 20 s',
      result: {
        batches: 60,
        keys: 3310,
        cpu: 1664,
        metered: { itemUnits: 9807, indexUnits: 1440, gets: 0, readUnits: 30 },
        sizes: [4577],
      },
    },
    {
      name: '1 TB a day: each 2.6 s',
      result: {
        batches: 60,
        keys: 3304,
        cpu: 1201,
        metered: { itemUnits: 12_793, indexUnits: 250, gets: 0, readUnits: 5 },
        sizes: [5686],
      },
    },
  ],
};

interface RecordedResult {
  readonly name: string;
  readonly result: Countable;
}

/** What the tables go by. */
export type Countable = Pick<AlertPathResult, 'batches' | 'keys' | 'cpu' | 'sizes'> & {
  readonly metered: Pick<AlertPathResult['metered'], 'itemUnits' | 'indexUnits' | 'gets' | 'readUnits'>;
};
