import { Origin } from '../line/origin.js';
import type { PlacedEvent } from '../line/placedEvent.js';
import { parseObject } from '../parse/json/object.js';
import { parseTime } from '../parse/values/time.js';

/**
 * A line of text in an object of a container runtime, `{"log":"…\n","stream":"stderr","time":"…"}`, as an event of its own: it
 * may continue an entry. Undefined for any other event; an object within the object is read where objects are.
 *
 * https://docs.docker.com/engine/logging/drivers/json-file/
 */
export function openHeldText({ log: line, origin, time: read, place }: PlacedEvent): PlacedEvent | undefined {
  if (typeof line !== 'string' || !line.startsWith(OPENING)) return undefined;
  const object = parseObject(line);
  if (!object) return undefined;
  const { log, stream, time, ...others } = object;
  if (typeof log !== 'string' || !text.test(log) || (stream !== 'stdout' && stream !== 'stderr')) return undefined;
  const printed = typeof time === 'string' ? parseTime(time) : undefined;
  if (time !== undefined && printed === undefined) return undefined;
  const { service, source, task, cluster, extra } = origin;
  const said: Origin['extra'] = [...extra, ['stream', stream], ...Object.entries(others)];
  const own = new Origin({ service, source, task, cluster }, said);
  return { log: log.trimEnd(), time: printed ?? read, origin: own, place };
}

const OPENING = '{"log":"';
/** Something that is no object. */
const text = /^\s*[^\s{]/;
