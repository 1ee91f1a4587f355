import type { Word } from '../text/wordScanner.js';
import { type Cover, tokenStart } from './defaultRule.js';
import { isHexDigit, isTokenChar, prefixWord } from './prefixWord.js';
import { providerTokens } from './providerTokens.js';

/** Replaces every token of the table in a text. */
export function compileProviderTokens(cover: Cover): (text: string) => string {
  const tokens = new RegExp(
    `${tokenStart}(?:${providerTokens
      .filter(({ behind }) => behind === undefined)
      .map(({ pattern }) => pattern)
      .join('|')})`,
    'g',
  );
  const links = providerTokens.flatMap(({ behind, pattern }) =>
    behind === undefined ? [] : [new RegExp(`(${behind})(?:${pattern})`, 'g')],
  );
  return (text) =>
    links.reduce(
      (current, link) => current.replace(link, (whole, head: string) => head + cover(whole.slice(head.length))),
      text.replace(tokens, cover),
    );
}

export const providerWords: readonly Word[] = providerTokens.flatMap(
  ({ prefixes, isHex, announcedBy }) =>
    announcedBy ?? prefixes.map((prefix) => prefixWord(prefix.toLowerCase(), isHex ? isHexDigit : isTokenChar)),
);
