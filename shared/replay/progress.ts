import { replay } from '../bounds.js';
import type { Manifest, ReplayHead, ReplayObject } from './manifest.js';

/** How far a replay is, added up over its objects. */
export interface Progress {
  readonly state: 'finding' | 'running' | 'done' | 'cancelled' | 'stopped';
  readonly objects: {
    readonly found: number;
    readonly waiting: number;
    readonly working: number;
    readonly done: number;
    readonly skipped: number;
    readonly parked: number;
  };
  readonly records: {
    readonly read: number;
    readonly put: number;
    readonly skipped: number;
    readonly bytesPut: number;
  };
  /** Objects and records that were not put, by the reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** The first objects that somebody may have to look at. */
  readonly problems: readonly { readonly object: string; readonly why: string }[];
  /** What is not done yet: objects, about how many records, and bytes. */
  readonly left: { readonly objects: number; readonly records: number; readonly bytes: number };
}

const MOST_PROBLEMS = 20;
/** Documents that are read at a time. */
const PARALLEL = 16;

/** @param now ms since the epoch */
export async function progressOf(head: ReplayHead, manifest: Manifest, now: number): Promise<Progress> {
  const all: ReplayObject[] = [];
  for (let part = 0; part < head.parts; part += PARALLEL) {
    const numbers = Array.from({ length: Math.min(PARALLEL, head.parts - part) }, (_, index) => part + index);
    const parts = await Promise.all(numbers.map((each) => manifest.part(each)));
    all.push(...parts.flatMap((each) => each?.objects ?? []));
  }
  const objects = { found: all.length, waiting: 0, working: 0, done: 0, skipped: 0, parked: 0 };
  const records = { read: 0, put: 0, skipped: 0, bytesPut: 0 };
  const skipped = new Map<string, number>();
  const problems: { readonly object: string; readonly why: string }[] = [];
  const searchProblem = searchProblemOf(head, now);
  if (searchProblem !== undefined) problems.push({ object: 'the search for objects', why: searchProblem });
  for (const object of all) {
    const state = isLost(object, now) ? 'parked' : object.state;
    objects[state]++;
    records.read += object.read;
    records.put += object.put;
    records.bytesPut += object.bytesPut;
    for (const [why, count] of Object.entries(object.skipped)) {
      records.skipped += count;
      skipped.set(why, (skipped.get(why) ?? 0) + count);
    }
    const why = problemOf(object, state);
    if (why !== undefined && problems.length < MOST_PROBLEMS) problems.push({ object: nameOf(object), why });
  }
  const state = stateOf(head, objects, now);
  return { state, objects, records, skipped: Object.fromEntries(skipped), problems, left: leftOf(all, now) };
}

/** Supposes as many records to a byte as in the objects that are done. */
function leftOf(all: readonly ReplayObject[], now: number): Progress['left'] {
  const done = all.filter(({ state }) => state === 'done');
  const open = all.filter((each) => (each.state === 'waiting' || each.state === 'working') && !isLost(each, now));
  const bytes = sum(open, 'size');
  const records = (bytes * sum(done, 'read')) / Math.max(1, sum(done, 'size')) - sum(open, 'read');
  return { objects: open.length, records: Math.max(0, records), bytes };
}

function sum(objects: readonly ReplayObject[], what: 'size' | 'read'): number {
  return objects.reduce((total, each) => total + each[what], 0);
}

/** Its last attempt ended without a word, as when the function's memory was full. */
function isLost({ state, changed = 0 }: ReplayObject, now: number): boolean {
  return state === 'working' && now - changed > replay.lostAfter;
}

/** The same of the search. */
function isSearchLost({ state, created, changed = created }: ReplayHead, now: number): boolean {
  return state === 'finding' && now - changed > replay.lostAfter;
}

function searchProblemOf(head: ReplayHead, now: number): string | undefined {
  return head.why ?? (isSearchLost(head, now) ? lostWhy : undefined);
}

const lostWhy = 'its last attempt ended without an answer';

function problemOf(object: ReplayObject, state: ReplayObject['state']): string | undefined {
  if (object.why !== undefined) return object.why;
  return state === 'parked' ? lostWhy : undefined;
}

function nameOf({ bucket, key }: ReplayObject): string {
  return `s3://${bucket}/${key}`;
}

function stateOf(head: ReplayHead, { waiting, working }: Progress['objects'], now: number): Progress['state'] {
  if (isSearchLost(head, now)) return 'stopped';
  if (head.state !== 'found') return head.state;
  return waiting + working > 0 ? 'running' : 'done';
}
