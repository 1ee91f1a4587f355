import { intersection, type NumberRange, sizeOf, without } from './numberRanges.js';

/** Gaps that are remembered of a key: of more, the lowest are given up. */
const maxGaps = 64;

/** Of a sequence as JSON at most. */
export const sequenceBytes = (maxGaps + 1) * 160;

/** Which numbers of a sequence were seen. */
export interface Sequence {
  /** The lowest and the highest, and the event time of the latter; undefined before the first. */
  readonly seen?: { readonly from: number; readonly to: number; readonly at: number } | undefined;
  /** What is missing between them, in ascending order. */
  readonly missing: readonly Gap[];
}

/** Numbers that were not seen between others that were. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  /** When it was noticed, on the clock. */
  readonly since: number;
  /** Event times of lines around it. */
  readonly after: number;
  readonly before: number;
  readonly isTold?: true;
}

/** The sequence with more numbers, and what they came to. */
export interface Taken {
  readonly sequence: Sequence;
  /** Numbers that are missing since, that are no longer missing, and that had been seen before. */
  readonly missing: number;
  readonly late: number;
  readonly doubled: number;
}

/**
 * Takes numbers that were seen, whatever order they come in.
 *
 * @param times event times of the lines that had them
 * @param now on the clock, ms since the epoch
 */
export function take(
  { seen, missing }: Sequence,
  range: NumberRange,
  times: { readonly first: number; readonly last: number },
  now: number,
): Taken {
  const [from, to] = range;
  if (!seen) return { sequence: { seen: { from, to, at: times.last }, missing }, missing: 0, late: 0, doubled: 0 };

  const known = intersection(range, [seen.from, seen.to]);
  const knownCount = known ? sizeOf([known]) : 0;
  const filled = missing.flatMap((gap) => {
    const part = intersection(range, [gap.from, gap.to]);
    return part ? [part] : [];
  });
  const left = missing.flatMap((gap) =>
    without([gap.from, gap.to], range).map(([from, to]): Gap => ({ ...gap, from, to })),
  );
  const below: Gap[] =
    to < seen.from - 1 ? [{ from: to + 1, to: seen.from - 1, since: now, after: times.last, before: seen.at }] : [];
  const above: Gap[] =
    from > seen.to + 1 ? [{ from: seen.to + 1, to: from - 1, since: now, after: seen.at, before: times.first }] : [];
  const late = sizeOf(filled);
  return {
    sequence: {
      seen: {
        from: Math.min(from, seen.from),
        to: Math.max(to, seen.to),
        at: to > seen.to ? times.last : seen.at,
      },
      missing: [...below, ...left, ...above].slice(-maxGaps),
    },
    missing: sizeOf([...below, ...above].map((gap): NumberRange => [gap.from, gap.to])),
    late,
    doubled: knownCount - late,
  };
}
