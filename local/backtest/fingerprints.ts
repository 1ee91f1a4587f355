import { hashHalves } from '../../shared/text/hash.js';
/**
 * A set of texts that keeps 63 bits of each, in 12 to 23 bytes, where a string would take a hundred. Of ten million texts two
 * are taken for one in 5 of a million cases.
 */
export class Fingerprints {
  /** Two numbers for each text, at a place that they say themselves or one of the next; both are 0 where there is none. */
  private table = new Uint32Array(2 * 1024);
  private size = 0;

  /** @returns false when it is there already */
  add(text: string): boolean {
    const { low, high } = hashHalves(text);
    // Never both 0.
    if (!this.put(low, (high | 1) >>> 0)) return false;
    this.size++;
    if (this.size * 2 > this.table.length * MAX_LOAD) this.grow();
    return true;
  }

  private put(low: number, high: number): boolean {
    const { table } = this;
    const mask = table.length - 1;
    for (let at = (low * 2) & mask; ; at = (at + 2) & mask) {
      if (table[at + 1] === 0) {
        table[at] = low;
        table[at + 1] = high;
        return true;
      }
      if (table[at] === low && table[at + 1] === high) return false;
    }
  }

  private grow(): void {
    const before = this.table;
    this.table = new Uint32Array(before.length * 2);
    for (let at = 0; at < before.length; at += 2) {
      if (before[at + 1] !== 0) this.put(before[at] as number, before[at + 1] as number);
    }
  }
}

/** Share of the places that may be taken. */
const MAX_LOAD = 0.7;
