/**
 * A text without the colours that console loggers write for a terminal. Only control sequences go (ECMA-48, section
 * 5.4: `ESC [`, parameters, a final letter); an escape character that starts none stays.
 *
 * https://ecma-international.org/publications-and-standards/standards/ecma-48/
 */
export function stripColours(text: string): string {
  if (!text.includes(control)) return text;
  const [first = '', ...pieces] = text.split(control);
  return first + pieces.map(withoutSequence).join('');
}

const control = '\u001b';

function withoutSequence(piece: string): string {
  return controlSequence.test(piece) ? piece.replace(controlSequence, '') : control + piece;
}

const controlSequence = /^\[[0-?]*[ -/]*[@-~]/;
