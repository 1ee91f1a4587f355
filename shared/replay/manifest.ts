import { fromJsonBytes, toJsonBytes } from '../text/jsonBytes.js';
import type { Wanted } from './event/replayEvent.js';
import type { FoundObject, ObjectPlace, ReplayClock, ReplayDocuments } from './ports.js';

/** A replay as it was asked for, and how far the search for its objects is: stopped when it has failed too often. */
export interface ReplayHead {
  readonly version: 1;
  readonly id: string;
  readonly wanted: Wanted;
  /** Ms since the epoch. */
  readonly created: number;
  readonly state: 'finding' | 'found' | 'cancelled' | 'stopped';
  /** Behind which place the search goes on when so many parts are written: it has looked up to there, and found nothing since. */
  readonly searched?: { readonly parts: number; readonly after: ObjectPlace };
  /** When the search got on last, ms since the epoch. */
  readonly changed?: number;
  /** How often the search has failed since. */
  readonly failures?: number;
  /** Why it failed last. */
  readonly why?: string | undefined;
  /** Of the parts that are written. */
  readonly objects: number;
  readonly bytes: number;
  readonly parts: number;
}

/** One of its objects, and how far that is. */
export interface ReplayObject extends FoundObject {
  readonly state: 'waiting' | 'working' | 'done' | 'skipped' | 'parked';
  /** Since it last got on. */
  readonly attempts: number;
  /** When this was noted last, ms since the epoch. */
  readonly changed?: number;
  /** Records that are acknowledged or skipped: where the next attempt goes on. */
  readonly read: number;
  /** Those that the stream acknowledged, and their bytes there. */
  readonly put: number;
  readonly bytesPut: number;
  /** Records that were not put, by the reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** All of it is read: only its tag is missing. */
  readonly acknowledged: boolean;
  /** Why it was skipped or parked, or has no tag. */
  readonly why?: string | undefined;
}

/** Objects of a replay in the order in which they were found, so many to a document. */
export interface ReplayPart {
  readonly objects: readonly ReplayObject[];
}

function newObject(found: FoundObject): ReplayObject {
  return { ...found, state: 'waiting', attempts: 0, read: 0, put: 0, bytesPut: 0, skipped: {}, acknowledged: false };
}

/** `replay/<id>/replay.json`, and `replay/<id>/objects-00000.json` and on: the documents of one replay. */
export class Manifest {
  constructor(
    private readonly documents: ReplayDocuments,
    private readonly clock: ReplayClock,
    readonly id: string,
  ) {}

  /** False when there is a replay of this id. */
  begin(head: ReplayHead): Promise<boolean> {
    return this.documents.create(this.headKey, toJsonBytes(head));
  }

  head(): Promise<ReplayHead | undefined> {
    return this.read<ReplayHead>(this.headKey);
  }

  /** Undefined when there is no such replay. */
  changeHead(change: (head: ReplayHead) => ReplayHead): Promise<ReplayHead | undefined> {
    return this.change(this.headKey, change);
  }

  part(part: number): Promise<ReplayPart | undefined> {
    return this.read<ReplayPart>(this.partKey(part));
  }

  /** False when the part is there already: whoever wrote it may have found other objects. */
  addPart(part: number, objects: readonly FoundObject[]): Promise<boolean> {
    return this.documents.create(this.partKey(part), toJsonBytes({ objects: objects.map(newObject) }));
  }

  /** @param index of the object within its part */
  async changeObject(part: number, index: number, change: (object: ReplayObject) => ReplayObject): Promise<void> {
    await this.change<ReplayPart>(this.partKey(part), ({ objects }) => ({
      objects: objects.map((object, at) => (at === index ? change(object) : object)),
    }));
  }

  private async read<T>(key: string): Promise<T | undefined> {
    const found = await this.documents.get(key);
    return found && fromJsonBytes<T>(found.body);
  }

  /** Changes what is there, and again when somebody else was quicker: workers note their objects in one document. */
  private async change<T>(key: string, change: (value: T) => T): Promise<T | undefined> {
    for (let attempt = 0; attempt < MOST_CHANGES; attempt++) {
      const found = await this.documents.get(key);
      if (!found) return undefined;
      const next = change(fromJsonBytes<T>(found.body));
      if ((await this.documents.replace(key, toJsonBytes(next), found.etag)) !== undefined) return next;
      await this.clock.pause(attempt * CHANGE_PAUSE);
    }
    throw new Error(`${key} could not be changed: others change it all the time; it is tried again`);
  }

  private get headKey(): string {
    return `replay/${this.id}/replay.json`;
  }

  private partKey(part: number): string {
    return `replay/${this.id}/objects-${String(part).padStart(5, '0')}.json`;
  }
}

const MOST_CHANGES = 20;
/** Ms, longer with each attempt. */
const CHANGE_PAUSE = 20;
