import { minWord, type Word } from '../text/wordScanner.js';

/*
 * Keys as rules name them, `api_key` or `*password*`. Case does not count, nor does what stands between the words of
 * a key, so that one name covers `apiKey`, `API-KEY` and `api.key`. `*_pass` is `pass` behind another word: `dbPass`
 * and `DB_PASS`, but not `bypass`.
 */

/** Whether a key of a log line is one of these, as a whole or in its last part (`http.headers.cookie`). */
export function compileKeys(globs: readonly string[]): (key: string) => boolean {
  const sources = globs.map((glob) => {
    const words = wordsOf(glob.replace(behindWord, ''));
    return `${behindWord.test(glob) ? '.*_' : ''}${words.join('_?').replaceAll('*', '.*')}`;
  });
  const matcher = new RegExp(`^(?:${sources.join('|')})$`, 's');
  const matches = (key: string) => matcher.test(bare(key)) || matcher.test(wordsOf(key).join('_'));
  return (key) => {
    const last = key.slice(key.lastIndexOf('.') + 1);
    return matches(key) || (last !== key && matches(last));
  };
}

/** The source of a regular expression that finds one of the keys in text; to be used with the flag `i`. */
export function keysInText(globs: readonly string[]): string {
  const sources = globs.map((glob) => {
    const inner = glob.replace(/^\*+|\*+$/g, '');
    const source = wordsOf(inner).join('[_. -]?').replaceAll('*', inKey);
    return `${startInText(glob)}${source}${glob.endsWith('*') ? inKey : ''}`;
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
    if (short) return spellings.flatMap((word) => [...keyEnds, ' ', '\t'].map((end) => ({ word: word + end })));
    return spellings.map((word): Word => ({ word, confirm: endsKey }));
  });
  return found.every((words) => words !== undefined) ? found.flat() : undefined;
}

const behindWord = /^\*_/;

function startInText(glob: string): string {
  if (behindWord.test(glob)) return '(?<=[A-Za-z0-9][_.-])';
  return glob.startsWith('*') ? '' : '(?<![A-Za-z0-9])';
}

/** What may follow a key in text: a quote, plain, escaped or coded, or what stands between key and value. */
const keyEnds = '"\'\\=:%]>&(\r\n';
const inKey = '[\\w.-]{0,40}';

/** Whether a key that has got this far is followed by a value, rather than being a word in prose or a path. */
export function endsKey(text: string, after: number, end: number): boolean {
  let at = after;
  while (at < end && at < after + 80 && isInKey(text.charCodeAt(at))) at++;
  if (at >= end) return isWholeText(text, after);
  if (keyEnds.includes(text[at] ?? '')) return true;
  if (text[at] !== ' ' && text[at] !== '\t') return false;
  if (isOption(text, after)) return true;
  while (at < end && (text[at] === ' ' || text[at] === '\t')) at++;
  return at < end && '=:"\'\\('.includes(text[at] ?? '');
}

/** Letters, digits and `_.-`. */
function isInKey(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f ||
    code === 0x2d ||
    code === 0x2e
  );
}

/** A text that is a key and nothing else may name the value beside it: `{ "name": "password", "value": … }`. */
function isWholeText(text: string, after: number): boolean {
  return keyStart(text, after) === 0;
}

/** Whether the key is an option of a command, `--db-password`, whose value follows a space. */
function isOption(text: string, after: number): boolean {
  return text.startsWith('--', keyStart(text, after));
}

function keyStart(text: string, after: number): number {
  let at = after;
  while (at > 0 && at > after - 80 && isInKey(text.charCodeAt(at - 1))) at--;
  return at;
}

/** The words of a key, in lower case; a `*` stays where it is. */
export function wordsOf(glob: string): string[] {
  return glob
    .replace(/([a-z\d])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, (_, before = '', capital = '', alone = '') =>
      alone === '' ? `${before}_${capital}` : `${alone}_`,
    )
    .toLowerCase()
    .split(/[^\p{L}\p{N}*]+/u)
    .filter((word) => word !== '');
}

function bare(key: string): string {
  return key.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
