import type { Origin } from '../line/origin.js';
import type { Fields, Parsed } from '../line/parsed.js';
import type { Row } from '../line/row.js';
import type { JsonObject } from '../parse/json/object.js';
import type { Redactor } from '../redact/redactor.js';
import type { Kept } from '../treatment/accessRules.js';
import type { LinePolicy, ReadingReasons } from '../treatment/policy.js';

/** A line as the pipeline read it, before anything was taken out of it. */
export interface ReadLine {
  readonly log: string | JsonObject;
  readonly origin: Origin;
  /** The line's own time, ms since the epoch. */
  readonly time: number | undefined;
  readonly columns: Readonly<Record<string, unknown>>;
  readonly fields: Fields;
}

/** What became of its row. */
export interface KeptRow {
  readonly row: Row;
  readonly kept: Kept;
  /** The access rule that left it out. */
  readonly rule: string | undefined;
}

/**
 * A policy that does what another does and takes down what it is asked. The reader that goes by it takes no lane: both ways
 * give the same row, and the full parse tells how.
 */
export class WatchedPolicy implements LinePolicy {
  readonly redactor: Redactor;
  readonly logTypeField: string;
  private line: ReadLine | undefined;
  private redactions = new Map<string, number>();
  private readonly ofOrigins = new WeakMap<Origin, ReadonlyMap<string, number>>();

  /**
   * @param policy one that nobody else counts with: what it counted is taken
   * @param onRow told of each row whose fate was decided
   */
  constructor(
    private readonly policy: LinePolicy,
    private readonly onRow: (kept: KeptRow) => void,
  ) {
    this.redactor = policy.redactor;
    this.logTypeField = policy.logTypeField;
  }

  origin(origin: Origin): Origin {
    const clean = this.policy.origin(origin);
    this.ofOrigins.set(clean, this.policy.takeCounts().redacted);
    return clean;
  }

  parse(log: string | JsonObject, origin: Origin): Parsed {
    const parsed = this.policy.parse(log, origin);
    this.line = { log, origin, time: parsed.time, columns: { ...parsed.columns }, fields: [...parsed.fields] };
    return parsed;
  }

  keep(row: Row): Kept {
    const kept = this.policy.keep(row);
    const { redacted, dropped, sampled } = this.policy.takeCounts();
    this.redactions = new Map([...this.redactions, ...redacted]);
    const [rule] = [...dropped.keys(), ...sampled.keys()];
    this.onRow({ row, kept, rule });
    return kept;
  }

  /** The line that was read last, and what was taken out of it and of its origin since the last call. */
  take(): { readonly line: ReadLine | undefined; readonly redacted: ReadonlyMap<string, number> } {
    const { line } = this;
    const redacted = new Map(line && this.ofOrigins.get(line.origin));
    const others = [...this.redactions, ...this.policy.takeCounts().redacted];
    for (const [name, count] of others) redacted.set(name, (redacted.get(name) ?? 0) + count);
    this.line = undefined;
    this.redactions = new Map();
    return { line, redacted };
  }

  isPlain(): boolean {
    return false;
  }

  isAccess(log: string, origin: Origin): boolean {
    return this.policy.isAccess(log, origin);
  }

  reasons(log: string | JsonObject, origin: Origin): ReadingReasons {
    return this.policy.reasons(log, origin);
  }

  takeCounts(): ReturnType<LinePolicy['takeCounts']> {
    return this.policy.takeCounts();
  }
}
