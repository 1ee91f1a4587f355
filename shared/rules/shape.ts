import ruleFileSchema from '../../infra/rules.schema.json' with { type: 'json' };
import { compileShape } from '../yaml/shape.js';
import type { ProblemPath } from '../yaml/source.js';

/** Checks the content of a rule file against infra/rules.schema.json; nothing is found when it has the right shape. */
export const checkShape = compileShape(ruleFileSchema, {
  name(path) {
    const keys = path.slice(1).filter((step) => typeof step === 'string');
    if (keys.length > 0) return keys.join('.');
    return path.length === 0 ? undefined : 'the rule';
  },
  keyNoun(path) {
    if (path.length === 1) return 'key';
    return path.at(-1) === 'where' ? 'column' : 'condition';
  },
  alsoAllowed: (path) => (path.includes('where') ? ', fields.<path>' : ''),
  patternAdvice,
});

function patternAdvice(path: ProblemPath): string {
  switch (path.at(-1)) {
    case 'name':
      return 'write it in kebab-case, for example payment-declined';
    case 'cooldown':
      return 'write a number and s, m, h or d, for example 15m';
    default:
      return 'write a whole http(s) link';
  }
}
