/** The numbers that a network gives its cards. */
interface CardNetwork {
  readonly name: string;
  /** First digits, alone or as a range of the same length. */
  readonly issuers: readonly (string | readonly [first: string, last: string])[];
  readonly lengths: readonly number[];
  /** The ranges are so wide, or so rare, that only a word such as `card` makes a card number of a number. */
  readonly onlyNamed?: true;
}

/**
 * Ranges and lengths as the networks publish them, collected by https://en.wikipedia.org/wiki/Payment_card_number;
 * those of Elo, Hiper and Hipercard by https://www.npmjs.com/package/credit-card-type; the co-branded ones (Cabal,
 * Naranja, Codensa, Forbrugsforeningen, Bancontact) after https://docs.adyen.com/development-resources/testing/test-card-numbers.
 */
const networks: readonly CardNetwork[] = [
  { name: 'Visa', issuers: ['4'], lengths: [13, 16, 19] },
  {
    name: 'Mastercard',
    issuers: [
      ['51', '55'],
      ['2221', '2720'],
    ],
    lengths: [16],
  },
  { name: 'American Express', issuers: ['34', '37'], lengths: [15] },
  {
    name: 'Discover',
    issuers: ['6011', ['644', '649'], '65', ['622126', '622925']],
    lengths: [16, 17, 18, 19],
  },
  {
    name: 'Diners Club',
    issuers: [['300', '305'], '3095', '36', ['38', '39']],
    lengths: [14, 15, 16, 17, 18, 19],
  },
  { name: 'JCB', issuers: [['3528', '3589']], lengths: [16, 17, 18, 19] },
  { name: 'UnionPay', issuers: ['62', '81'], lengths: [16, 17, 18, 19] },
  {
    name: 'Maestro',
    issuers: ['5018', '5020', '5038', '5893', '6304', '6703', '6706', '6709', '6759', ['6761', '6763'], '6767', '6771'],
    lengths: [12, 13, 14, 15, 16, 17, 18, 19],
  },
  { name: 'Mir', issuers: [['2200', '2204']], lengths: [16, 17, 18, 19] },
  { name: 'RuPay', issuers: ['60', '82', '508', '353', '356'], lengths: [16] },
  { name: 'Troy', issuers: ['9792'], lengths: [16] },
  {
    name: 'Elo',
    issuers: ['504175', ['506699', '506778'], ['509000', '509999'], '627780', '636297', '636368'],
    lengths: [16],
  },
  {
    name: 'Hiper, Hipercard',
    issuers: ['637095', '637568', '637599', '637609', '637612', '606282', '3841'],
    lengths: [16, 19],
  },
  {
    name: 'Verve',
    issuers: [
      ['506099', '506198'],
      ['650002', '650027'],
      ['507865', '507964'],
    ],
    lengths: [16, 18, 19],
  },
  { name: 'Dankort', issuers: ['5019', '4571'], lengths: [16] },
  { name: 'Cabal, Naranja, Codensa', issuers: ['589657', '589562', '590712'], lengths: [16] },
  { name: 'Argencard', issuers: ['501105'], lengths: [16] },
  { name: 'Bankcard', issuers: ['5610', ['560221', '560225']], lengths: [16] },
  { name: 'InterPayment, InstaPayment', issuers: [['636', '639']], lengths: [16] },
  { name: 'Solo, Switch', issuers: ['6334', '6333', '633110', '564182'], lengths: [16, 18, 19] },
  // The whole of what Maestro may issue.
  { name: 'Maestro', issuers: ['50', ['56', '69']], lengths: [12, 13, 14, 15, 16, 17, 18, 19], onlyNamed: true },
  { name: 'UATP', issuers: ['1'], lengths: [15], onlyNamed: true },
];

/** Digits of a card number, ISO/IEC 7812-1. */
export const minCardDigits = 12;
export const maxCardDigits = 19;

/**
 * Whether digits are the number of a card: `certain` by range, length and check digit alone, `named` if a word beside them says so.
 * Outside the usual lengths numbers of other kinds are so many that one in ten passes Luhn's check by chance.
 */
export function cardOf(digits: string): 'certain' | 'named' | undefined {
  const mayBeNamed = mayBe(named, digits);
  const mayBeCertain = digits.length > minCardDigits && digits.length <= 16 && mayBe(certain, digits);
  if (!(mayBeCertain || mayBeNamed) || !passesLuhn(digits)) return undefined;
  return mayBeCertain ? 'certain' : 'named';
}

interface Range {
  readonly first: number;
  readonly last: number;
  readonly lengths: readonly number[];
}

/** The ranges by their first digit, as the six digits that they span. */
const certain = rangesOf(networks.filter(({ onlyNamed }) => !onlyNamed));
const named = rangesOf(networks);

function rangesOf(wanted: readonly CardNetwork[]): Range[][] {
  const byDigit: Range[][] = Array.from({ length: 10 }, () => []);
  for (const { issuers, lengths } of wanted) {
    for (const issuer of issuers) {
      const [first, last] = typeof issuer === 'string' ? [issuer, issuer] : issuer;
      const range = { first: Number(first.padEnd(6, '0')), last: Number(last.padEnd(6, '9')), lengths };
      byDigit[Number(first[0])]?.push(range);
    }
  }
  return byDigit;
}

function mayBe(ranges: readonly Range[][], digits: string): boolean {
  const issuer = Number(digits.slice(0, 6));
  const candidates = ranges[digits.charCodeAt(0) - ZERO] ?? [];
  return candidates.some(
    ({ first, last, lengths }) => issuer >= first && issuer <= last && lengths.includes(digits.length),
  );
}

const ZERO = 0x30;

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - ZERO;
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
