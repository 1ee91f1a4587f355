import { minWord } from './wordScanner.js';

/**
 * Words of which a text must hold one, in any case, for a regular expression to match it: in lower case, of `minWord`
 * characters or more. Undefined when there are none to go by, as for `\d+`; what isn't understood is taken for anything.
 */
export function requiredWords(pattern: string): readonly string[] | undefined {
  return new Source(pattern.replace(/^\(\?i\)/, '')).alternatives();
}

/** The word to look for where a text must hold all of this one: its longest part in ASCII, whose case is known. */
export function wordIn(text: string): string | undefined {
  const parts = text.match(/[ -~]+/g) ?? [];
  const longest = parts.reduce((best, part) => (part.length > best.length ? part : best), '');
  return longest.length >= minWord ? longest.toLowerCase() : undefined;
}

/** The source of a regular expression that compiles, read from left to right. */
class Source {
  private at = 0;

  constructor(private readonly text: string) {}

  /** Up to the end or a closing bracket: each alternative must have words of its own. */
  alternatives(): readonly string[] | undefined {
    let words = this.sequence();
    while (this.take('|')) {
      const others = this.sequence();
      words = words && others && [...words, ...others];
    }
    return words;
  }

  private sequence(): readonly string[] | undefined {
    let best: readonly string[] | undefined;
    let run = '';
    const endRun = () => {
      const word = wordIn(run);
      best = better(best, word === undefined ? undefined : [word]);
      run = '';
    };
    // With and without characters that may be absent: `log-?in` is one of two words. They are for want of a better one.
    let spellings: readonly string[] = [''];
    let spelled: readonly string[] | undefined;
    const endSpellings = () => {
      const words = spellings.map(wordIn);
      if (words.every((word) => word !== undefined)) spelled = better(spelled, words);
      spellings = [''];
    };
    while (this.at < this.text.length && !this.isNext('|') && !this.isNext(')')) {
      const atom = this.atom();
      const quantifier = this.quantifier();
      const isOptional = quantifier === 'optional' || quantifier === 'once or not';
      if (typeof atom === 'string' && !isOptional) {
        run += atom;
        spellings = spellings.map((text) => text + atom);
      }
      // A repeated character stands between other ones.
      if (typeof atom === 'string' && quantifier === undefined) continue;
      endRun();
      if (typeof atom === 'string' && quantifier === 'once or not' && spellings.length < maxSpellings) {
        spellings = spellings.flatMap((text) => [text, text + atom]);
        continue;
      }
      endSpellings();
      if (typeof atom === 'object' && !isOptional) best = better(best, atom.words);
    }
    endRun();
    endSpellings();
    return best ?? spelled;
  }

  /** A character that stands for itself, or anything else with the words that it must hold. */
  private atom(): string | { readonly words: readonly string[] | undefined } {
    if (this.take('(')) return { words: this.group() };
    if (this.isNext('\\')) return this.escape();
    if (this.match(/\[(?:\\[\s\S]|[^\]\\])*\]/y) || this.match(/[.^$]/y)) return anything;
    return this.text[this.at++] as string;
  }

  /** The words of a look-around must stand in the text as well, unless it is negative. */
  private group(): readonly string[] | undefined {
    const isNegative = this.match(/\?<?!/y) !== undefined;
    if (!isNegative) this.match(/\?(?:[:=]|<=|<[^>]*>)/y);
    const words = this.alternatives();
    this.take(')');
    return isNegative ? undefined : words;
  }

  /** Punctuation stands for itself behind a backslash. */
  private escape(): string | typeof anything {
    const escaped = this.match(/\\(?:x[\da-f]{2}|u[\da-f]{4}|c[a-z]|k<[^>]*>|\d+|[\s\S])/iy) ?? '';
    return /^\\[^\w]$/.test(escaped) ? escaped.slice(1) : anything;
  }

  /** Whether a quantifier lets what it repeats be absent; undefined when there is none. */
  private quantifier(): 'once or not' | 'optional' | 'repeated' | undefined {
    const quantifier = this.match(/(?:[*+?]|\{\d+(?:,\d*)?\})\??/y);
    if (quantifier === undefined) return undefined;
    if (quantifier.startsWith('?')) return 'once or not';
    return /^(?:[*?]|\{0+[,}])/.test(quantifier) ? 'optional' : 'repeated';
  }

  private isNext(char: string): boolean {
    return this.text[this.at] === char;
  }

  private take(char: string): boolean {
    if (!this.isNext(char)) return false;
    this.at++;
    return true;
  }

  private match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.at;
    const [found] = sticky.exec(this.text) ?? [];
    this.at += found?.length ?? 0;
    return found;
  }
}

const anything = { words: undefined };

/** Words of one text with optional characters that are looked for at most. */
const maxSpellings = 8;

/** Few words are found seldom, and so are long ones. */
function better(a: readonly string[] | undefined, b: readonly string[] | undefined): readonly string[] | undefined {
  if (!a || !b) return a ?? b;
  if (a.length !== b.length) return a.length < b.length ? a : b;
  return shortest(a) >= shortest(b) ? a : b;
}

function shortest(words: readonly string[]): number {
  return Math.min(...words.map(({ length }) => length));
}
