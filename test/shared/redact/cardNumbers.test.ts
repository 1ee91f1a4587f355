import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mayHoldCardNumber, replaceCardNumbers } from '../../../shared/redact/cardNumbers.js';
import { defaultNames } from '../../../shared/redact/defaults.js';
import { compileRedaction } from '../../../shared/redact/redactor.js';
import {
  groupingsOf,
  longTestCards,
  lookAlikes,
  seeded,
  testCards,
  withCardWord,
  withoutCardWord,
} from './cardSamples.js';
import { redactLine } from './redactLine.js';

const redactor = compileRedaction({ except: defaultNames.filter((name) => name !== 'card-numbers') });
const cover = () => '#';

describe.each([...testCards, ...longTestCards])('the test card %s', (card) => {
  it.each(groupingsOf(card))('written as %s is found', (number) => {
    const sentences = longTestCards.includes(card) ? withCardWord : [...withCardWord, ...withoutCardWord];
    for (const sentence of sentences) {
      const line = sentence(number);
      expect(redactLine(redactor, line)).not.toContain(number);
      expect(redactor.mayContainSecret(line, 0, line.length)).toBe(true);
    }
  });
});

describe('of 100,000 random numbers', () => {
  it.each(lookAlikes)('less than one in 1,000 $kind is taken for a card', ({ line }) => {
    const random = seeded(20261128);
    let taken = 0;
    for (let n = 0; n < 100_000; n++) if (redactLine(redactor, line(random)).includes('[redacted]')) taken++;
    expect(taken).toBeLessThan(100);
  });
});

describe('replaceCardNumbers', () => {
  it.each<[string, string]>([
    // The issuer's range, its length, and Luhn's check
    ['4111111111111112', '4111111111111112'],
    ['7111111111111119', '7111111111111119'],
    ['41111111111111', '41111111111111'],
    ['501800000009', '501800000009'],
    ['card 501800000009', 'card #'],
    // The groups
    ['4111 1111-1111 1111', '4111 1111-1111 1111'],
    ['41 1111 1111 1111 11', '41 1111 1111 1111 11'],
    ['4111 1111 1111 1111 123', '# 123'],
    ['4111 1111 1111 1111 12/27', '# 12/27'],
    ['card 1 4111 1111 1111 1111', 'card 1 #'],
    ['1234 4111 1111 1111 1111', '1234 4111 1111 1111 1111'],
    ['6205 5000 0000 0000 004', '#'],
    ['6205500000000000004', '6205500000000000004'],
    // What stands around
    ['x-4111111111111111', 'x-4111111111111111'],
    ['4111-1111-1111-1111-1111', '4111-1111-1111-1111-1111'],
    ['card no. 4111111111111111', 'card no. #'],
    ['request no. 4111111111111111', 'request no. 4111111111111111'],
    ['ids: 4111111111111111, 4111111111111111', 'ids: 4111111111111111, 4111111111111111'],
    ['cards: 4111111111111111, 4111111111111111', 'cards: #, #'],
    ['order\n4111111111111111', 'order\n#'],
    ['4111111111111111 bytes', '4111111111111111 bytes'],
  ])('%j', (text, expected) => {
    expect(replaceCardNumbers(text, cover)).toBe(expected);
  });

  it.each<[string, string]>([
    ['card', '#'],
    ['payment.pan', '#'],
    ['card.number', '#'],
    ['cc_num', '#'],
    ['input', '#'],
    ['order_id', '4111111111111111'],
    ['orderId', '4111111111111111'],
    ['order.number', '4111111111111111'],
    ['card_id', '4111111111111111'],
    ['requestid', '4111111111111111'],
    ['prepaid', '#'],
  ])('under the key %s', (key, expected) => {
    expect(replaceCardNumbers('4111111111111111', cover, key)).toBe(expected);
  });
});

describe('mayHoldCardNumber', () => {
  it('is true for whatever is replaced, also as it stands escaped', () => {
    const card = fc.constantFrom(...[...testCards, ...longTestCards].flatMap(groupingsOf));
    const around = fc.constantFrom(
      'card ',
      'card=',
      '%3D',
      '5 % ',
      '%20',
      '\n',
      '\\n',
      ' ',
      '-',
      '1',
      '12 ',
      '"',
      '/',
      'x',
      'é',
      '',
    );
    const piece = fc.oneof(card, around, fc.string({ maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        if (replaceCardNumbers(text, cover) === text) return;
        const escaped = JSON.stringify(text);
        expect(mayHoldCardNumber(text, 0, text.length)).toBe(true);
        expect(mayHoldCardNumber(escaped, 0, escaped.length)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
