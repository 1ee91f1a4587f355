import type { Origin } from '../../line/origin.js';
import { ColumnReader, columnsStart, TIME_END } from '../../line/rowText.js';
import { type AccessRow, tables } from '../../line/schema/index.js';
import { joinOwn } from '../../signals/ownTimes.js';
import { accessSampleOf } from '../../signals/sample.js';
import type { Sample, Top } from '../../signals/signal.js';
import { TopValues } from '../../signals/top.js';
import { fromBinary } from '../../text/binary.js';
import { groupBy } from '../../text/groupBy.js';
import { fieldsPrefix, RowView } from '../../where/compileWhere.js';
import { type CompiledRule, columnsAtHand, originColumns } from './compiledRule.js';
import { addSample, type Lines, maxSamples, type ShowLines } from './openSignals.js';
import { groupBySlot } from './slot.js';
import { requestColumns } from './topColumns.js';

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
  /** The status, if any rule looks at it. */
  private readonly deciding: readonly ColumnReader[];

  constructor(
    private readonly rules: readonly CompiledRule[],
    private readonly show: ShowLines,
  ) {
    this.deciding = columnsOf(rules.flatMap(({ reads }) => reads.filter((name) => columnsAtHand.has(name))));
  }

  /**
   * @param json the stored row: a binary string
   * @param status what its column of that name holds, when it is known: it is what most rules look at, and finding it
   * again would cost as much as all the rest
   * @param own the row's time, when its clock is off
   */
  add(json: string, ts: number, origin: Origin, status?: string, own?: number): void {
    const { latest } = this;
    // Lines of one container come together.
    const { kinds, columnsStart } = latest?.origin === origin ? latest.container : this.containerOf(origin);
    const deciding = rawValues(this.deciding, json, columnsStart, ts, status);
    let kind = kinds.get(deciding);
    if (!kind) {
      kind = this.newKind(deciding, ts, origin);
      kinds.set(deciding, kind);
    }
    for (let at = 0; at < kind.length; at++) {
      const group = kind[at] as RuleGroup;
      this.count(group, rawValues(group.telling, json, columnsStart, ts), json, ts, origin, own);
    }
    if (this.size >= MAX_TALLIES) this.flush();
  }

  /** Shows the rules all lines since the last time. */
  flush(): void {
    for (const { origin, kinds } of this.containers.values()) {
      for (const [deciding, groups] of kinds) {
        const decided = values(this.deciding, deciding);
        for (const group of groups) this.showGroup(group, origin, decided);
      }
    }
    this.containers.clear();
    this.latest = undefined;
    this.size = 0;
  }

  private showGroup({ rules, telling, slots }: RuleGroup, origin: Origin, decided: Partial<AccessRow>): void {
    for (const { tallies } of slots.values()) {
      for (const [told, tally] of tallies) {
        const { count, first, last, samples, requests } = tally;
        const row = Object.assign(rowOf(first, origin), decided, values(telling, told));
        this.show(rules, row, {
          count,
          first,
          last,
          samples,
          top: requests.length === 0 ? undefined : topOf(requests),
        });
      }
    }
  }

  private containerOf(origin: Origin): Container {
    const key = origin.binary.columnsJson;
    let container = this.containers.get(key);
    if (!container) {
      container = { origin, kinds: new Map(), columnsStart: columnsStart(key) };
      this.containers.set(key, container);
    }
    this.latest = { origin, container };
    return container;
  }

  /** Finds the rules that may match lines of the kind, once for all of them. */
  private newKind(deciding: string, ts: number, origin: Origin): readonly RuleGroup[] {
    this.size++;
    this.view.show({ ...rowOf(ts, origin), ...values(this.deciding, deciding) });
    const rules = this.rules.filter(({ mayMatch }) => mayMatch(this.view));
    return [...groupBy(rules, tellingNames).values()].flatMap((alike) =>
      groupBySlot(alike).map(({ rules, slotWidth }) => ({
        ...{ rules, slotWidth },
        keepsSamples: rules.some((rule) => rule.keepsSamples && (rule.mayBePart?.(this.view) ?? true)),
        telling: columnsOf(rules.flatMap(toldApartBy)),
        slots: new Map(),
        latest: undefined,
      })),
    );
  }

  private count(group: RuleGroup, told: string, json: string, ts: number, origin: Origin, own?: number): void {
    const { tallies } = slotOf(group, ts);
    let tally = tallies.get(told);
    if (!tally) {
      tally = { count: 0, first: ts, last: ts, samples: [], requests: [] };
      tallies.set(told, tally);
      this.size++;
    }
    tally.count++;
    if (ts < tally.first) tally.first = ts;
    if (ts > tally.last) tally.last = ts;
    if (own !== undefined) tally.own = joinOwn(tally.own, { first: own, last: own });
    if (group.keepsSamples) {
      if (tally.samples.length < maxSamples && tally.count <= MAX_SAMPLED) {
        addSample(tally.samples, sampleFrom(json, ts, origin));
      }
      countRequest(tally, json);
    }
  }
}

/** Lines whose origin is the same to rules. */
interface Container {
  readonly origin: Origin;
  /** Lines that are alike in the columns at hand, with the rules that may match them. */
  readonly kinds: Map<string, readonly RuleGroup[]>;
  /** Where in its rows the line's own columns start. */
  readonly columnsStart: number;
}

/** Rules that tell lines of a kind apart by the same columns, and in whose buckets a slot fits: what is counted once serves all. */
interface RuleGroup {
  readonly rules: readonly CompiledRule[];
  readonly keepsSamples: boolean;
  /** Columns by which the lines are told apart, and those that are the same in them counted together. */
  readonly telling: readonly ColumnReader[];
  /** Event time in which all these rules count lines alike, in milliseconds. */
  readonly slotWidth: number;
  readonly slots: Map<number, Slot>;
  latest: Slot | undefined;
}

interface Slot {
  readonly start: number;
  readonly tallies: Tallies;
}

type Tallies = Map<string, OpenLines>;
type OpenLines = { -readonly [K in keyof Omit<Lines, 'top'>]: Lines[K] } & {
  readonly samples: Sample[];
  /** The values of {@link requestColumns} as they are written, in this order. */
  readonly requests: TopValues[];
};

/** Lines of one time come together. */
function slotOf(group: RuleGroup, ts: number): Slot {
  const { latest, slots, slotWidth } = group;
  if (latest && ts >= latest.start && ts < latest.start + slotWidth) return latest;
  const start = Math.floor(ts / slotWidth) * slotWidth;
  const slot: Slot = slots.get(start) ?? { start, tallies: new Map() };
  slots.set(start, slot);
  group.latest = slot;
  return slot;
}

function toldApartBy({ reads }: CompiledRule): readonly string[] {
  return reads.filter((name) => !columnsAtHand.has(name));
}

function tellingNames(rule: CompiledRule): string {
  return [...new Set(toldApartBy(rule))].sort().join('\n');
}

/** Lines that are looked at for samples: when so many say the same, the next ones will. */
const MAX_SAMPLED = 20;

/** Keeps an invocation in which every line differs within some megabytes: rules then look at more of the lines. */
const MAX_TALLIES = 4096;

/** The columns of the JSON that hold these columns and paths; what a line's origin says is known without it. */
function columnsOf(names: readonly string[]): readonly ColumnReader[] {
  const columns = new Set(names.map((name) => (name.startsWith(fieldsPrefix) ? 'fields' : name)));
  return [...columns]
    .filter((name) => name in tables.access && !originColumns.has(name))
    .map((name) => new ColumnReader(name));
}

/** The columns' values as they are written, one a line; nothing for one that is missing. */
function rawValues(columns: readonly ColumnReader[], json: string, from: number, ts: number, status?: string): string {
  const [only] = columns;
  if (only === undefined) return '';
  let raw = rawValue(only, json, from, ts, status);
  for (let index = 1; index < columns.length; index++) {
    raw += `\n${rawValue(columns[index] as ColumnReader, json, from, ts, status)}`;
  }
  return raw;
}

function rawValue(column: ColumnReader, json: string, from: number, ts: number, status?: string): string {
  if (column.name === 'status' && status !== undefined) return status;
  return column.name === 'ts' ? String(ts) : column.read(json, from);
}

/** The columns' values, from what {@link rawValues} gave. */
function values(columns: readonly ColumnReader[], raw: string): Partial<AccessRow> {
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

/** Of many lines some are enough to say what is frequent among them: they count for the others. */
function countRequest({ count, requests }: OpenLines, json: string): void {
  if (count > ALL_COUNTED && count % SOME_COUNTED !== 0) return;
  const weight = count > ALL_COUNTED ? SOME_COUNTED : 1;
  for (let at = 0; at < requested.length; at++) {
    const raw = (requested[at] as ColumnReader).read(json, TIME_END);
    if (raw === '' || raw === '""') continue;
    requests[at] ??= new TopValues();
    requests[at]?.add(raw, weight);
  }
}

const ALL_COUNTED = 64;
const SOME_COUNTED = 32;

function topOf(requests: readonly TopValues[]): Top {
  return Object.fromEntries(
    requested.flatMap(({ name }, at) => {
      const top = requests[at]?.entries().map(([raw, count]) => [String(parsed(raw)), count] as const);
      return top ? [[name, top]] : [];
    }),
  );
}

function sampleFrom(json: string, ts: number, origin: Origin): Sample {
  const { service } = origin;
  const row: AccessRow = service === undefined ? { ts } : { ts, service };
  const [method, path, status] = request.map((column) => parsed(column.read(json, TIME_END)));
  return accessSampleOf({ ...row, ...({ method, path, status } as Partial<AccessRow>) });
}

const request = columnsOf(['method', 'path', 'status']);
const requested = columnsOf(requestColumns);
