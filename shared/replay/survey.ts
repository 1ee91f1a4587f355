import { replay } from '../bounds.js';
import type { Wanted } from './event/replayEvent.js';
import type { FoundObject, ReplayClock, SourceObjects } from './ports.js';
import { inflated } from './records/inflated.js';
import { linesOf } from './records/lines.js';
import type { Found, SourceRecord } from './records/sourceRecord.js';
import { hourOf, placeOf, recordsOf, sourceObjects } from './sources.js';
import { replayedBy } from './tag.js';
import { unwantedReason } from './unwanted.js';

/** What an event is about, before anything is put back. Counts are of the objects that were read. */
export interface Survey {
  readonly objects: number;
  readonly bytes: number;
  /** There are more than a survey lists. */
  readonly more: boolean;
  /** Objects that were read, or whose tag was, and their bytes. */
  readonly readObjects: number;
  readonly readBytes: number;
  /** Records that would be put; of an import, lines. */
  readonly records: number;
  readonly byErrorCode: Readonly<Record<string, number>>;
  /** By the hour of their arrival, as far as it is known. */
  readonly byHour: Readonly<Record<string, number>>;
  /** What would be passed over, by the reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Of the objects that were read, those that an earlier replay has put back. */
  readonly putBackBefore: number;
  /** Keys that were named and are not there. */
  readonly missing: readonly string[];
}

export interface SurveyPorts {
  readonly objects: SourceObjects;
  readonly clock: ReplayClock;
}

/** Lists what an event is about and reads some of it, all where that takes seconds. */
export async function survey(wanted: Wanted, bucket: string, { objects, clock }: SurveyPorts): Promise<Survey> {
  const until = clock.now() + replay.surveyTime;
  const { listed, more } = await list(wanted, bucket, objects, clock, until);
  const tally = new Tally();
  for (const group of groupsOf(spread(listed))) {
    if (tally.readBytes >= replay.surveyedBytes || clock.now() >= until) break;
    await Promise.all(group.map((object) => tally.readObject(object, wanted, objects)));
  }
  return {
    objects: listed.length,
    bytes: listed.reduce((sum, { size }) => sum + size, 0),
    more,
    readObjects: tally.readObjects,
    readBytes: tally.readBytes,
    records: tally.records,
    byErrorCode: sorted(tally.byErrorCode),
    byHour: sorted(tally.byHour),
    skipped: sorted(tally.skipped),
    putBackBefore: tally.putBackBefore,
    missing: missingKeys(wanted, bucket, listed),
  };
}

async function list(wanted: Wanted, bucket: string, objects: SourceObjects, clock: ReplayClock, until: number) {
  const most = Math.min(replay.surveyedObjects, wanted.limit ?? Number.POSITIVE_INFINITY);
  const listed: FoundObject[] = [];
  for await (const next of sourceObjects(wanted, bucket, objects, clock.now())) {
    if (listed.length === wanted.limit) break;
    if (listed.length === most || clock.now() >= until) return { listed, more: true };
    if (!('passed' in next)) listed.push(next);
  }
  return { listed, more: false };
}

/** What the objects that were read come to. */
class Tally {
  readObjects = 0;
  readBytes = 0;
  records = 0;
  putBackBefore = 0;
  readonly byErrorCode = new Map<string, number>();
  readonly byHour = new Map<string, number>();
  readonly skipped = new Map<string, number>();

  async readObject(object: FoundObject, wanted: Wanted, objects: SourceObjects): Promise<void> {
    if (!wanted.again && (await replayedBy(object, objects)) !== undefined) {
      this.readObjects++;
      this.readBytes += object.size;
      this.putBackBefore++;
      return;
    }
    const content = await objects.open(object);
    if (!content) return;
    this.readObjects++;
    const cut: Cut = { isCut: false };
    // Problems behind which no record has come yet: where the object is cut, they are those of the cut.
    let problems: string[] = [];
    try {
      for await (const found of unitsOf[wanted.source](this.countedBytes(content, cut))) {
        if ('problem' in found) {
          problems.push(found.problem);
          continue;
        }
        this.countProblems(problems);
        problems = [];
        this.countRecord(found, object, wanted);
      }
    } catch (error) {
      problems.push(`an object can't be read: ${error instanceof Error ? error.message : error}`);
    }
    if (!cut.isCut) this.countProblems(problems);
  }

  private countProblems(problems: readonly string[]): void {
    for (const problem of problems) count(this.skipped, problem);
  }

  private countRecord(record: SourceRecord, object: FoundObject, wanted: Wanted): void {
    const unwanted = unwantedReason(record, wanted);
    if (unwanted !== undefined) {
      count(this.skipped, unwanted);
      return;
    }
    this.records++;
    if (record.errorCode !== undefined) count(this.byErrorCode, record.errorCode);
    const arrived = hourText(record.arrival ?? hourOf(object.key));
    if (arrived !== undefined) count(this.byHour, arrived);
  }

  /** Reads no more than a survey may: of an object that is larger, the beginning. */
  private async *countedBytes(content: AsyncIterable<Uint8Array>, cut: Cut): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      if (this.readBytes >= replay.surveyedBytes) {
        cut.isCut = true;
        return;
      }
      this.readBytes += chunk.length;
      yield chunk;
    }
  }
}

/** Whether only the beginning of an object was read. */
interface Cut {
  isCut: boolean;
}

/** What is counted: an import's records are only made when it is put on the stream, so there its lines are. */
const unitsOf: typeof recordsOf = {
  ...recordsOf,
  import: importedLines,
};

async function* importedLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Found> {
  for await (const data of linesOf(inflated(chunks))) yield { data };
}

/** So many at a time: each waits for S3 most of the time. */
const PARALLEL = 8;

function* groupsOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += PARALLEL) yield items.slice(start, start + PARALLEL);
}

/** From all over the list, so that what is read first is like what is not read. */
function spread<T>(items: readonly T[]): T[] {
  const stride = Math.max(1, Math.ceil(Math.sqrt(items.length)));
  return Array.from({ length: stride }, (_, offset) => items.filter((_, index) => index % stride === offset)).flat();
}

function missingKeys({ keys = [] }: Wanted, bucket: string, listed: readonly FoundObject[]): string[] {
  const there = new Set(listed.map((object) => `${object.bucket}/${object.key}`));
  return keys.filter((key) => {
    const place = placeOf(key, bucket);
    return !there.has(`${place.bucket}/${place.key}`);
  });
}

function hourText(time: number | undefined): string | undefined {
  return time === undefined ? undefined : `${new Date(time).toISOString().slice(0, 13)}:00Z`;
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
