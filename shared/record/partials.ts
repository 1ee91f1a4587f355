import { record } from '../bounds.js';
import { variesByLine } from '../join/streamKey.js';
import { Origin } from '../line/origin.js';
import { joinedPlace } from '../line/place.js';
import type { PlacedEvent } from '../line/placedEvent.js';

/**
 * Joins lines that the container runtime split at 16 KB and Fluent Bit did not join: their records carry
 * `partial_id`, `partial_ordinal` (from 1) and `partial_last`. Each part comes out once, in its line or by itself, whatever
 * the numbers say.
 */
export class PartialLines {
  private readonly open = new Map<string, Held>();
  /** Parts that a later one contradicted. */
  private readonly givenUp: Held[] = [];

  /**
   * @returns the whole line when this was the last part that was missing, nothing while parts are missing, and the
   * event itself when it is no part.
   */
  add(event: PlacedEvent, arrival: number): PlacedEvent | undefined {
    const part = partOf(event);
    if (!part) return event;
    const held = this.heldFor(part, event, arrival);
    held.parts.set(part.ordinal, event);
    held.characters += part.length;
    if (part.isLast) held.count = part.ordinal;
    if (held.parts.size !== held.count) return undefined;
    this.open.delete(part.id);
    return joined(held);
  }

  /** Parts whose line did not become whole, as rows of their own: their numbers stay in `fields`. */
  *rest(): Generator<{ readonly event: PlacedEvent; readonly arrival: number }> {
    for (const { parts, arrival } of [...this.givenUp, ...this.open.values()]) {
      for (const [, event] of inOrder(parts)) yield { event, arrival };
    }
    this.givenUp.length = 0;
    this.open.clear();
  }

  /** The parts that this one belongs to. Those that it contradicts are given up. */
  private heldFor(part: Part, event: PlacedEvent, arrival: number): Held {
    const held = this.open.get(part.id);
    if (held && !contradicts(held, part) && !saysOtherwise(held.extra, event.origin)) {
      for (const [key, value] of saidOfLine(event.origin)) if (!held.extra.has(key)) held.extra.set(key, value);
      return held;
    }
    if (held) this.givenUp.push(held);
    const extra = new Map(saidOfLine(event.origin));
    const fresh: Held = { parts: new Map(), count: undefined, characters: 0, arrival, extra };
    this.open.set(part.id, fresh);
    return fresh;
  }
}

interface Part {
  readonly id: string;
  readonly ordinal: number;
  readonly isLast: boolean;
  /** Characters. */
  readonly length: number;
}

interface Held {
  /** By ordinal. */
  readonly parts: Map<number, PlacedEvent>;
  /** How many there are, once the last one has come. */
  count: number | undefined;
  characters: number;
  readonly arrival: number;
  /** What the records of the parts say of the line. */
  readonly extra: Map<string, unknown>;
}

/** Of a number that came before, behind the last one, a second last one, or more than a line may have. */
function contradicts({ parts, count, characters }: Held, { ordinal, isLast, length }: Part): boolean {
  if (parts.has(ordinal) || (count !== undefined && (isLast || ordinal > count))) return true;
  if (isLast && [...parts.keys()].some((other) => other > ordinal)) return true;
  return characters + length > record.maxInflatedBytes;
}

/** Of one line nothing can be said in two ways. */
function saysOtherwise(said: Held['extra'], origin: Origin): boolean {
  return saidOfLine(origin).some(
    ([key, value]) => said.has(key) && !variesByLine(key) && JSON.stringify(said.get(key)) !== JSON.stringify(value),
  );
}

function saidOfLine({ extra }: Origin): Origin['extra'] {
  return extra.filter(([key]) => !key.startsWith('partial_'));
}

/** More parts than a line of a Firehose record's size could have are no ordinals of a runtime. */
const MAX_PARTS = 10_000;

/** Undefined for what is no part. A collector may send anything under these keys: an object is neither an id nor a number. */
function partOf({ log, origin }: PlacedEvent): Part | undefined {
  if (origin.extra.length === 0 || typeof log !== 'string') return undefined;
  let id: string | undefined;
  let container = '';
  let ordinal = 0;
  let isLast = false;
  for (const [key, value] of origin.extra) {
    if (typeof value === 'object') continue;
    if (key === 'partial_id') id = String(value);
    else if (key === 'container_id') container = String(value);
    else if (key === 'partial_ordinal') ordinal = Number(value);
    else if (key === 'partial_last') isLast = String(value) === 'true';
  }
  if (id === undefined || !Number.isInteger(ordinal) || ordinal < 1 || ordinal > MAX_PARTS) return undefined;
  return { id: `${container} ${id}`, ordinal, isLast, length: log.length };
}

function inOrder(parts: Held['parts']): [number, PlacedEvent][] {
  return [...parts].sort(([a], [b]) => a - b);
}

function joined({ parts, extra }: Held): PlacedEvent {
  const events = inOrder(parts).map(([, event]) => event);
  const [first, ...others] = events as [PlacedEvent, ...PlacedEvent[]];
  const { service, source, task, cluster } = first.origin;
  const origin = new Origin({ service, source, task, cluster }, [...extra]);
  const place = joinedPlace([first.place, ...others.map((each) => each.place)]);
  return { log: events.map(({ log }) => log).join(''), time: first.time, origin, place };
}
