import { type LogEvent, Origin } from '../line/origin.js';

/**
 * Joins lines that the container runtime split at 16 KB and Fluent Bit did not join: their records carry
 * `partial_id`, `partial_ordinal` (from 1) and `partial_last`.
 */
export class PartialLines {
  private readonly open = new Map<string, Held>();

  /**
   * @returns the whole line when this was the last part that was missing, nothing while parts are missing, and the
   * event itself when it is no part.
   */
  add(event: LogEvent, arrival: number): LogEvent | undefined {
    const part = partOf(event);
    if (!part) return event;
    const held = this.open.get(part.id) ?? { parts: [], count: undefined, arrival };
    this.open.set(part.id, held);
    held.parts[part.ordinal - 1] = event;
    if (part.isLast) held.count = part.ordinal;
    // Parts beyond the last one are no parts of its line: none of them is joined.
    if (held.count !== held.parts.length || held.parts.filter(Boolean).length < held.count) return undefined;
    this.open.delete(part.id);
    return joined(held.parts);
  }

  /** Parts whose line did not become whole, as rows of their own: their numbers stay in `fields`. */
  *rest(): Generator<{ readonly event: LogEvent; readonly arrival: number }> {
    for (const { parts, arrival } of this.open.values()) {
      // A sparse array: forEach and filter pass over the parts that are missing.
      for (const event of parts.filter(Boolean)) yield { event, arrival };
    }
    this.open.clear();
  }
}

interface Held {
  /** By ordinal; a part that has not come is missing. */
  readonly parts: LogEvent[];
  /** How many there are, once the last one has come. */
  count: number | undefined;
  readonly arrival: number;
}

/** More parts than a line of a Firehose record's size could have are no ordinals of a runtime. */
const MAX_PARTS = 10_000;

function partOf({ log, origin }: LogEvent): { id: string; ordinal: number; isLast: boolean } | undefined {
  if (origin.extra.length === 0 || typeof log !== 'string') return undefined;
  let id: unknown;
  let container: unknown;
  let ordinal = 0;
  let isLast = false;
  for (const [key, value] of origin.extra) {
    if (key === 'partial_id') id = value;
    else if (key === 'container_id') container = value;
    else if (key === 'partial_ordinal') ordinal = Number(value);
    else if (key === 'partial_last') isLast = String(value) === 'true';
  }
  if (id === undefined || !Number.isInteger(ordinal) || ordinal < 1 || ordinal > MAX_PARTS) return undefined;
  return { id: `${String(container)} ${String(id)}`, ordinal, isLast };
}

function joined(parts: readonly LogEvent[]): LogEvent {
  const [first] = parts;
  if (!first) throw new Error('a line of no parts');
  const { service, source, task, cluster, extra } = first.origin;
  const origin = new Origin(
    { service, source, task, cluster },
    extra.filter(([key]) => !key.startsWith('partial_')),
  );
  return { log: parts.map(({ log }) => log).join(''), time: first.time, origin };
}
