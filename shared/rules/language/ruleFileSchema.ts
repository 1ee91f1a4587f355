import ruleFileSchema from '../../../infra/rules.schema.json' with { type: 'json' };
import { allTypes } from '../../conditions/index.js';
import { combinations } from '../../where/clause.js';
import { compileShape } from '../../yaml/jsonSchema.js';
import type { ProblemPath } from '../../yaml/source.js';

/** Checks the content of a rule file against infra/rules.schema.json; nothing is found when it has the right shape. */
export const checkShape = compileShape(ruleFileSchema, {
  name(path) {
    const keys = path.slice(1).filter((step) => typeof step === 'string');
    if (keys.length > 0) return keys.join('.');
    return path.length === 0 ? undefined : 'the rule';
  },
  keyNoun(path) {
    if (isWhere(path)) return 'column';
    return isInWhere(path) ? 'condition' : 'key';
  },
  alsoAllowed: (path) => (isWhere(path) || path.includes('given') ? ', fields.<path>' : ''),
  patternAdvice,
  mistyped(path, value) {
    const key = path.at(-1);
    if (isInWhere(path) && path.length === 2 && typeof value === 'string') {
      return `${key} is "${value}"; write columns and what they have to be, such as { message: { contains: ${key === 'then' ? 'finished' : 'failed'} } }`;
    }
    const [number] = typeof value === 'string' ? (/^\d[\d.]*(?=\s*[a-zA-Z])/.exec(value) ?? []) : [];
    if (number === undefined || key !== 'above') return undefined;
    return `${key} is "${value}"; write the number alone, in the column's own unit: milliseconds for duration_ms, bytes for bytes`;
  },
  misplaced(_path, key, rule, types) {
    const { type = 'match' } = rule as { readonly type?: string };
    return `"${key}" is for ${types.join(', ')}; this rule is a ${type}`;
  },
});

function isInWhere(path: ProblemPath): boolean {
  return path[1] === 'where' || path[1] === 'of' || path[1] === 'then';
}

/** A where-clause rather than the conditions on a column. */
function isWhere(path: ProblemPath): boolean {
  return isInWhere(path) && path.slice(2).every((step) => typeof step === 'number' || combinations.has(step));
}

const durations: ReadonlySet<string> = new Set([
  ...['cooldown', 'max_cooldown', 'resolve_after', 'lateness', 'at', 'every', 'arrives', 'behind'],
  ...allTypes.flatMap(({ durations }) => Object.keys(durations ?? {})),
]);

const adviceOfTypes: ReadonlyMap<string, string> = new Map(
  allTypes.flatMap(({ patternAdvice }) => Object.entries(patternAdvice ?? {})),
);

function patternAdvice(path: ProblemPath): string {
  const key = String(path.findLast((step) => typeof step === 'string'));
  if (durations.has(key)) return 'write a number and s, m, h or d, for example 15m';
  switch (key) {
    case 'name':
    case 'unless_firing':
    case 'only_if_firing':
      return 'write it in kebab-case, for example payment-declined';
    case 'route':
      return 'write it in kebab-case, for example team-payments';
    case 'from':
    case 'to':
      return 'write hours and minutes, for example "22:00"';
    default:
      return adviceOfTypes.get(key) ?? 'write a whole http(s) link, or a path such as docs/runbooks/fatal-line.md';
  }
}
