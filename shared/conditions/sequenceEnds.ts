import { createHash } from 'node:crypto';

/** Event times of what ends a sequence: by second, one hash after the other. Oldest first. */
export type Ends = readonly (readonly [second: number, hashes: string])[];

/** Ends of one signal and of one key: of more, the oldest are left out. */
const maxEnds = 6000;

/** How far the clocks of two lines may be apart, in seconds: an end so much before its start is its end. */
export const clockTolerance = 2;

/** Characters of a hash: 36 bits, by which two of some thousand values are the same once in a million times. */
const hashLength = 6;

/** Bytes of ends as JSON at most. @param seconds how many different ones they have */
export function endsBytes(seconds: number): number {
  return maxEnds * hashLength + Math.min(seconds, maxEnds) * 16 + 20;
}

export function hashOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url').slice(0, hashLength);
}

/** Which values ended when. */
export class EndTimes {
  private readonly times = new Map<string, Set<number>>();
  private size = 0;

  constructor(...all: readonly Ends[]) {
    for (const [second, hashes] of all.flat()) {
      for (let at = 0; at < hashes.length; at += hashLength) this.add(hashes.slice(at, at + hashLength), second);
    }
  }

  get count(): number {
    return this.size;
  }

  add(hash: string, second: number): void {
    const seconds = this.times.get(hash) ?? new Set();
    this.times.set(hash, seconds);
    if (!seconds.has(second)) this.size++;
    seconds.add(second);
  }

  /** Whether a value that started then ended by some time: in seconds. */
  isEnded(hash: string, started: number, by = Number.POSITIVE_INFINITY): boolean {
    return [...(this.times.get(hash) ?? [])].some((second) => second >= started - clockTolerance && second <= by);
  }

  /**
   * Those that are not older than a second, and the newest of the others.
   *
   * @param from the oldest second that is needed
   */
  kept(from: number): { readonly ends: Ends; readonly lost: number | undefined } {
    const bySecond = new Map<number, string[]>();
    for (const [hash, seconds] of this.times) {
      for (const second of seconds) {
        const hashes = bySecond.get(second);
        if (hashes) hashes.push(hash);
        else bySecond.set(second, [hash]);
      }
    }
    const kept: (readonly [number, string])[] = [];
    let room = maxEnds;
    for (const [second, hashes] of [...bySecond].sort(([a], [b]) => b - a)) {
      room -= hashes.length;
      if (second < from || room < 0) return { ends: kept.reverse(), lost: second };
      kept.push([second, hashes.join('')]);
    }
    return { ends: kept.reverse(), lost: undefined };
  }
}
