import { bucketWidth, type Rule } from './rule.js';
import { compileReader, compileWhere, namesIn, type Predicate, type Reader } from './where.js';

/** A rule with everything made ready that a line needs. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly matches: Predicate;
  readonly by: readonly { readonly name: string; readonly read: Reader }[];
  /** Of a ratio: whether a line is in the part that is measured. */
  readonly isPart: Predicate | undefined;
  /** Of a cardinality or a change: the value that it is about. */
  readonly readValue: Reader | undefined;
  /** Milliseconds of event time in one signal. */
  readonly width: number;
  /** Nobody asks what was last heard of a key before it fell silent, and a sample of each would be most of a batch. */
  readonly keepsSamples: boolean;
  /** Columns and paths that decide whether a line counts … */
  readonly decidedBy: readonly string[];
  /** … and those that are read of a line that does. */
  readonly reads: readonly string[];
}

/** @throws SyntaxError when a where-clause holds a regular expression or an address block that is not valid */
export function compileRule(rule: Rule): CompiledRule {
  const part = rule.type === 'ratio' ? rule.of : undefined;
  const value = rule.type === 'cardinality' || rule.type === 'change' ? rule.of : undefined;
  return {
    rule,
    matches: compileWhere(rule.where),
    by: rule.by.map((name) => ({ name, read: compileReader(name) })),
    isPart: part && compileWhere(part),
    readValue: value === undefined ? undefined : compileReader(value),
    width: bucketWidth(rule),
    keepsSamples: rule.type !== 'absence',
    decidedBy: [...namesIn(rule.where), ...(part ? namesIn(part) : [])],
    reads: value === undefined ? rule.by : [...rule.by, value],
  };
}
