import { createHash } from 'node:crypto';
import type { EntryColumns } from './parse/parsed.js';

/**
 * 16 hexadecimal digits that are equal for the same error: ids, numbers, addresses and quoted values of the message
 * don't count, nor do line numbers of the stack, which move with every deploy.
 */
export function fingerprint({ exception, message, logger, stack }: EntryColumns): string {
  const text = [exception ?? '', logger ?? '', template(message ?? ''), frames(stack ?? '')].join('\n');
  const known = seen.get(text);
  if (known) return known;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  if (seen.size < 10_000) seen.set(text, digest);
  return digest;
}

/** Errors repeat: hashing is left out for those this container has met. */
const seen = new Map<string, string>();

/** The first line without what varies. */
function template(message: string): string {
  const end = message.indexOf('\n');
  return message.slice(0, end < 0 ? 500 : Math.min(end, 500)).replace(variable, '#');
}

const variable =
  /"[^"]*"|(?<!\w)'[^']*'(?!\w)|\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b0x[0-9a-f]+\b|\b(?=[a-f]*\d)[0-9a-f]{8,}\b|\d+(?:[.:,_-]\d+)*/gi;

/** The innermost frames, which tell where it happened. */
function frames(stack: string): string {
  if (stack === '') return '';
  const lines = stack.split('\n', 200).filter((line) => frame.test(line));
  return lines
    .slice(0, 5)
    .map((line) => line.trim().replace(variable, '#'))
    .join('\n');
}

const frame = /^\s+(?:at |File ")/;
