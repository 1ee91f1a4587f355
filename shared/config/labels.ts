import { tables } from '../line/schema/index.js';
import { meantBy } from '../where/aliases.js';
import { unknownWord } from '../yaml/jsonSchema.js';

/** What alerts can be told apart by: what every one has, and the columns that a rule's `by` may name. */
const labels = [...new Set(['rule', 'severity', ...Object.values(tables).flatMap((table) => Object.keys(table))])];

/** What is wrong with the name of a label; undefined when an alert may have it. */
export function badLabel(label: string): string | undefined {
  return labels.includes(label) || meantBy(label).startsWith('fields.')
    ? undefined
    : unknownWord('label', label, labels, ', fields.<path>');
}
