import type { ScannedLine } from './jsonScan.js';

/**
 * Says when a shape is worth learning, which takes as long as to read dozens of lines. One that comes once is not: in a container
 * whose lines go on to differ none is. One that can't be learned is tried less and less often.
 */
export class Sightings {
  /** How many lines of a shape were met, by a hash of its keys. */
  private readonly counts = new Map<number, number>();

  /** True for the second, fourth, eighth … line with these keys. */
  isDue(line: Keys): boolean {
    const hash = hashOf(line);
    const count = (this.counts.get(hash) ?? 0) + 1;
    if (count === 1 && this.counts.size >= MAX_SHAPES) this.counts.clear();
    this.counts.set(hash, count);
    return count > 1 && (count & (count - 1)) === 0;
  }

  /** Lines with these keys count from the start again: the next one is of another shape. */
  forget(line: Keys): void {
    this.counts.delete(hashOf(line));
  }
}

type Keys = Pick<ScannedLine, 'leaves' | 'tail'>;

/** Two shapes with the same hash are only learned sooner, or later. */
function hashOf({ leaves, tail }: Keys): number {
  let hash = addText(0, tail);
  for (const { literal, kind } of leaves) hash = addText(hash, literal) + kind.length;
  return hash;
}

function addText(start: number, text: string): number {
  let hash = start;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}

/** Those of which one line was met are most: 40 bytes each. */
const MAX_SHAPES = 8192;
