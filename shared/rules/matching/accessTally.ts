import type { Origin } from '../../line/origin.js';
import { ColumnReader, columnsStart } from '../../line/rowText.js';
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
import { linesStoodFor, requestColumns } from './topColumns.js';

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
  /** The status, if any rule looks at it or tells of it. */
  private readonly deciding: readonly ColumnReader[];

  constructor(
    private readonly rules: readonly CompiledRule[],
    private readonly show: ShowLines,
  ) {
    const wanted = rules.flatMap(({ reads, top }) => [...reads, ...top.map(({ name }) => name)]);
    this.deciding = columnsOf(wanted.filter((name) => columnsAtHand.has(name)));
  }

  /**
   * @param json the stored row: a binary string
   * @param status what its column of that name holds, when it is known: it is what most rules look at, and finding it
   * again would cost as much as all the rest
   * @param own the row's time, when its clock is off
   */
  add(json: string, ts: number, origin: Origin, status?: string, own?: number): void {
    const { latest } = this;
    // Lines of one container come together, and most of them have the status of the line before.
    const container = latest?.origin === origin ? latest.container : this.containerOf(origin);
    const deciding = rawValues(this.deciding, json, container.columnsStart, ts, status);
    if (deciding !== container.latest?.deciding) container.latest = this.kindOf(container, deciding, ts);
    const { groups } = container.latest;
    for (let at = 0; at < groups.length; at++) {
      this.count(groups[at] as RuleGroup, json, ts, container, own);
    }
    if (this.size >= MAX_TALLIES) this.flush();
  }

  /** Shows the rules all lines since the last time. */
  flush(): void {
    for (const container of this.containers.values()) {
      for (const group of container.groups.values()) this.showGroup(group, container.origin);
    }
    this.containers.clear();
    this.latest = undefined;
    this.size = 0;
  }

  private showGroup({ rules, decided, telling, slots }: RuleGroup, origin: Origin): void {
    for (const { tallies } of slots.values()) {
      for (const [told, tally] of tallies) {
        const { first, requests } = tally;
        const row = Object.assign(rowOf(first, origin), decided, values(telling, told));
        this.show(rules, row, { ...tally, top: requests.length === 0 ? undefined : topOf(requests) });
      }
    }
  }

  private containerOf(origin: Origin): Container {
    const key = origin.binary.columnsJson;
    let container = this.containers.get(key);
    if (!container) {
      const start = columnsStart(key);
      container = { origin, kinds: new Map(), groups: new Map(), columnsStart: start, latest: undefined };
      this.containers.set(key, container);
    }
    this.latest = { origin, container };
    return container;
  }

  private kindOf(container: Container, deciding: string, ts: number): Kind {
    const known = container.kinds.get(deciding);
    if (known) return known;
    const kind = { deciding, groups: this.groupsOf(container, deciding, ts) };
    container.kinds.set(deciding, kind);
    this.size++;
    return kind;
  }

  /** Finds the rules that may match lines of the kind, once for all of them. */
  private groupsOf({ origin, groups }: Container, deciding: string, ts: number): readonly RuleGroup[] {
    const decided = values(this.deciding, deciding);
    this.view.show({ ...rowOf(ts, origin), ...decided });
    const rules = this.rules.filter(({ mayMatch }) => mayMatch(this.view));
    return [...groupBy(rules, tellingNames).values()].flatMap((alike) =>
      groupBySlot(alike).map(({ rules, slotWidth }) => {
        const keepsSamples = rules.some((rule) => rule.keepsSamples && (rule.mayBePart?.(this.view) ?? true));
        const telling = columnsOf(rules.flatMap(toldApartBy));
        const name = keepsSamples || telling.length > 0 ? deciding : (this.outcomeOf(rules) ?? deciding);
        const key = `${rules.map((rule) => this.rules.indexOf(rule))} ${name}`;
        const group = groups.get(key) ?? {
          ...{ rules, keepsSamples, decided, telling, slotWidth },
          ...{ slots: new Map(), latest: undefined },
        };
        groups.set(key, group);
        return group;
      }),
    );
  }

  /**
   * What rules that look at columns at hand alone make of the row that the view shows: 200 and 304 are mostly the same to them. Undefined
   * when they tell one value from every other, or one of them fails.
   */
  private outcomeOf(rules: readonly CompiledRule[]): string | undefined {
    if (rules.some(({ apart }) => apart.some((name) => !originColumns.has(name)))) return undefined;
    try {
      return rules.map(({ matches, isPart }) => `${matches(this.view)}/${isPart?.(this.view)}`).join();
    } catch {
      return undefined;
    }
  }

  private count(group: RuleGroup, json: string, ts: number, { origin, columnsStart }: Container, own?: number): void {
    const told = rawValues(group.telling, json, columnsStart, ts);
    const slot = slotOf(group, ts);
    if (told !== slot.latest?.told) slot.latest = this.tallyOf(slot, told, ts);
    const tally = slot.latest;
    tally.count++;
    if (ts < tally.first) tally.first = ts;
    if (ts > tally.last) tally.last = ts;
    if (own !== undefined) tally.own = joinOwn(tally.own, { first: own, last: own });
    if (group.keepsSamples) lookAtRequest(tally, json, columnsStart, ts, origin);
  }

  private tallyOf({ tallies }: Slot, told: string, ts: number): OpenLines {
    const known = tallies.get(told);
    if (known) return known;
    const tally = { told, count: 0, first: ts, last: ts, samples: [], requests: [] };
    tallies.set(told, tally);
    this.size++;
    return tally;
  }
}

/** Lines whose origin is the same to rules. */
interface Container {
  readonly origin: Origin;
  readonly kinds: Map<string, Kind>;
  /** By their rules and what these make of the lines. */
  readonly groups: Map<string, RuleGroup>;
  /** Where in its rows the line's own columns start. */
  readonly columnsStart: number;
  /** Of the latest line. */
  latest: Kind | undefined;
}

/** Lines that are alike in the columns at hand, with the rules that may match them. */
interface Kind {
  readonly deciding: string;
  readonly groups: readonly RuleGroup[];
}

/** Rules that tell lines of a kind apart by the same columns, and in whose buckets a slot fits: what is counted once serves all. */
interface RuleGroup {
  readonly rules: readonly CompiledRule[];
  readonly keepsSamples: boolean;
  /** Columns at hand, of the first of its lines: those of the others are the same to its rules. */
  readonly decided: Partial<AccessRow>;
  /** Columns by which the lines are told apart, and those that are the same in them counted together. */
  readonly telling: readonly ColumnReader[];
  /** Event time in which all these rules count lines alike, in milliseconds. */
  readonly slotWidth: number;
  readonly slots: Map<number, Slot>;
  latest: Slot | undefined;
}

interface Slot {
  readonly start: number;
  readonly tallies: Map<string, OpenLines>;
  /** That of the latest line. */
  latest: OpenLines | undefined;
}

type OpenLines = { -readonly [K in keyof Omit<Lines, 'top'>]: Lines[K] } & {
  readonly told: string;
  readonly samples: Sample[];
  /** The values of {@link requestColumns} as they are written, in this order. */
  readonly requests: TopValues[];
};

/** Lines of one time come together. */
function slotOf(group: RuleGroup, ts: number): Slot {
  const { latest, slots, slotWidth } = group;
  if (latest && ts >= latest.start && ts < latest.start + slotWidth) return latest;
  const start = Math.floor(ts / slotWidth) * slotWidth;
  const slot: Slot = slots.get(start) ?? { start, tallies: new Map(), latest: undefined };
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

function lookAtRequest(tally: OpenLines, json: string, from: number, ts: number, origin: Origin): void {
  const weight = linesStoodFor(tally.count);
  if (weight === 0) return;
  const { requests, samples } = tally;
  let isNew = samples.length === 0;
  for (let at = 0; at < requested.length; at++) {
    const raw = (requested[at] as ColumnReader).read(json, from);
    if (raw === '' || raw === '""') continue;
    requests[at] ??= new TopValues();
    if (requests[at]?.add(raw, weight)) isNew ||= at === PATH;
  }
  // A request for a path that was asked for before says the same.
  if (isNew && samples.length < maxSamples) addSample(samples, sampleFrom(json, from, ts, origin));
}

function topOf(requests: readonly TopValues[]): Top {
  return Object.fromEntries(
    requested.flatMap(({ name }, at) => {
      const top = requests[at]?.entries().map(([raw, count]) => [String(parsed(raw)), count] as const);
      return top ? [[name, top]] : [];
    }),
  );
}

function sampleFrom(json: string, from: number, ts: number, { service }: Origin): Sample {
  const [method, path, status] = request.map((column) => parsed(column.read(json, from)));
  return accessSampleOf({ ts, service: service ?? '', ...({ method, path, status } as Partial<AccessRow>) });
}

const request = columnsOf(['method', 'path', 'status']);
const requested = columnsOf(requestColumns);
const PATH = requestColumns.indexOf('path');
