import { looksAt } from '../../conditions/condition.js';
import { typeOf } from '../../conditions/index.js';
import { windowOf } from '../../conditions/window.js';
import { type LogType, logTypes, tables } from '../../line/schema/index.js';
import type { AccessSink } from '../../record/read.js';
import { sampleColumns } from '../../signals/sample.js';
import type { RuleFailure, Signal } from '../../signals/signal.js';
import { fieldsPrefix, RowView, type ViewedRow } from '../../where/compileWhere.js';
import type { Rule } from '../language/rule.js';
import { streamRule } from '../streamRule.js';
import { AccessTally } from './accessTally.js';
import { type CompiledRule, compileRule, originColumns } from './compiledRule.js';
import { LineRuns } from './lineRuns.js';
import { OffClocks } from './offClocks.js';
import { type Lines, OpenSignals, type ShowLines } from './openSignals.js';
import { compilePrefilter, type Prefilter } from './prefilter.js';
import { topColumns } from './topColumns.js';

/** The rules of a function, compiled once at cold start. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  /** The columns of a table's rows that make a difference to a collector, in the table's order. */
  columns(type: LogType): readonly string[];
  /** A fresh collector for one invocation. */
  collector(): SignalCollector;
}

/** Shows the rows of one invocation to the rules and adds up what matches. */
export interface SignalCollector {
  /** Never throws: a rule that does is passed over for that row and counted in `failures`. */
  observe(type: LogType, row: ViewedRow): void;
  /**
   * Takes access lines as the row that is stored, a binary string, and adds them up before it shows them to the rules.
   * Undefined when no rule looks at access lines.
   */
  readonly access: AccessSink | undefined;
  /** One signal for each rule, key and bucket of event time; those of a rule in the order in which they were first seen. */
  signals(): Signal[];
  /** The rules that threw. */
  failures(): RuleFailure[];
}

/**
 * Compiles rules to closures.
 *
 * @param asStream whether the rows are all that a stream has: if so, rules about absence are told when the whole stream was
 * last heard of, and it is told whose clock is off.
 * @throws SyntaxError when a where-clause holds a regular expression or an address block that is not valid; `loadRules`
 * refuses those.
 *
 * @example
 * const collector = compileRules(rules).collector();
 * for (const row of rows) collector.observe('error', row);
 * const batches = signalBatches(recordIds, collector.signals(), collector.failures());
 */
export function compileRules(rules: readonly Rule[], { asStream = true } = {}): RuleSet {
  // Nobody asks for the stream unless a key is missed.
  const isAsked = asStream && rules.some((rule) => typeOf(rule).missing && windowOf(rule) !== undefined);
  const compiled = [...rules, ...(isAsked ? [streamRule] : [])].map(compileRule);
  const byType = ofEachType((type) => {
    const all = compiled.filter(({ rule }) => rule.on.includes(type));
    const looking = all.filter(({ countsOnly }) => !countsOnly);
    const counting = all.filter(({ countsOnly }) => countsOnly);
    return { all, counting, looking: compilePrefilter(looking, ({ rule }) => looksAt(rule), type) };
  });
  return {
    rules,
    columns: (type) => columnsLookedAt(type, byType[type].all),
    collector: () => new Collector(byType, asStream),
  };
}

/** What rules ask for, where rows come from, and what messages show of them. */
function columnsLookedAt(type: LogType, rules: readonly CompiledRule[]): string[] {
  const asked = rules.flatMap(({ reads }) => reads.map((name) => (name.startsWith(fieldsPrefix) ? 'fields' : name)));
  const wanted = new Set(['ts', ...originColumns, ...sampleColumns, ...topColumns, ...asked]);
  return Object.keys(tables[type]).filter((name) => wanted.has(name));
}

/** The rules that look at lines of one type. */
interface TypeRules {
  readonly all: readonly CompiledRule[];
  /** Those to which lines from one place are the same, and all others. */
  readonly counting: readonly CompiledRule[];
  readonly looking: Prefilter<CompiledRule>;
}

type ByType<T> = Readonly<Record<LogType, T>>;

function ofEachType<T>(make: (type: LogType) => T): ByType<T> {
  return Object.fromEntries(logTypes.map((type) => [type, make(type)])) as ByType<T>;
}

class Collector implements SignalCollector {
  readonly access: SignalCollector['access'];
  private readonly tally: AccessTally | undefined;
  private readonly runs: ByType<LineRuns | undefined>;
  private readonly view = new RowView();
  private readonly open = new Map<CompiledRule, OpenSignals>();
  private readonly failed = new Map<string, RuleFailure>();
  private readonly offClocks: OffClocks | undefined;

  constructor(
    private readonly rules: ByType<TypeRules>,
    asStream: boolean,
  ) {
    this.offClocks = asStream ? new OffClocks() : undefined;
    const show: ShowLines = (of, row, lines) => {
      this.view.show(row);
      this.show(of, lines);
    };
    this.runs = ofEachType((type) => {
      const { counting } = rules[type];
      return counting.length === 0 ? undefined : new LineRuns(counting, show);
    });
    if (rules.access.all.length === 0) return;
    const tally = new AccessTally(rules.access.all, show);
    this.tally = tally;
    this.access = (json, ts, origin, status, clockOff) => {
      tally.add(json, ts, origin, status, clockOff?.own);
      if (clockOff) this.offClocks?.add(origin, ts, clockOff);
    };
  }

  observe(type: LogType, row: ViewedRow): void {
    this.runs[type]?.add(row);
    if (row.clockOff) this.offClocks?.add(row, row.ts, row.clockOff);
    this.view.show(row);
    this.show(this.rules[type].looking.candidates(this.view));
  }

  signals(): Signal[] {
    this.flush();
    return [...[...this.open.values()].flatMap((open) => open.signals()), ...(this.offClocks?.signals() ?? [])];
  }

  failures(): RuleFailure[] {
    this.flush();
    return [...this.failed.values()];
  }

  private flush(): void {
    this.tally?.flush();
    for (const type of logTypes) this.runs[type]?.flush();
  }

  /** Shows what the view shows. */
  private show(rules: readonly CompiledRule[], lines?: Lines): void {
    for (const compiled of rules) {
      try {
        if (compiled.matches(this.view)) this.openOf(compiled).add(this.view, lines);
      } catch (error) {
        this.fail(compiled, error, lines?.count ?? 1);
      }
    }
  }

  private openOf(compiled: CompiledRule): OpenSignals {
    let open = this.open.get(compiled);
    if (!open) {
      open = new OpenSignals(compiled);
      this.open.set(compiled, open);
    }
    return open;
  }

  /** An error's message may quote the line, and the reason goes to Slack: its name has to do. */
  private fail({ rule }: CompiledRule, error: unknown, lines: number): void {
    const count = (this.failed.get(rule.name)?.count ?? 0) + lines;
    this.failed.set(rule.name, {
      rule: rule.name,
      count,
      reason: error instanceof Error ? error.name : 'not an Error',
    });
  }
}
