import { record } from '../bounds.js';

/**
 * Cuts a text into pieces of at most `record.maxEventBytes` of UTF-8, never inside a character. Most texts are one piece.
 */
export function cut(text: string, maxBytes: number = record.maxEventBytes): string[] {
  // A character takes 3 bytes at most for each of its UTF-16 units.
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return [text];
  const bytes = Buffer.from(text, 'utf8');
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + maxBytes, bytes.length);
    while (end < bytes.length && isContinuation(bytes[end])) end--;
    pieces.push(bytes.toString('utf8', start, end));
    start = end;
  }
  return pieces;
}

/** The second and further bytes of a character are 10xxxxxx. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
