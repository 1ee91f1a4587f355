/** What stands in brackets of any kind. */
export interface Group {
  readonly text: string;
  /** Where the text starts. */
  readonly start: number;
  /** Behind the closing bracket. */
  readonly end: number;
  readonly open: string;
}

/** What parts the values of a head that has one sign between any two of them. */
export type Joint = '::' | ':' | '|' | ',' | ';';
/** What parts a head from its message. */
export type Sign = '' | '-' | ':';

/** A place in the head of a line, which moves on as parts of the head are read. */
export class HeadCursor {
  at = 0;
  /** A dash or a colon stands behind what was read last. */
  isParted = false;

  /** @param limit where the head must have ended */
  constructor(
    readonly line: string,
    readonly limit: number,
  ) {}

  /** @param pattern sticky: asked where it is to match */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.line);
  }

  /** @param pattern sticky */
  follows(pattern: RegExp, at: number): boolean {
    pattern.lastIndex = at;
    return pattern.test(this.line);
  }

  /** A group that closes near, in the same line. */
  readGroup(): Group | undefined {
    const open = this.line[this.at] ?? '';
    const close = closing[open];
    if (close === undefined) return undefined;
    const end = this.groupEnd(open, close);
    if (end < 0 || end >= this.limit) return undefined;
    const start = this.at + 1;
    this.at = end + 1;
    return { text: this.line.slice(start, end).trim(), start: this.spacesEnd(start), end: end + 1, open };
  }

  /** Where the group closes that opens here; the first closing bracket when not all within it are closed. */
  private groupEnd(open: string, close: string): number {
    const { line, at, limit } = this;
    const first = line.indexOf(close, at + 1);
    const inner = line.indexOf(open, at + 1);
    if (inner < 0 || inner > first) return first;
    let depth = 0;
    for (let end = at; end < limit; end++) {
      if (line[end] === open) depth++;
      else if (line[end] === close && --depth === 0) return end;
    }
    return first;
  }

  /** The sign that parts this value from the next, when it parts all values of the head. */
  jointAt(): Joint | undefined {
    const { line } = this;
    const sign = line[this.at];
    if (sign === ':' && line[this.at + 1] === ':') return '::';
    if (sign === ':' || sign === ',' || sign === ';') return isSpace(line.charCodeAt(this.at + 1)) ? undefined : sign;
    return line[this.spacesEnd(this.at)] === '|' ? '|' : undefined;
  }

  /** Passes what parts two parts of the head, and says which sign was among it. */
  skipSeparators(): Sign {
    const { line } = this;
    let sign: Sign = '';
    for (;;) {
      this.at = this.spacesEnd(this.at);
      const code = line.charCodeAt(this.at);
      if (code !== DASH && code !== COLON && code !== COMMA && code !== GREATER) break;
      let end = this.at + 1;
      while (code === DASH && line.charCodeAt(end) === DASH) end++;
      if (end < line.length && !isSpace(line.charCodeAt(end))) break;
      if (code !== COMMA) sign = code === COLON ? ':' : '-';
      this.at = end;
    }
    this.isParted = sign !== '';
    return sign;
  }

  wordEnd(start: number): number {
    let end = start;
    for (; end < this.limit; end++) {
      const code = this.line.charCodeAt(end);
      if (isSpace(code) || code === BAR || code === OPEN_BRACKET) break;
    }
    return end;
  }

  spacesEnd(start: number): number {
    let end = start;
    while (end < this.limit && isSpace(this.line.charCodeAt(end))) end++;
    return end;
  }
}

/** Whether this character starts a group. */
export function opensGroup(char: string | undefined): boolean {
  return closing[char ?? ''] !== undefined;
}

export function isSpace(code: number): boolean {
  return code === SPACE || code === TAB;
}

const closing: Readonly<Record<string, string>> = { '[': ']', '(': ')', '<': '>', '{': '}' };
const TAB = 9;
const SPACE = 32;
const COMMA = 44;
const DASH = 45;
const COLON = 58;
const GREATER = 62;
const OPEN_BRACKET = 91;
const BAR = 124;
