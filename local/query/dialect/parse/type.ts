import type { TypeName } from '../syntax.js';
import type { Cursor } from './cursor.js';

/** `varchar(10)`, `timestamp(3) with time zone`, `array(varchar)`, `map(varchar, bigint)` */
export function parseType(cursor: Cursor): TypeName {
  const at = cursor.at;
  let name = cursor.accept('double', 'precision') ? 'double' : cursor.name('a type');
  const args = cursor.sees('(') ? cursor.bracketed(() => parseArgument(cursor)) : [];
  if (cursor.accept('with', 'time', 'zone')) name += ' with time zone';
  else cursor.accept('without', 'time', 'zone');
  return { at, name, args };
}

function parseArgument(cursor: Cursor): TypeName | number {
  const token = cursor.peek();
  if (token.kind !== 'integer') return parseType(cursor);
  cursor.take();
  return Number(token.text);
}
