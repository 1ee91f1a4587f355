import { hashHalves } from '../text/hash.js';

const HOUR = 3_600_000;

/** For how long a key takes one of the places of its group: so many are told singly in any such time. */
const placeTaken = HOUR;

/** The keys of a group, such as the errors of a service, that turned up lately. */
export interface Newcomers {
  /** Those that were told singly: a hash of each, and when, ms since the epoch. At most `burst` of them. */
  readonly singly: readonly (readonly [hash: string, at: number])[];
  /** How many were found since people were last told of keys together. */
  readonly together: number;
}

/**
 * Which of a group's new keys are told singly, first come, first served; the others are told together. A key that comes again, since
 * a batch did or people may not be told yet, keeps its place.
 *
 * @param keys each once
 * @param burst how many are told singly within an hour
 */
export function placesOf(
  { singly }: Pick<Newcomers, 'singly'>,
  keys: readonly string[],
  burst: number,
  now: number,
): { readonly singly: Newcomers['singly']; readonly hasPlace: (key: string) => boolean } {
  const taken = new Map(singly.filter(([, at]) => now - at < placeTaken));
  for (const key of keys) {
    const hash = hashOf(key);
    if (!taken.has(hash) && taken.size < burst) taken.set(hash, now);
  }
  return { singly: [...taken], hasPlace: (key) => taken.has(hashOf(key)) };
}

/** 53 bits: of some ten keys no two will have the same. */
function hashOf(key: string): string {
  const { low, high } = hashHalves(key);
  return ((high & 0x1fffff) * 2 ** 32 + low).toString(36);
}
