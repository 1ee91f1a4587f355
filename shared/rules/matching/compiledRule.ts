import { looksAt } from '../../conditions/condition.js';
import type { OpenSum } from '../../conditions/conditionType.js';
import { typeOf } from '../../conditions/index.js';
import { bucketWidth } from '../../conditions/window.js';
import { partsOf, type Where } from '../../where/clause.js';
import { compileReader, compileWhere, namesIn, type Predicate, type Reader } from '../../where/compileWhere.js';
import type { Rule } from '../language/rule.js';
import { type TopReader, topReaders } from './topColumns.js';

/** A rule with everything made ready that a line needs. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly matches: Predicate;
  readonly by: readonly { readonly name: string; readonly read: Reader }[];
  /** Whether a line is in the part that is counted; undefined when all are. */
  readonly isPart: Predicate | undefined;
  /** The value that it looks at, if it looks at one. */
  readonly readValue: Reader | undefined;
  /** Begins what a signal carries beside the number of its lines. */
  readonly openSum: (() => OpenSum<object>) | undefined;
  /** Milliseconds of event time in one signal. */
  readonly width: number;
  /** False where lines are only missed: people are told of none, but for the newest one perhaps. */
  readonly keepsSamples: boolean;
  /** Whether the newest line is kept as the only sample. */
  readonly keepsLast: boolean;
  /** The columns whose most frequent values are told: none where no samples are kept. */
  readonly top: readonly TopReader[];
  /** What the columns at hand say of an access line before any other is looked for: false is certain. */
  readonly mayMatch: Predicate;
  readonly mayBePart: Predicate | undefined;
  /** The columns and paths whose values it tells apart: those of its key, and the one that it looks at. */
  readonly apart: readonly string[];
  /** All columns and paths that it looks at. */
  readonly reads: readonly string[];
  /** Lines from the same place are the same to it: it looks at nothing else, and keeps no samples but the newest line. */
  readonly countsOnly: boolean;
}

/** @throws SyntaxError when a where-clause holds a regular expression or an address block that is not valid */
export function compileRule(rule: Rule): CompiledRule {
  const { of, sum, missing, lastLine } = typeOf(rule);
  const { part, column } = of?.(rule) ?? {};
  const looked = looksAt(rule);
  const keepsSamples = missing === undefined;
  const apart = [...rule.by, ...(column === undefined ? [] : [column])];
  const reads = [...namesIn(looked), ...(part ? namesIn(part) : []), ...apart];
  return {
    rule,
    matches: compileWhere(looked),
    by: rule.by.map((name) => ({ name, read: compileReader(name) })),
    isPart: part && compileWhere(part),
    readValue: column === undefined ? undefined : compileReader(column),
    openSum: sum && (() => sum.open(rule)),
    width: bucketWidth(rule),
    keepsSamples,
    keepsLast: lastLine?.(rule) ?? false,
    top: keepsSamples ? topReaders(rule.by) : [],
    mayMatch: compileWhere(ofColumnsAtHand(looked)),
    mayBePart: part && compileWhere(ofColumnsAtHand(part)),
    apart,
    reads,
    countsOnly: !keepsSamples && reads.every((name) => originColumns.has(name)),
  };
}

/** Columns that tell where a line comes from. */
export const originColumns: ReadonlySet<string> = new Set(['service', 'source', 'task', 'cluster']);

/** Columns of an access line that are known without a look at its row: what its origin says, and what its lane hands over. */
export const columnsAtHand: ReadonlySet<string> = new Set([...originColumns, 'status']);

/** What a clause asks of the columns at hand: whatever the clause matches, this matches. */
function ofColumnsAtHand(where: Where): Where {
  const { columns, all } = partsOf(where);
  return {
    ...Object.fromEntries(columns.filter(([name]) => columnsAtHand.has(name))),
    all: all.map(ofColumnsAtHand),
  };
}
