import { hashHalves } from '../text/hash.js';

/**
 * The different values of a set, counted without keeping them: the smallest of their hashes (k minimum values), sorted.
 * Below {@link sketchSize} of them the count is exact. Sketches of parts merge into the sketch of the whole, in any order
 * and however often, so lines that are delivered twice count once.
 *
 * K. Beyer et al., On Synopses for Distinct-Value Estimation Under Multiset Operations, SIGMOD 2007.
 */
export type Sketch = readonly number[];

/** Hashes that a sketch keeps: the estimate's standard error is then 1 / √126, 9 %. */
export const sketchSize = 128;

/** Of a sketch as JSON, with its name: hashes have 13 digits at most. */
export const sketchBytes = sketchSize * 14 + 20;

/** The same sketch when the value changes nothing. */
export function add(sketch: Sketch, value: string): Sketch {
  const hash = hashOf(value);
  if (sketch.length === sketchSize && hash > (sketch[sketchSize - 1] as number)) return sketch;
  const at = lowerBound(sketch, hash);
  if (sketch[at] === hash) return sketch;
  const next = [...sketch.slice(0, at), hash, ...sketch.slice(at)];
  return next.length > sketchSize ? next.slice(0, sketchSize) : next;
}

export function merge(a: Sketch, b: Sketch): Sketch {
  const merged: number[] = [];
  for (let inA = 0, inB = 0; merged.length < sketchSize && (inA < a.length || inB < b.length); ) {
    const nextA = a[inA] ?? Number.POSITIVE_INFINITY;
    const nextB = b[inB] ?? Number.POSITIVE_INFINITY;
    if (nextA <= nextB) inA++;
    if (nextB <= nextA) inB++;
    merged.push(Math.min(nextA, nextB));
  }
  return merged;
}

/** How many different values were added. */
export function estimate(sketch: Sketch): { readonly distinct: number; readonly exact: boolean } {
  if (sketch.length < sketchSize) return { distinct: sketch.length, exact: true };
  const largest = (sketch[sketchSize - 1] as number) / HASHES;
  return { distinct: Math.round((sketchSize - 1) / largest), exact: false };
}

/** 40 bits: two of a hundred values fall together once in some hundred million times, and the text of a hash stays short. */
const HASHES = 2 ** 40;

function hashOf(text: string): number {
  const { low, high } = hashHalves(text);
  return (high >>> 24) * 2 ** 32 + low;
}

/** Where the first hash stands that is not smaller. */
function lowerBound(sketch: Sketch, hash: number): number {
  let from = 0;
  let to = sketch.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sketch[middle] as number) < hash) from = middle + 1;
    else to = middle;
  }
  return from;
}
