import { createHash } from 'node:crypto';
import { cutText } from './sample.js';

/**
 * The key of the matches that no key of their own could be kept for (see batch.ts).
 * No values make this key: `joinKey` escapes a `*` that a value holds.
 */
export const otherKey = '*';

/** The key that stands for several of a group: those whose first columns have these values. `*` when there are none. */
export function groupKey(values: readonly string[]): string {
  return values.length === 0 ? otherKey : `${joinKey(values)}|${otherKey}`;
}

/** Whether a key stands for several. */
export function isSeveral(key: string): boolean {
  return key === otherKey || key.endsWith(`|${otherKey}`);
}

/** Characters; with the rule's name the key then fits DynamoDB's 2,048-byte partition key, at 4 bytes a character. */
const maxKeyLength = 400;

/** Joins the values of a rule's `by` columns so that different values never make the same key. */
export function joinKey(values: readonly string[]): string {
  const key = values.map((value) => value.replace(/[\\|*]/g, '\\$&')).join('|');
  if (key.length <= maxKeyLength) return key;
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 16);
  return `${cutText(key, maxKeyLength - digest.length - 1)}#${digest}`;
}
