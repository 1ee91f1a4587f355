import { looksAt } from '../conditions/condition.js';
import type { LogType } from '../line/schema/index.js';
import type { Rule } from '../rules/language/rule.js';
import type { RuleSet } from '../rules/matching/match.js';
import { partsOf, type Where } from '../where/clause.js';
import { asText, compileReader, compileWhere, RowView, type ViewedRow } from '../where/compileWhere.js';
import type { ExplainedRule, FailedCondition } from './explanation.js';

/**
 * Which of the rules for a type match a row, and what keeps the others from it. A row that is dropped is shown to no rule.
 */
export function explainRules(type: LogType, row: ViewedRow, set: RuleSet, isShown: boolean): readonly ExplainedRule[] {
  const collector = set.collector();
  if (isShown) collector.observe(type, row);
  const signals = collector.signals();
  const view = new RowView();
  view.show(row);
  return set.rules
    .filter(({ on }) => on.includes(type))
    .map((rule) => {
      const signal = signals.find((each) => each.rule === rule.name);
      return {
        ...headOf(rule),
        ...(signal
          ? { matches: true, key: signal.key, counts: signal.count > 0 }
          : { matches: false, failed: isShown ? failedIn(looksAt(rule), view) : undefined }),
      };
    });
}

function headOf({ name, type, severity, mode }: Rule) {
  return { name, type, severity, mode };
}

/** The first condition of a clause that does not hold for the row. */
function failedIn(where: Where, view: RowView): FailedCondition | undefined {
  const { columns, all, any, not } = partsOf(where);
  for (const [name, matcher] of columns) {
    if (compileWhere({ [name]: matcher })(view)) continue;
    return { kind: 'column', name, expected: matcher, found: asText(compileReader(name)(view)) };
  }
  for (const part of all) {
    const failed = failedIn(part, view);
    if (failed) return failed;
  }
  if (any && !compileWhere({ any })(view)) return { kind: 'any' };
  return not && compileWhere(not)(view) ? { kind: 'not' } : undefined;
}
