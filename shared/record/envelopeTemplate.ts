import type { LogEvent, Origin } from '../line/origin.js';
import { RecentTimes } from '../parse/values/recentTimes.js';
import { parseIsoTime } from '../parse/values/time.js';
import { detach } from '../text/detach.js';

/** Where the parts of a record stand that differ from record to record. */
export interface OpenedRecord {
  readonly origin: Origin;
  /** The first character of the line, escaped as it stands in the record. */
  readonly logStart: number;
  /** The quote behind the line. */
  readonly logEnd: number;
  /** When the collector read the line, ms since the epoch; undefined when it does not say. */
  readonly time: number | undefined;
}

/**
 * The constant text of one container's FireLens records, as binary strings. They differ in `log`, and in `time` where the
 * collector states one, so two comparisons recognise a record, and its line is read without parsing the JSON around it.
 *
 *     {"container_id":"7f…","container_name":"web","source":"stdout","log":"⟨line⟩","ecs_cluster":"prod",…,"time":"⟨time⟩"}
 *     └ head ─────────────────────────────────────────────────────┘      └ middle ────────────────────┘      └ tail
 */
export class EnvelopeTemplate {
  private constructor(
    /** Up to the first character of the line. */
    private readonly head: string,
    /** From the quote that ends the line to the one that starts the time; '' for records without a time. */
    private readonly middle: string,
    private readonly timeLength: number,
    /** What is left: of records without a time, all that stands behind the line. */
    private readonly tail: string,
    private readonly origin: Origin,
  ) {}

  /** The template of a record that was parsed in full; undefined for one of another shape. */
  static of(text: string, { log, time, origin }: LogEvent): EnvelopeTemplate | undefined {
    if (typeof log !== 'string') return undefined;
    const logStart = text.indexOf(logKey) + logKey.length;
    if (logStart < logKey.length) return undefined;
    const logEnd = text.indexOf('"', logStart + Buffer.byteLength(JSON.stringify(log)) - 2);
    const timeStart = time === undefined ? logEnd : text.lastIndexOf(timeKey) + timeKey.length;
    const timeEnd = time === undefined ? logEnd : text.indexOf('"', timeStart);
    if (logEnd < 0 || timeStart < logEnd || timeEnd < 0) return undefined;
    if (logStart + text.length - logEnd > LONGEST) return undefined;
    const template = new EnvelopeTemplate(
      detach(text.slice(0, logStart)),
      detach(text.slice(logEnd, timeStart)),
      timeEnd - timeStart,
      detach(text.slice(timeEnd)),
      origin,
    );
    return template.isTrue(text.slice(timeStart, timeEnd), JSON.parse(text)) ? template : undefined;
  }

  /** Where the line ends in `text`, a record from `start` to `end`; -1 when the record is not of this template. */
  logEnd(text: string, start: number, end: number): number {
    const logEnd = end - this.tail.length - this.timeLength - this.middle.length;
    // Comparing a slice is a memcmp; startsWith goes character by character.
    if (logEnd < start + this.head.length || text.slice(start, start + this.head.length) !== this.head) return -1;
    if (text.slice(logEnd, logEnd + this.middle.length) !== this.middle) return -1;
    return text.endsWith(this.tail, end) ? logEnd : -1;
  }

  /** @param logEnd what {@link logEnd} gave; undefined for a record whose time can't be read */
  open(text: string, start: number, logEnd: number): OpenedRecord | undefined {
    const { origin, middle } = this;
    const logStart = start + this.head.length;
    if (middle === '') return { origin, logStart, logEnd, time: undefined };
    const timeStart = logEnd + middle.length;
    const time = collectorTime(text, timeStart, timeStart + this.timeLength);
    return time === undefined ? undefined : { origin, logStart, logEnd, time };
  }

  /** Filling the template with an empty line must give the same record, else `log` stood somewhere else. */
  private isTrue(time: string, record: Readonly<Record<string, unknown>>): boolean {
    try {
      const filled = JSON.parse(this.head + this.middle + time + this.tail);
      return JSON.stringify(filled) === JSON.stringify({ ...record, log: '' });
    } catch {
      return false;
    }
  }
}

/** `2026-11-22T16:42:53.974000001Z`, as Fluent Bit's time_key_format in infra/fluent-bit writes it. */
function collectorTime(text: string, start: number, end: number): number | undefined {
  const recent = times.parseUtc(text, start, end);
  if (recent !== undefined) return recent;
  const time = text.slice(start, end);
  // A quote, a backslash or a control character would be no JSON here.
  return plain.test(time) ? parseIsoTime(time) : undefined;
}

/** Characters around a line. Those of FireLens have some 500, and a template keeps them. */
const LONGEST = 4096;

const times = new RecentTimes();
const plain = /^[\w:.,+\- ]*$/;

const logKey = '"log":"';
const timeKey = '"time":"';

/**
 * Templates of the containers met lately. A record mostly follows the template of the one before it; where containers
 * alternate, the id of its container leads to its template, however many there are.
 */
export class EnvelopeTemplates {
  private latest: EnvelopeTemplate | undefined;
  /** By container id, the latest of a container first: stdout and stderr have one each. */
  private readonly ofContainer = new Map<string, EnvelopeTemplate[]>();

  /** Opens the record from `start` to `end`; undefined when it follows no template. */
  open(text: string, start: number, end: number): OpenedRecord | undefined {
    const logEnd = this.latest?.logEnd(text, start, end) ?? -1;
    if (logEnd >= 0) return this.latest?.open(text, start, logEnd);
    const templates = this.ofContainer.get(containerId(text, start, end));
    return templates && this.openBy(templates, text, start, end);
  }

  learn(text: string, event: LogEvent): void {
    const template = EnvelopeTemplate.of(text, event);
    if (!template) return;
    const id = detach(containerId(text, 0, text.length));
    const others = this.ofContainer.get(id) ?? [];
    if (others.length === 0) this.makeRoom();
    this.ofContainer.set(id, [template, ...others.slice(0, MAX_TEMPLATES - 1)]);
    this.latest = template;
  }

  private openBy(templates: EnvelopeTemplate[], text: string, start: number, end: number): OpenedRecord | undefined {
    for (let index = 0; index < templates.length; index++) {
      const template = templates[index] as EnvelopeTemplate;
      const logEnd = template.logEnd(text, start, end);
      if (logEnd < 0) continue;
      if (index > 0) {
        templates.splice(index, 1);
        templates.unshift(template);
      }
      this.latest = template;
      return template.open(text, start, logEnd);
    }
    return undefined;
  }

  /** The container met first leaves: should it write again, one full parse brings it back. */
  private makeRoom(): void {
    if (this.ofContainer.size < MAX_CONTAINERS) return;
    for (const [oldest] of this.ofContainer) {
      this.ofContainer.delete(oldest);
      return;
    }
  }
}

/**
 * The value of `container_id`, or of Kubernetes' `docker_id`, wherever it stands; '' without one. Within the line its quotes would have
 * a backslash.
 */
function containerId(text: string, start: number, end: number): string {
  // Mostly it comes first; a search goes no further than the record.
  if (text.startsWith(firstId, start)) return idAt(text, start + firstId.length, end);
  const record = text.slice(start, end);
  const found = record.indexOf(idKey);
  if (found >= 0) return idAt(text, start + found + idKey.length, end);
  const inPod = record.lastIndexOf(podIdKey);
  return inPod < 0 ? '' : idAt(text, start + inPod + podIdKey.length, end);
}

function idAt(text: string, idStart: number, end: number): string {
  const idEnd = text.indexOf('"', idStart);
  return idEnd < 0 || idEnd > end ? '' : text.slice(idStart, Math.min(idEnd, idStart + MAX_ID));
}

const idKey = '"container_id":"';
const podIdKey = '"docker_id":"';
/** Where Fluent Bit puts it. */
const firstId = `{${idKey}`;
/** Characters of a Docker id; of a longer one so many tell it from others. */
const MAX_ID = 64;

/** Of one container, or of all whose records name none. Each costs one comparison for a record that matches none. */
const MAX_TEMPLATES = 32;
/** A template with its origin takes some 4 kB, so all together take 16 MB at most. */
const MAX_CONTAINERS = 4096;
