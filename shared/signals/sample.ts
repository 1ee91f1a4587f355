import type { AccessRow } from '../line/schema/index.js';
import type { ViewedRow } from '../where/compileWhere.js';
import type { Sample } from './signal.js';

/** UTF-16 units of a sample's message or a label's value that a signal keeps: enough to recognise the line by. */
export const maxSampleText = 500;

/** Cuts to at most `max` UTF-16 units without splitting a code point. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? max - 1 : max);
}

/**
 * Text as a signal may carry it, without half surrogate pairs. SQS refuses a whole message for U+FFFE or U+FFFF, and JSON does not escape them
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
 */
export function sampleText(text: string): string {
  const cut = cutText(text, maxSampleText);
  // Nearly all are well-formed, and found to be so at a tenth of the cost.
  if (cut.isWellFormed() && !cut.includes('\uFFFE') && !cut.includes('\uFFFF')) return cut;
  return cut.replace(/[\p{Surrogate}\uFFFE\uFFFF]/gu, '\uFFFD');
}

/** The columns that {@link sampleOf} looks at, of any table. */
export const sampleColumns = ['ts', 'service', 'level', 'message', 'method', 'path', 'status'] as const;

/** What an alert shows of a line. */
export function sampleOf(row: ViewedRow): Sample {
  if (isAccess(row)) return accessSampleOf(row);
  const { ts, service = '', level, message = '' } = row;
  return {
    ts,
    service: sampleText(service),
    ...(level === undefined ? {} : { level }),
    message: sampleText(message),
  };
}

/** Of an access line, its request and status. */
export function accessSampleOf({ ts, service = '', method, path, status }: AccessRow): Sample {
  let message = method ?? '';
  for (const part of [path, status]) if (part !== undefined) message += message === '' ? part : ` ${part}`;
  return { ts, service: sampleText(service), message: sampleText(message) };
}

/** No error or application line has these columns. */
function isAccess(row: ViewedRow): row is AccessRow {
  return 'status' in row || 'path' in row || 'method' in row;
}
