import { silenceLinks } from '../../bounds.js';
import { cutText } from '../../signals/sample.js';

/** How long a link silences its alert. */
export const choices = ['1h', '8h', 'resolved'] as const;
export type Choice = (typeof choices)[number];

/** What somebody sent from the page of a link. */
export interface Form {
  /** Of the page that it was filled in on: what comes twice with the same one acts once. */
  readonly id: string;
  readonly name: string;
  readonly why: string;
  /** Undefined when the page has no such button. */
  readonly act: Choice | 'end' | undefined;
}

/** @param body `application/x-www-form-urlencoded`. */
export function readForm(body: string): Form {
  const fields = new URLSearchParams(body);
  const id = fields.get('form') ?? '';
  const act = fields.get('act');
  return {
    id: /^[\w-]{8,40}$/.test(id) ? id : '',
    name: oneLine(fields.get('name'), silenceLinks.maxName),
    why: oneLine(fields.get('why'), silenceLinks.maxReason),
    act: [...choices, 'end' as const].find((each) => each === act),
  };
}

/** Without what could move a cursor, turn text round or begin another line, wherever it is shown. */
function oneLine(text: string | null, longest: number): string {
  const plain = (text ?? '').replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').replace(/\s+/g, ' ');
  return cutText(plain.trim(), longest).trim();
}
