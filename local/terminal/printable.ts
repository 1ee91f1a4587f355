import { stripVTControlCharacters } from 'node:util';

/** Text from a log as one line for the terminal, which it must not steer. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/\p{Cc}/gu, ' ');
}
