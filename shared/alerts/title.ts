import { namedBy, shareOf } from '../conditions/condition.js';
import { fillTitle } from '../rules/language/title.js';
import { isSeveral } from '../signals/alertKey.js';
import { cutText } from '../signals/sample.js';
import { percentText } from '../text/wording.js';
import type { Alert } from './ports.js';
import { usualText } from './usual.js';

/** The rule's title, filled in: plain text. */
export function titleOf(alert: Alert): string {
  return fillTitle(alert.settings.title, (name) => valueFor(alert, name));
}

/**
 * The rule's text, filled in, and that a fallback tells it, if one does; empty when there is neither.
 *
 * @param show writes a value as the destination of the text needs it.
 */
export function textOf(alert: Alert, show: (value: string) => string = (value) => value): string {
  const filled = fillTitle(alert.settings.text ?? '', (name) => {
    const value = valueFor(alert, name);
    return value && show(value);
  });
  return [filled.trim(), detourText(alert, show)].filter(Boolean).join('\n');
}

/** Characters of a reason: enough for a status and the beginning of an answer. */
const maxReason = 200;

function detourText({ detour }: Alert, show: (value: string) => string): string {
  if (!detour) return '';
  const { via, instead, reason } = detour;
  return `By way of ${via}: ${instead} could not be told (${show(cutText(reason, maxReason))})`;
}

/** The value for a placeholder of a title or text: a label of the key, what was measured, a number of the alert, or a column of the first sample; undefined for none. */
export function valueFor(alert: Alert, name: string): string | undefined {
  const { key, notice, settings } = alert;
  const [sample] = notice.samples;
  const known =
    notice.labels[name] ??
    namedBy(settings, notice.measured)[name] ??
    numberFor(alert, name) ??
    (isSampled(name) ? sample?.[name] : undefined);
  return known || (isSeveral(key) ? '(several)' : undefined);
}

function numberFor(alert: Alert, name: string): string | undefined {
  switch (name) {
    case 'count': {
      const { count, told = 0 } = alert.notice;
      return (told + count).toLocaleString('en');
    }
    case 'share': {
      const share = shareOf(alert.notice.measured);
      return share === undefined ? undefined : percentText(share);
    }
    case 'usual':
      return usualText(alert) ?? 'not known yet';
    default:
      return undefined;
  }
}

function isSampled(name: string): name is 'service' | 'level' | 'message' {
  return name === 'service' || name === 'level' || name === 'message';
}
