import { LogFormatError } from './value.js';

export type NginxEscape = 'default' | 'json' | 'none';

/** A format as nginx puts it together from what was pasted. */
export interface NginxDirective {
  readonly escaping: NginxEscape;
  readonly format: string;
}

/**
 * Takes `log_format main escape=json '…' '…';` apart, or a part of it: the strings alone, or one string without its quotes.
 *
 * @throws LogFormatError when nginx would refuse it.
 */
export function readNginxDirective(pasted: string): NginxDirective {
  const text = pasted.trim().replace(/^(?:#[^\n]*\n\s*)+/, '');
  const start = /^(?:[^'"$]*[\s{])?(?=log_format\s)/.exec(text)?.[0].length;
  if (start !== undefined) {
    const [, , first = '', ...others] = wordsOf(text.slice(start));
    const stated = first.startsWith('escape=') ? first.slice('escape='.length) : undefined;
    return directive(stated, (stated === undefined ? [first, ...others] : others).join(''));
  }
  const [, stated, format = text] = /^escape=(\w+)\s+(\S[\s\S]*)$/.exec(text) ?? [];
  // One string in double quotes is a format whose values stand in quotes, unless it has escaped ones.
  const isQuoted = format.startsWith("'") || /^"[^"]*\\"/.test(format);
  // A line of a log has no breaks: those are of whoever pasted it.
  return directive(stated, isQuoted ? wordsOf(format).join('') : unescapeWord(format.replace(/\s*\n\s*/g, ' ')));
}

function directive(stated: string | undefined, format: string): NginxDirective {
  const escaping = escapes.find((known) => known === (stated ?? 'default'));
  if (!escaping) {
    throw new LogFormatError(`nginx has no escape=${stated}; write escape=default, escape=json or escape=none`);
  }
  if (format === '') {
    throw new LogFormatError('the directive has no string behind its name; paste all of it, up to the ;');
  }
  return { escaping, format };
}

const escapes: readonly NginxEscape[] = ['default', 'json', 'none'];

/** The words of one directive, without their quotes. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    space.lastIndex = at;
    at += space.exec(text)?.[0].length ?? 0;
    if (at >= text.length) return words;
    if (text[at] === ';') {
      if (!/(?:^|[\s;])log_format\s/.test(text.slice(at))) return words;
      throw new LogFormatError('it holds two log_format directives; make a format of each');
    }
    word.lastIndex = at;
    const [whole, double, single] = word.exec(text) ?? [];
    if (whole === undefined) {
      throw new LogFormatError(`the quote before "${text.slice(at + 1, at + 21)}" is never closed; close it`);
    }
    words.push(unescapeWord(double ?? single ?? whole));
    at += whole.length;
  }
}

/** Spaces, and comments up to the end of their lines. */
const space = /(?:\s|#[^\n]*)*/y;
const word = /"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|[^\s;"'](?:[^\s;\\]|\\[\s\S])*/y;

/** As nginx reads a string of its configuration: any other backslash stays. */
function unescapeWord(text: string): string {
  return text.replace(/\\(["'\\trn])/g, (_, escaped: string) => controls[escaped] ?? escaped);
}

const controls: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n' };
