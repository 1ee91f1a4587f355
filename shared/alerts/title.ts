import { namedBy } from '../conditions/condition.js';
import { fillTitle } from '../rules/language/title.js';
import { isSeveral } from '../signals/alertKey.js';
import type { Alert } from './ports.js';

/** The rule's title, filled in: plain text. */
export function titleOf(alert: Alert): string {
  return fillTitle(alert.settings.title, (name) => valueFor(alert, name));
}

/**
 * The rule's text, filled in; empty when it has none.
 *
 * @param show writes a value as the destination of the text needs it.
 */
export function textOf(alert: Alert, show: (value: string) => string = (value) => value): string {
  const filled = fillTitle(alert.settings.text ?? '', (name) => {
    const value = valueFor(alert, name);
    return value && show(value);
  });
  return filled.trim();
}

/** The value for a placeholder of a title or text: a label of the key, what was measured, or a column of the first sample; undefined for neither. */
export function valueFor({ key, notice, settings }: Alert, name: string): string | undefined {
  const [sample] = notice.samples;
  const known =
    notice.labels[name] ?? namedBy(settings, notice.measured)[name] ?? (isSampled(name) ? sample?.[name] : undefined);
  return known || (isSeveral(key) ? '(several)' : undefined);
}

function isSampled(name: string): name is 'service' | 'level' | 'message' {
  return name === 'service' || name === 'level' || name === 'message';
}
