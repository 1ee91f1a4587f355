import { compareKeys } from '../store/objectKey.js';

export interface ListingQuery {
  readonly prefix: string;
  /** Keys with the same text up to the first of these after the prefix are one entry; empty for none. */
  readonly delimiter: string;
  /** Where the page begins: after this key or common prefix. */
  readonly after: string;
  /** Whether `after` was the last entry of a page: a common prefix is over then, with all its keys. */
  readonly continued: boolean;
  readonly max: number;
}

export type ListingEntry =
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'prefix'; readonly name: string };

export interface ListingPage {
  readonly entries: readonly ListingEntry[];
  /** Whether there are further ones after the last of these. */
  readonly truncated: boolean;
}

/** One page of a listing, in S3's order. */
export function listingPage(keys: readonly string[], query: ListingQuery): ListingPage {
  const { prefix, after, max } = query;
  const over = query.continued && isCommonPrefix(after, query) ? after : undefined;
  const left = keys
    .filter(
      (key) => key.startsWith(prefix) && compareKeys(key, after) > 0 && !(over !== undefined && key.startsWith(over)),
    )
    .sort(compareKeys);
  const entries: ListingEntry[] = [];
  for (const key of left) {
    const entry = entryOf(key, query);
    if (entry.name === entries.at(-1)?.name) continue;
    if (entries.length === max) return { entries, truncated: max > 0 };
    entries.push(entry);
  }
  return { entries, truncated: false };
}

function entryOf(key: string, { prefix, delimiter }: ListingQuery): ListingEntry {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at === -1 ? { kind: 'key', name: key } : { kind: 'prefix', name: key.slice(0, at + delimiter.length) };
}

function isCommonPrefix(name: string, query: ListingQuery): boolean {
  const entry = entryOf(name, query);
  return name.startsWith(query.prefix) && entry.kind === 'prefix' && entry.name === name;
}
