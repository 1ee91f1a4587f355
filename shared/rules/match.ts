import type { EntryRow } from '../schema/index.js';
import type { Sample, Signal } from '../signals.js';
import { joinKey } from './key.js';
import type { Rule } from './rule.js';
import { sampleText } from './sample.js';
import { asText, compileReader, compileWhere, type Predicate, type Reader, RowView } from './where.js';

/** Samples that one signal carries. */
const maxSamples = 5;

const MINUTE = 60_000;

/** The rules of a function, compiled once at cold start. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  /** A fresh collector for one invocation. */
  collector(): SignalCollector;
}

/** Shows the rows of one invocation to the rules and adds up what matches. */
export interface SignalCollector {
  /** Never throws: a rule that does is skipped for that row and counted in `errors`. */
  observe(type: 'error' | 'app', row: EntryRow): void;
  /** One signal for each rule, key and minute of event time, in the order in which they were first seen. */
  signals(): Signal[];
  /** How often a rule threw. */
  readonly errors: number;
  /** Which rules threw, how often, and the last reason of each. */
  readonly failures: ReadonlyMap<string, RuleFailure>;
}

interface RuleFailure {
  readonly count: number;
  readonly reason: string;
}

/**
 * Compiles rules to closures.
 *
 * @throws SyntaxError when a where-clause holds a regular expression that is not valid; `loadRules` refuses those.
 *
 * @example
 * const collector = compileRules(rules).collector();
 * for (const row of rows) collector.observe('error', row);
 * const batch = signalBatch(recordIds, collector.signals());
 */
export function compileRules(rules: readonly Rule[]): RuleSet {
  const compiled = rules.map(compileRule);
  const byType = {
    error: compiled.filter(({ rule }) => rule.on.includes('error')),
    app: compiled.filter(({ rule }) => rule.on.includes('app')),
  };
  return { rules, collector: () => new Collector(byType) };
}

interface CompiledRule {
  readonly rule: Rule;
  readonly matches: Predicate;
  readonly by: readonly { readonly name: string; readonly read: Reader }[];
}

function compileRule(rule: Rule): CompiledRule {
  return { rule, matches: compileWhere(rule.where), by: rule.by.map((name) => ({ name, read: compileReader(name) })) };
}

type OpenSignal = { -readonly [K in keyof Signal]: Signal[K] } & { samples: Sample[] };

class Collector implements SignalCollector {
  readonly failures = new Map<string, RuleFailure>();
  readonly #rules: Readonly<Record<'error' | 'app', readonly CompiledRule[]>>;
  readonly #view = new RowView();
  /** By rule, then by minute and key. */
  readonly #open = new Map<Rule, Map<string, OpenSignal>>();

  constructor(rules: Readonly<Record<'error' | 'app', readonly CompiledRule[]>>) {
    this.#rules = rules;
  }

  get errors(): number {
    let errors = 0;
    for (const failure of this.failures.values()) errors += failure.count;
    return errors;
  }

  observe(type: 'error' | 'app', row: EntryRow): void {
    this.#view.show(row);
    for (const compiled of this.#rules[type]) {
      try {
        if (compiled.matches(this.#view)) this.#add(compiled);
      } catch (error) {
        this.#fail(compiled.rule.name, error);
      }
    }
  }

  signals(): Signal[] {
    return [...this.#open.values()].flatMap((signals) => [...signals.values()]);
  }

  #add({ rule, by }: CompiledRule): void {
    const { row } = this.#view;
    const values = by.map(({ read }) => asText(read(this.#view)));
    const key = joinKey(values.map((value) => value ?? ''));
    const minute = Math.floor(row.ts / MINUTE) * MINUTE;

    const signals = this.#signalsOf(rule);
    const place = `${minute} ${key}`;
    let signal = signals.get(place);
    if (!signal) {
      const labels = labelsOf(by, values);
      signal = { rule: rule.name, key, labels, minute, count: 0, first: row.ts, last: row.ts, samples: [] };
      signals.set(place, signal);
    }
    signal.count++;
    signal.first = Math.min(signal.first, row.ts);
    signal.last = Math.max(signal.last, row.ts);
    if (signal.samples.length < maxSamples) addSample(signal.samples, row);
  }

  #signalsOf(rule: Rule): Map<string, OpenSignal> {
    let signals = this.#open.get(rule);
    if (!signals) {
      signals = new Map();
      this.#open.set(rule, signals);
    }
    return signals;
  }

  #fail(rule: string, error: unknown): void {
    const count = (this.failures.get(rule)?.count ?? 0) + 1;
    this.failures.set(rule, { count, reason: error instanceof Error ? error.message : String(error) });
  }
}

/** A column without a value gets no label, which tells it from an empty one. */
function labelsOf(by: CompiledRule['by'], values: readonly (string | undefined)[]): Record<string, string> {
  const labels = by.flatMap(({ name }, at) => {
    const value = values[at];
    return value === undefined ? [] : [[name, sampleText(value)] as const];
  });
  return Object.fromEntries(labels);
}

/** Five times the same line would teach the reader nothing, so each message is kept once. */
function addSample(samples: Sample[], row: EntryRow): void {
  const message = sampleText(row.message ?? '');
  if (samples.some((sample) => sample.message === message)) return;
  const service = sampleText(row.service ?? '');
  samples.push({ ts: row.ts, service, ...(row.level === undefined ? {} : { level: row.level }), message });
}
