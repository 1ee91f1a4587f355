import { SqlError } from './sqlError.js';

/** What a query is made of, as Trino's grammar has it (SqlBase.g4 of https://github.com/trinodb/trino). */
export type Token = {
  /** Offset in the text, UTF-16 units. */
  readonly at: number;
  readonly end: number;
} & (
  | { readonly kind: 'word' /** In lower case. */; readonly word: string }
  | { readonly kind: 'quoted'; readonly name: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'integer' | 'decimal' | 'double'; readonly text: string }
  | { readonly kind: 'symbol'; readonly symbol: string }
  | { readonly kind: 'end' }
);

const blanks = /(?:\s|--[^\r\n]*|\/\*[\s\S]*?\*\/)+/y;
const patterns = {
  word: /[A-Za-z_]\w*/y,
  quoted: /"(?:[^"]|"")*"(?!")/y,
  string: /'(?:[^']|'')*'(?!')/y,
  double: /(?:\d+(?:\.\d*)?|\.\d+)[eE][+-]?\d+/y,
  decimal: /\d+\.\d*|\.\d+/y,
  integer: /\d+/y,
  symbol: /<>|!=|<=|>=|\|\||->|=>|[-+*/%=<>(),.;[\]?]/y,
} as const;

/** The tokens of a text, without blanks and comments; the last one is its end. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = skipBlanks(sql, 0);
  while (at < sql.length) {
    const token = tokenAt(sql, at);
    tokens.push(token);
    at = skipBlanks(sql, token.end);
  }
  tokens.push({ kind: 'end', at: sql.length, end: sql.length });
  return tokens;
}

/**
 * The one statement of a text, without the `;` that may end it, which Trino doesn't take.
 *
 * @throws SqlError when there is none, or more than one
 */
export function oneStatement(sql: string): string {
  const tokens = tokensOf(sql);
  const first = tokens.findIndex((token) => token.kind === 'symbol' && token.symbol === ';');
  const next = tokens.find(({ kind }, index) => index > first && kind !== 'end');
  if (tokens.length === 1 || first === 0) throw new SqlError(sql, tokens[0]?.at ?? 0, 'there is no statement here');
  if (first === -1) return sql;
  if (next) throw new SqlError(sql, next.at, 'a second statement begins here', 'Athena takes one at a time');
  return sql.slice(0, tokens[first]?.at);
}

function skipBlanks(sql: string, at: number): number {
  const end = at + (matchAt(blanks, sql, at)?.length ?? 0);
  if (sql.startsWith('/*', end)) throw new SqlError(sql, end, 'this comment does not end', 'close it with */');
  return end;
}

function tokenAt(sql: string, at: number): Token {
  for (const kind of ['word', 'quoted', 'string', 'double', 'decimal', 'integer', 'symbol'] as const) {
    const text = matchAt(patterns[kind], sql, at);
    if (text === undefined) continue;
    const place = { at, end: at + text.length };
    switch (kind) {
      case 'word':
        return { kind, ...place, word: text.toLowerCase() };
      case 'quoted':
        return { kind, ...place, name: text.slice(1, -1).replaceAll('""', '"') };
      case 'string':
        return { kind, ...place, value: text.slice(1, -1).replaceAll("''", "'") };
      case 'symbol':
        return { kind, ...place, symbol: text };
      default:
        if (/[A-Za-z_]/.test(sql[place.end] ?? ''))
          throw new SqlError(sql, at, 'a name must not start with a digit', 'put it between double quotes');
        return { kind, ...place, text };
    }
  }
  throw new SqlError(sql, at, ...strangeCharacter(sql[at] ?? ''));
}

function strangeCharacter(character: string): [string, string] {
  switch (character) {
    case "'":
      return ['this text does not end', "close it with ' and write '' for a quote within"];
    case '"':
      return ['this name does not end', 'close it with "'];
    case '`':
      return ['Athena quotes no names with backquotes', 'use double quotes'];
    case ':':
      return ['Athena has no ::', 'write cast(x AS varchar)'];
    default:
      return [
        `Athena knows no ${character} here`,
        'text stands between single quotes, odd names between double quotes',
      ];
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
