import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ListingEntry, listingPage } from '../../../../local/s3/api/listing.js';
import { compareKeys } from '../../../../local/s3/store/objectKey.js';

const from = (after = '') => ({ after, continued: after !== '' });

/** All entries of a listing, page by page. */
function walk(keys: readonly string[], prefix: string, delimiter: string, max: number): ListingEntry[] {
  const all: ListingEntry[] = [];
  for (let after = from(); ; ) {
    const page = listingPage(keys, { prefix, delimiter, max, ...after });
    expect(page.entries.length).toBeLessThanOrEqual(max);
    all.push(...page.entries);
    const last = page.entries.at(-1);
    if (!page.truncated || !last) return all;
    after = from(last.name);
  }
}

/** What S3's documentation says a listing is, without pages. */
function model(keys: readonly string[], prefix: string, delimiter: string): ListingEntry[] {
  const entries = new Map<string, ListingEntry>();
  for (const name of keys.filter((key) => key.startsWith(prefix))) {
    const [head = '', ...rest] = delimiter === '' ? [name] : name.slice(prefix.length).split(delimiter);
    if (rest.length === 0) entries.set(name, { kind: 'key', name });
    else {
      const common = prefix + head + delimiter;
      entries.set(common, { kind: 'prefix', name: common });
    }
  }
  return [...entries.values()].sort((a, b) => compareKeys(a.name, b.name));
}

const key = fc.string({
  unit: fc.constantFrom('a', 'b', '/', '//', '-', 'é', '\ue000', '🔥'),
  minLength: 1,
  maxLength: 6,
});

describe('listingPage', () => {
  it('gives what the model gives, whatever the size of the pages', () => {
    const prefix = fc.oneof(fc.constant(''), key);
    const delimiter = fc.constantFrom('', '/', '//', 'b', '-a');
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { maxLength: 20 }),
        prefix,
        delimiter,
        fc.integer({ min: 1, max: 6 }),
        (keys, ...query) => {
          expect(walk(keys, ...query)).toEqual(model(keys, query[0], query[1]));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is empty and whole for max 0', () => {
    const none = { prefix: '', delimiter: '', max: 0, ...from() };
    expect(listingPage(['a', 'b'], none)).toEqual({ entries: [], truncated: false });
  });

  it('begins after a key that is within a common prefix with that prefix', () => {
    const query = { prefix: '', delimiter: '/', max: 10, after: 'a/1', continued: false };
    expect(listingPage(['a/1', 'a/2', 'b'], query).entries.map(({ name }) => name)).toEqual(['a/', 'b']);
  });

  it('goes on after a common prefix with what comes after all its keys', () => {
    const query = { prefix: '', delimiter: '/', max: 10, ...from('a/') };
    expect(listingPage(['a/1', 'a/2', 'b'], query).entries.map(({ name }) => name)).toEqual(['b']);
  });
});
