import { SqlError } from '../sqlError.js';
import type { Query } from '../syntax.js';
import { type Token, tokensOf } from '../tokens.js';
import { isReserved } from '../words.js';

/** Where in the tokens of a query a parser stands. */
export class Cursor {
  private readonly tokens: readonly Token[];
  private next = 0;

  /** @param query parses a query within an expression or a relation */
  constructor(
    readonly sql: string,
    readonly query: (cursor: Cursor) => Query,
  ) {
    this.tokens = tokensOf(sql);
  }

  get at(): number {
    return this.peek().at;
  }

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.next + ahead, this.tokens.length - 1)] as Token;
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.next++;
    return token;
  }

  /** Whether these words and symbols come next. */
  sees(...texts: readonly string[]): boolean {
    return texts.every((text, ahead) => textOf(this.peek(ahead)) === text);
  }

  /** Takes them if they come next. */
  accept(...texts: readonly string[]): boolean {
    if (!this.sees(...texts)) return false;
    this.next += texts.length;
    return true;
  }

  /** Takes the first of several that comes next. */
  acceptOne(texts: readonly string[]): string | undefined {
    return texts.find((text) => this.accept(text));
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail(`${text.toUpperCase()} should stand here`);
  }

  /** Things with commas between. */
  list<T>(parse: () => T): T[] {
    const all = [parse()];
    while (this.accept(',')) all.push(parse());
    return all;
  }

  /** The same between brackets. */
  bracketed<T>(parse: () => T): T[] {
    this.expect('(');
    const all = this.list(parse);
    this.expect(')');
    return all;
  }

  seesName(): boolean {
    const token = this.peek();
    return token.kind === 'quoted' || (token.kind === 'word' && !isReserved(token.word));
  }

  /** A name in lower case, as Athena takes all of them. */
  name(what: string): string {
    const token = this.peek();
    if (!this.seesName()) {
      if (token.kind !== 'word') this.fail(`${what} should stand here`);
      this.fail(
        `${token.word.toUpperCase()} is a word of Athena's own`,
        `quote it to use it as a name: "${token.word}"`,
        token.at,
      );
    }
    this.next++;
    return (token.kind === 'quoted' ? token.name : textOf(token)).toLowerCase();
  }

  /** @param at where, if not at what comes next */
  fail(what: string, remedy?: string, at?: number): never {
    const token = this.peek();
    const found = token.kind === 'end' ? 'the end' : this.sql.slice(token.at, token.end);
    throw new SqlError(this.sql, at ?? token.at, at === undefined ? `${what}, not ${found}` : what, remedy);
  }
}

function textOf(token: Token): string {
  if (token.kind === 'word') return token.word;
  return token.kind === 'symbol' ? token.symbol : '';
}
