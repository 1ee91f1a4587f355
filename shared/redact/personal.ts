import { type Cover, type DefaultRule, wordsFor } from './defaultRule.js';

/** What names a person, by the key of the configuration that turns it on. It is kept unless that asks otherwise. */
export const personalRules = {
  emails: {
    name: 'emails',
    doc: 'E-mail addresses.',
    examples: [['mail anna@shop.example.com', 'mail [redacted]']],
    keys: [],
    text: (cover) => (text) => text.replace(email, cover),
    words: [],
    mayHold: (text, start, end) => text.slice(start, end).includes('@'),
  },
  ibans: {
    name: 'ibans',
    doc: 'International bank account numbers (ISO 13616) whose check digits are right, in one piece or in groups of four.',
    examples: [
      ['to DE89 3704 0044 0532 0130 00', 'to [redacted]'],
      ['to DE88 3704 0044 0532 0130 00', 'to DE88 3704 0044 0532 0130 00'],
    ],
    keys: ['*_iban', 'iban'],
    text: (cover) => (text) => text.replace(iban, (found) => replaceIban(found, cover)),
    words: wordsFor('iban'),
    mayHold: (text, start, end) => ibanStart.test(text.slice(start, end)),
  },
  ssns: {
    name: 'ssns',
    doc: 'Social security numbers of the United States with their dashes, except those that are never given out.',
    examples: [
      ['ssn 219-09-9998', 'ssn [redacted]'],
      ['part 000-12-3456', 'part 000-12-3456'],
    ],
    keys: ['*_ssn', 'ssn', 'social_security_number'],
    text: (cover) => (text) => text.replace(ssn, cover),
    words: wordsFor('ssn"', 'ssn=', 'ssn:', "ssn'", 'social'),
    mayHold: (text, start, end) => ssnPart.test(text.slice(start, end)),
  },
} satisfies { readonly [key: string]: DefaultRule };

const email = /(?<![\w.%+-])[\w.%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi;

/** Country, check digits, and 11 to 30 letters and digits. */
const iban = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])/g;
const ibanStart = /[A-Z]{2}\d{2}[ ]?[A-Z0-9]{4}/;

/** A word in capitals may follow in the same pattern: the longest start whose check is right is the number. */
function replaceIban(found: string, cover: Cover): string {
  for (let end = found.length; end > 0; end = found.lastIndexOf(' ', end - 1)) {
    const number = found.slice(0, end);
    if (hasIbanCheck(number)) return cover(number) + found.slice(end);
  }
  return found;
}

/** ISO 7064, MOD 97-10: the first four characters go to the end, and letters count from 10. */
function hasIbanCheck(found: string): boolean {
  const compact = found.replaceAll(' ', '');
  if (compact.length < 15 || compact.length > 34) return false;
  let rest = 0;
  for (const char of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** https://www.ssa.gov/employer/randomization.html: no area 000, 666 or above 899, no group 00, no serial 0000. */
const ssn = /(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/g;
const ssnPart = /\d{3}-\d{2}-\d{4}/;
