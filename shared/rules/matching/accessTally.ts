import type { Origin } from '../../line/origin.js';
import { type AccessRow, tables } from '../../line/schema/index.js';
import { accessSampleOf } from '../../signals/sample.js';
import type { Sample } from '../../signals/signal.js';
import { fromBinary } from '../../text/binary.js';
import { fieldsPrefix, RowView } from '../../where/compileWhere.js';
import { type CompiledRule, columnsAtHand, originColumns } from './compiledRule.js';
import { addSample, type Lines, maxSamples, type ShowLines } from './openSignals.js';
import { slotWidthOf } from './slot.js';

/**
 * Adds up access lines before the rules see them. Of a million lines there are few that differ in what rules look at,
 * such as their status: those that don't are counted, and the rules look at one of them. Columns are taken from the
 * stored row as it is written, whichever way it was read, and no other ones than rules ask for: a rule that wants the address
 * of each line that was refused has it looked for in those alone.
 */
export class AccessTally {
  private readonly containers = new Map<string, Container>();
  private latest: { readonly origin: Origin; readonly container: Container } | undefined;
  private size = 0;
  private readonly view = new RowView();
  /** Event time in which all rules count lines alike, in milliseconds. */
  private readonly slotWidth: number;
  /** The status, if any rule looks at it. */
  private readonly deciding: readonly Column[];

  constructor(
    private readonly rules: readonly CompiledRule[],
    private readonly show: ShowLines,
  ) {
    this.slotWidth = slotWidthOf(rules);
    this.deciding = columnsOf(rules.flatMap(({ reads }) => reads.filter((name) => columnsAtHand.has(name))));
  }

  /**
   * @param json the stored row: a binary string
   * @param status what its column of that name holds, when it is known: it is what most rules look at, and finding it
   * again would cost as much as all the rest
   */
  add(json: string, ts: number, origin: Origin, status?: string): void {
    const { latest } = this;
    // Lines of one container come together.
    const { kinds, columnsStart } = latest?.origin === origin ? latest.container : this.containerOf(origin);
    const deciding = rawValues(this.deciding, json, columnsStart, ts, status);
    let kind = kinds.get(deciding);
    if (!kind) {
      kind = this.newKind(deciding, ts, origin);
      kinds.set(deciding, kind);
    }
    if (kind.rules.length > 0) this.count(kind, rawValues(kind.telling, json, columnsStart, ts), json, ts, origin);
  }

  /** Shows the rules all lines since the last time. */
  flush(): void {
    for (const { origin, kinds } of this.containers.values()) {
      for (const [deciding, { rules, telling, slots }] of kinds) {
        const decided = values(this.deciding, deciding);
        for (const tallies of slots.values()) {
          for (const [told, tally] of tallies) {
            this.show(rules, { ...rowOf(tally.first, origin), ...decided, ...values(telling, told) }, tally);
          }
        }
      }
    }
    this.containers.clear();
    this.latest = undefined;
    this.size = 0;
  }

  private containerOf(origin: Origin): Container {
    const key = origin.binary.columnsJson;
    let container = this.containers.get(key);
    if (!container) {
      container = { origin, kinds: new Map(), columnsStart: key.length + TIME_LENGTH };
      this.containers.set(key, container);
    }
    this.latest = { origin, container };
    return container;
  }

  /** Finds the rules that may match lines of the kind, once for all of them. */
  private newKind(deciding: string, ts: number, origin: Origin): LineKind {
    this.size++;
    this.view.show({ ...rowOf(ts, origin), ...values(this.deciding, deciding) });
    const rules = this.rules.filter(({ mayMatch }) => mayMatch(this.view));
    const keepsSamples = rules.some((rule) => rule.keepsSamples && (rule.mayBePart?.(this.view) ?? true));
    const telling = columnsOf(rules.flatMap(({ reads }) => reads.filter((name) => !columnsAtHand.has(name))));
    return { rules, keepsSamples, telling, slots: new Map(), latest: undefined };
  }

  private count(kind: LineKind, told: string, json: string, ts: number, origin: Origin): void {
    const tallies = talliesOf(kind, Math.floor(ts / this.slotWidth));
    let tally = tallies.get(told);
    if (!tally) {
      tally = { count: 0, first: ts, last: ts, samples: [] };
      tallies.set(told, tally);
      this.size++;
    }
    tally.count++;
    if (ts < tally.first) tally.first = ts;
    if (ts > tally.last) tally.last = ts;
    if (kind.keepsSamples && tally.samples.length < maxSamples && tally.count <= MAX_SAMPLED) {
      addSample(tally.samples, sampleFrom(json, ts, origin));
    }
    if (this.size >= MAX_TALLIES) this.flush();
  }
}

/** Lines whose origin is the same to rules. */
interface Container {
  readonly origin: Origin;
  readonly kinds: Map<string, LineKind>;
  /** Where in its rows the line's own columns start. */
  readonly columnsStart: number;
}

/** Lines of a container that are alike in the columns at hand. */
interface LineKind {
  /** Those that may match. */
  readonly rules: readonly CompiledRule[];
  readonly keepsSamples: boolean;
  /** Columns by which the lines are told apart, and those that are the same in them counted together. */
  readonly telling: readonly Column[];
  readonly slots: Map<number, Tallies>;
  latest: { readonly slot: number; readonly tallies: Tallies } | undefined;
}

type Tallies = Map<string, OpenLines>;
type OpenLines = { -readonly [K in keyof Lines]: Lines[K] } & { readonly samples: Sample[] };

/** Lines of one time come together. */
function talliesOf(kind: LineKind, slot: number): Tallies {
  if (kind.latest?.slot === slot) return kind.latest.tallies;
  const tallies: Tallies = kind.slots.get(slot) ?? new Map();
  kind.slots.set(slot, tallies);
  kind.latest = { slot, tallies };
  return tallies;
}

/** Lines that are looked at for samples: when so many say the same, the next ones will. */
const MAX_SAMPLED = 20;

/** Keeps an invocation in which every line differs within some megabytes: rules then look at more of the lines. */
const MAX_TALLIES = 4096;

/** A column of the row's JSON, and what stands before its value. No text holds that: in a text each quote has a backslash. */
interface Column {
  readonly name: string;
  readonly before: string;
}

/** The columns of the JSON that hold these columns and paths; what a line's origin says is known without it. */
function columnsOf(names: readonly string[]): readonly Column[] {
  const columns = new Set(names.map((name) => (name.startsWith(fieldsPrefix) ? 'fields' : name)));
  return [...columns]
    .filter((name) => name in tables.access && !originColumns.has(name))
    .map((name) => ({ name, before: `,"${name}":` }));
}

/** Characters of `{"ts":"2026-11-22 16:41:02.000"`, which the origin's columns follow. */
const TIME_LENGTH = 31;

/** The columns' values as they are written, one a line; nothing for one that is missing. */
function rawValues(columns: readonly Column[], json: string, from: number, ts: number, status?: string): string {
  const [only] = columns;
  if (only === undefined) return '';
  let raw = rawValue(only, json, from, ts, status);
  for (let index = 1; index < columns.length; index++) {
    raw += `\n${rawValue(columns[index] as Column, json, from, ts, status)}`;
  }
  return raw;
}

function rawValue({ name, before }: Column, json: string, from: number, ts: number, status?: string): string {
  if (name === 'status' && status !== undefined) return status;
  if (name === 'ts') return String(ts);
  const at = json.indexOf(before, from);
  if (at < 0) return '';
  const start = at + before.length;
  return json.slice(start, json.charCodeAt(start) === QUOTE ? textEnd(json, start) : scalarEnd(json, start));
}

function textEnd(json: string, start: number): number {
  for (let at = json.indexOf('"', start + 1); ; at = json.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (json.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at + 1;
  }
}

function scalarEnd(json: string, start: number): number {
  let end = start;
  while (json.charCodeAt(end) !== COMMA && json.charCodeAt(end) !== CLOSING_BRACE) end++;
  return end;
}

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const CLOSING_BRACE = 125;

/** The columns' values, from what {@link rawValues} gave. */
function values(columns: readonly Column[], raw: string): Partial<AccessRow> {
  const texts = raw.split('\n');
  return Object.fromEntries(
    columns.flatMap(({ name }, at) => {
      const value = parsed(texts[at] ?? '');
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** A value as it is written, or nothing. Most are plain texts, which need no parser. */
function parsed(raw: string): unknown {
  if (raw === '') return undefined;
  return plainText.test(raw) ? raw.slice(1, -1) : JSON.parse(fromBinary(raw));
}

const plainText = /^"[^"\\\u0080-\u00ff]*"$/;

function rowOf(ts: number, { service, source, task, cluster }: Origin): AccessRow {
  const row: AccessRow = { ts };
  if (service !== undefined) row.service = service;
  if (source !== undefined) row.source = source;
  if (task !== undefined) row.task = task;
  if (cluster !== undefined) row.cluster = cluster;
  return row;
}

function sampleFrom(json: string, ts: number, origin: Origin): Sample {
  const { service } = origin;
  const row: AccessRow = service === undefined ? { ts } : { ts, service };
  const [method, path, status] = request.map((column) => parsed(rawValue(column, json, TIME_LENGTH, ts)));
  return accessSampleOf({ ...row, ...({ method, path, status } as Partial<AccessRow>) });
}

const request = columnsOf(['method', 'path', 'status']);
