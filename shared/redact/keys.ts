import { minWord, type Word } from '../text/wordScanner.js';

/*
 * Keys as rules name them, `api_key` or `*password*`. Case does not count, nor does what stands between the words of
 * a key, so that one name covers `apiKey`, `API-KEY` and `api.key`.
 */

/** Whether a key of a log line is one of these, as a whole or in its last part (`http.headers.cookie`). */
export function compileKeys(globs: readonly string[]): (key: string) => boolean {
  const sources = globs.map((glob) => wordsOf(glob).join('').replaceAll('*', '.*'));
  const matcher = new RegExp(`^(?:${sources.join('|')})$`, 's');
  return (key) => {
    const last = key.slice(key.lastIndexOf('.') + 1);
    return matcher.test(bare(key)) || (last !== key && matcher.test(bare(last)));
  };
}

/** The source of a regular expression that finds one of the keys in text; to be used with the flag `i`. */
export function keysInText(globs: readonly string[]): string {
  const sources = globs.map((glob) => {
    const inner = glob.replace(/^\*+|\*+$/g, '');
    const source = wordsOf(inner).join('[_. -]?').replaceAll('*', inKey);
    return `${glob.startsWith('*') ? '' : '(?<![A-Za-z0-9])'}${source}${glob.endsWith('*') ? inKey : ''}`;
  });
  return `(?:${sources.join('|')})`;
}

/** The words that a line with such a key must hold; undefined when one of the keys is too short to be looked for. */
export function wordsOfKeys(globs: readonly string[]): Word[] | undefined {
  const found = globs.map((glob) => {
    const [longest = ''] = glob.split('*').sort((a, b) => bare(b).length - bare(a).length);
    const spellings = [...new Set(['', '_', '-', '.', ' '].map((separator) => wordsOf(longest).join(separator)))];
    const short = bare(longest).length < minWord;
    // `pin` alone is in every `shipping`: the character that ends a key makes a word of it.
    if (short && (bare(longest).length < minWord - 1 || glob.endsWith('*'))) return undefined;
    if (short) return spellings.flatMap((word) => [...keyEnds].map((end) => ({ word: word + end })));
    return spellings.map((word): Word => ({ word, confirm: endsKey }));
  });
  return found.every((words) => words !== undefined) ? found.flat() : undefined;
}

/** What may follow a key in text: a quote, plain or escaped, or what stands between key and value. */
const keyEnds = '"\'\\=:%]';
const inKey = '[\\w.-]{0,40}';

/** Whether a key that has got this far is followed by a value, rather than being a word in prose or a path. */
function endsKey(text: string, after: number, end: number): boolean {
  let at = after;
  while (at < end && at < after + 80 && /[\w.-]/.test(text[at] ?? '')) at++;
  if (keyEnds.includes(text[at] ?? '')) return at < end;
  while (at < end && text[at] === ' ') at++;
  return at < end && (text[at] === '=' || text[at] === ':');
}

/** The words of a key, in lower case; a `*` stays where it is. */
function wordsOf(glob: string): string[] {
  return glob
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}*]+/u)
    .filter((word) => word !== '');
}

function bare(key: string): string {
  return key.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
