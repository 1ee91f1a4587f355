import { fillTitle } from '../rules/language/title.js';
import { otherKey } from '../signals/alertKey.js';
import type { Alert } from './ports.js';

/** The rule's title, filled in: plain text. */
export function titleOf(alert: Alert): string {
  return fillTitle(alert.settings.title, (name) => valueFor(alert, name));
}

/** What fills the placeholder of a title or text: a label of the key, or what the first sample says; undefined for neither. */
export function valueFor({ key, notice }: Alert, name: string): string | undefined {
  const [sample] = notice.samples;
  const known = notice.labels[name] ?? (isSampled(name) ? sample?.[name] : undefined);
  return known || (key === otherKey ? '(several)' : undefined);
}

function isSampled(name: string): name is 'service' | 'level' | 'message' {
  return name === 'service' || name === 'level' || name === 'message';
}
