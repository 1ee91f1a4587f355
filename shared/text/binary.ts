/*
 * A binary string is text as its UTF-8 bytes, one character each, as `atob` gives it. V8 keeps such a string in a byte a
 * character whatever the text, so that what is only copied, from a record to a row, is neither decoded nor encoded.
 */

/** The text of a binary string. */
export function fromBinary(binary: string): string {
  return nonAscii.test(binary) ? Buffer.from(binary, 'latin1').toString('utf8') : binary;
}

/** A text as a binary string. */
export function toBinary(text: string): string {
  return Buffer.byteLength(text, 'utf8') === text.length ? text : Buffer.from(text, 'utf8').toString('latin1');
}

const nonAscii = /[\u0080-\u00ff]/;
