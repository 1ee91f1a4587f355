/**
 * Lines that can be told apart to the last byte: every 1,024 bytes a mark names the container, the line and the place in
 * it. Marks stand at multiples of 16, where the runtime's splits do not cut them, and are letters, which nothing redacts.
 */
export interface Mark {
  readonly container: number;
  readonly line: number;
  readonly cell: number;
}

const CELL = 1024;

/** A line of so many bytes. */
export function markedLine(container: number, line: number, bytes: number): string {
  let text = '';
  for (let cell = 0; cell * CELL < bytes; cell++) {
    const filler = fillers[(container * 7 + line + cell) % fillers.length] as string;
    text += `~${letters(container, 2)}${letters(line, 7)}${letters(cell, 5)} ${filler}`;
  }
  return text.slice(0, bytes);
}

export function cellsOf(bytes: number): number {
  return Math.ceil(bytes / CELL);
}

/** The marks in a text. */
export function* marksOf(text: string): Generator<Mark> {
  for (const [, container = '', line = '', cell = ''] of text.matchAll(/~([a-p]{2})([a-p]{7})([a-p]{5}) /g)) {
    yield { container: numberOf(container), line: numberOf(line), cell: numberOf(cell) };
  }
}

/** Hexadecimal with the letters a to p for its digits. */
function letters(value: number, length: number): string {
  return value
    .toString(16)
    .padStart(length, '0')
    .replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));
}

function numberOf(text: string): number {
  return [...text].reduce((sum, letter) => sum * 16 + letter.charCodeAt(0) - 97, 0);
}

const words = 'order cart item paid shipped customer basket retry cache worker queue job done in took for with'.split(
  ' ',
);

/** Words in different order: gzip makes a tenth of them, as of most logs. */
const fillers = Array.from({ length: 97 }, (_, seed) => {
  let text = '';
  for (let state = seed + 1; text.length < CELL; ) {
    state = (state * 48_271) % 2_147_483_647;
    text += `${words[state % words.length]} ${state % 9973} `;
  }
  return text.slice(0, CELL - 16);
});
