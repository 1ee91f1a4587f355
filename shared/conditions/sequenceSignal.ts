import { sampleText } from '../signals/sample.js';
import type { Signal } from '../signals/signal.js';
import type { Span } from '../signals/tally.js';
import type { OpenSum, Sum } from './conditionType.js';
import { type Ends, EndTimes, hashOf } from './sequenceEnds.js';

/** A value, and the second of event time at which it started. */
export type Start = readonly [name: string, hash: string, second: number];

/** Starts of one signal and of one key: of more, the oldest are kept. */
export const maxStarts = 800;

/** Bytes of a name as JSON; a UUID has 38. */
const maxNameBytes = 50;
/** Of a start. */
export const startBytes = maxNameBytes + 30;

/** What started and ended in a signal. Seconds are since the epoch. */
export interface SequenceLines {
  /** What has not ended within the signal. */
  readonly starts?: readonly Start[];
  readonly ends?: Ends;
  /** How many starts there was no room for. */
  readonly moreStarts?: number;
  /** The second of the newest end that there was no room for. */
  readonly endsLost?: number;
}

/** @param within of a rule's settings, in seconds. */
export function sequenceLines<Settings>(within: (settings: Settings) => number): Sum<SequenceLines, Settings> {
  return {
    open: (settings) => openLines(within(settings)),
    join: joinLines,
    lines: ({ count, starts = [], moreStarts = 0 }: Signal & SequenceLines) => count + starts.length + moreStarts,
    // What started under one key did not end under another.
    withoutKey: ({ starts: _, ends: __, moreStarts: ___, endsLost: ____, ...signal }: Signal & SequenceLines) => signal,
  };
}

export function secondOf(time: number): number {
  return Math.floor(time / 1000);
}

function openLines(within: number): OpenSum<SequenceLines> {
  const starts = new Map<string, Start>();
  const ends = new EndTimes();
  let isFull = false;
  const needed = () => [...starts.values()].filter(([, hash, second]) => !ends.isEnded(hash, second, second + within));
  return {
    add(_count, value, first, last, isEnd) {
      if (value === undefined || value === '') return;
      const hash = hashOf(value);
      for (const second of new Set([secondOf(first), secondOf(last)])) {
        if (isEnd) ends.add(hash, second);
        else starts.set(`${hash}${second}`, [nameOf(value), hash, second]);
      }
      isFull ||= starts.size > maxStarts;
    },
    fields() {
      const { ends: kept, lost } = ends.kept(0);
      return { ...fewest(isFull || ends.count > 0 ? needed() : [...starts.values()], 0), ends: kept, ...lostAt(lost) };
    },
  };
}

function joinLines(a: Span & SequenceLines, b: Span & SequenceLines): SequenceLines {
  if (a.ends === undefined) return {};
  const starts = new Map([...(a.starts ?? []), ...(b.starts ?? [])].map((start) => [`${start[1]}${start[2]}`, start]));
  const { ends, lost } = new EndTimes(a.ends, b.ends ?? []).kept(0);
  const more = (a.moreStarts ?? 0) + (b.moreStarts ?? 0);
  const newest = Math.max(a.endsLost ?? 0, b.endsLost ?? 0, lost ?? 0);
  return { ...fewest([...starts.values()], more), ends, ...lostAt(newest === 0 ? undefined : newest) };
}

function fewest(starts: Start[], more: number): Pick<SequenceLines, 'starts' | 'moreStarts'> {
  const kept = starts.sort((a, b) => a[2] - b[2]).slice(0, maxStarts);
  const left = more + starts.length - kept.length;
  return { starts: kept, ...(left > 0 ? { moreStarts: left } : {}) };
}

function lostAt(second: number | undefined): Pick<SequenceLines, 'endsLost'> {
  return second === undefined ? {} : { endsLost: second };
}

/** As much of a value as there is room for. */
function nameOf(value: string): string {
  let name = sampleText(value).slice(0, maxNameBytes);
  while (Buffer.byteLength(JSON.stringify(name)) > maxNameBytes) name = [...name].slice(0, -1).join('');
  return name;
}
