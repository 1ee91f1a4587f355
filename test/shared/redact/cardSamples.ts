/*
 * Numbers that cards have and numbers that only look like it, in lines as logs have them: for the tests, and for
 * `npm run bench -- --redaction`.
 */

/** https://docs.stripe.com/testing, docs.adyen.com/development-resources/testing/test-card-numbers, and PayPal's list of test cards. */
export const testCards = [
  // Visa
  ...[
    '4111111111111111',
    '4012888888881881',
    '4242424242424242',
    '4000056655665556',
    '4000002500003155',
    '4222222222222',
  ],
  ...[
    '4988438843884305',
    '4166676667666746',
    '4646464646464644',
    '4000620000000007',
    '4035501000000008',
    '4917610000000000',
  ],
  // Mastercard
  ...[
    '5555555555554444',
    '5105105105105100',
    '5200828282828210',
    '2223003122003222',
    '2222400070000005',
    '5577000055770004',
  ],
  ...['5413330089099999', '5454545454545454', '2222410740360010', '5500000000000004', '5555341244441115'],
  // American Express
  ...['378282246310005', '371449635398431', '378734493671000', '370000000000002', '374251018720018'],
  // Discover
  ...['6011111111111117', '6011000990139424', '6011981111111113', '6011601160116611', '6445644564456445'],
  // Diners Club
  ...['30569309025904', '38520000023237', '36227206271667', '36006666333344', '3056930009020004'],
  // JCB
  ...['3566002020360505', '3530111333300000', '3569990010095841'],
  // UnionPay
  ...['6200000000000005', '6200000000000047', '6243030000000001', '8171999927660000'],
  // Maestro, Bancontact, Solo
  ...['6771798021000008', '6703444444444449', '6759649826438453', '6304000000000000', '6331101999990016'],
  // Others: Bankcard, Dankort, Hipercard, Cabal, Elo
  ...['5610591081018250', '5019717010103742', '6062828888666688', '6035227716427021', '5066991111111118'],
  '6555900000604105',
];

/** More digits than 16: in one piece they are cards only beside a word that says so. */
export const longTestCards = ['6205500000000000004', '8171999900000000021'];

/** Every usual way to write a card number. */
export function groupingsOf(digits: string): string[] {
  const shapes = [[4, 4, 4, 4, 3]];
  if (digits.length === 15) shapes.push([4, 6, 5]);
  if (digits.length === 14) shapes.push([4, 6, 4]);
  return [digits, ...shapes.flatMap((shape) => [' ', '-'].map((joint) => split(digits, shape).join(joint)))];
}

function split(digits: string, shape: readonly number[]): string[] {
  const ends = shape.map((_, index) => shape.slice(0, index + 1).reduce((sum, length) => sum + length, 0));
  return ends.map((end, index) => digits.slice(ends[index - 1] ?? 0, end)).filter((group) => group !== '');
}

/** Sentences that name no card, and ones that do. */
export const withoutCardWord = [
  (number: string) => number,
  (number: string) => `paid with ${number} today`,
  (number: string) => `got "${number}".`,
  (number: string) => `value=${number}, n=1`,
  (number: string) => `{"level":"info","msg":"paid ${number}"}`,
  (number: string) => `{"level":"info","input":"${number}"}`,
];
export const withCardWord = [
  (number: string) => `card ${number} declined`,
  (number: string) => `card number: ${number}`,
  (number: string) => `pan=${number}&cvv=123`,
  (number: string) => `{"level":"info","card":{"number":"${number}"}}`,
  (number: string) => `{"level":"info","ccNumber":"${number}"}`,
  (number: string) => `Visa ${number} 12/27 123`,
  (number: string) => `GET /cards/${number}/charges HTTP/1.1`,
];

/** Random numbers of a kind, in the lines in which such numbers stand. */
export interface LookAlike {
  readonly kind: string;
  readonly line: (random: Random) => string;
}

export type Random = (below: number) => number;

/** A seeded source of numbers: mulberry32. */
export function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export const lookAlikes: readonly LookAlike[] = [
  {
    kind: 'compact timestamps',
    line: oneOf(compactTime, [
      (time) => `== ${time.slice(0, 14)} CreateUsers: migrating ======`,
      (time) => `{"level":"info","reqNo":"${time}","msg":"x"}`,
      (time) => `{"level":"info","ts":${time.slice(0, 14)},"msg":"x"}`,
      (time) => `backup_${time.slice(0, 14)}.tar.gz written`,
      (time) => `batch ${time.slice(0, 16)} done`,
      (time) => `started ${time}`,
    ]),
  },
  {
    kind: 'ids of 64 bits',
    line: oneOf(
      (random) => String(BigInt(1 + random(2 ** 31 - 1)) * 2n ** 32n + BigInt(random(2 ** 32))),
      [
        (id) => `GET /users/${id}/posts HTTP/1.1`,
        (id) => `Verification succeeded for blk_-${id}`,
        (id) => `trace ${id} span ${id}`,
        (id) => `{"level":"info","user_id":"${id}","msg":"x"}`,
        (id) => `{"level":"info","dd.trace_id":"${id}"}`,
        (id) => `message ${id} deleted`,
        (id) => `saved ${id}`,
      ],
    ),
  },
  {
    kind: 'order ids',
    line: oneOf(
      (random) => digitsOf(random, 13 + random(5)),
      [
        (id) => `INFO order ${id} shipped`,
        (id) => `{"level":"info","order_id":"${id}","msg":"shipped"}`,
        (id) => `{"level":"info","order":{"id":${id}},"msg":"shipped"}`,
        (id) => `order number: ${id}`,
        (id) => `orderId=${id}&a=1`,
        (id) => `shipping order #${id}`,
        (id) => `GET /orders/${id} HTTP/1.1`,
      ],
    ),
  },
  {
    kind: 'lists of six numbers',
    line: oneOf(
      (random) => Array.from({ length: 6 }, () => String(1000 + random(9000))).join(' '),
      [(list) => `fan speeds ( ${list} )`, (list) => `speeds: ${list}`, (list) => `${list}`],
    ),
  },
  {
    kind: 'amounts of bytes',
    line: oneOf(
      (random) => digitsOf(random, 12 + random(3)),
      [
        (bytes) => `heap max ${bytes} used 12`,
        (bytes) => `wrote ${bytes} bytes`,
        (bytes) => `{"level":"info","bytes":${bytes}}`,
        (bytes) => `offset=${bytes} partition=3`,
        (bytes) => `memory limit: ${bytes}`,
      ],
    ),
  },
  {
    kind: 'article numbers',
    line: oneOf(
      (random) => digitsOf(random, 13 + random(2)),
      [
        (code) => `{"level":"info","sku":"${code}","msg":"stock"}`,
        (code) => `barcode ${code} scanned`,
        (code) => `ean=${code}`,
        (code) => `{"level":"info","gtin":${code}}`,
      ],
    ),
  },
  {
    kind: 'numbers of sessions, devices and requests',
    line: oneOf(
      (random) => digitsOf(random, 14 + random(3)),
      [
        (id) => `do_home() [session ${id}] [client 192.0.2.238]`,
        (id) => `imei=${id}`,
        (id) => `request ${id} took 3 ms`,
        (id) => `{"level":"info","requestId":${id}}`,
        (id) => `req-${id} done`,
        (id) => `{"level":"info","span":{"id":"${id}"}}`,
      ],
    ),
  },
  {
    kind: 'numbers of load balancers',
    line: (random) =>
      `my-elb 192.0.2.39:2817 10.0.0.1:80 0.${digitsOf(random, 6)} 0.${digitsOf(random, 6)} 0.${digitsOf(random, 6)} 200 200 ${1000 + random(9000)} ${100000 + random(900000)} "GET http://www.example.com:80/x HTTP/1.1"`,
  },
];

function oneOf(value: (random: Random) => string, lines: readonly ((value: string) => string)[]): LookAlike['line'] {
  return (random) => (lines[random(lines.length)] as (value: string) => string)(value(random));
}

/** yyyyMMddHHmmssSSS */
function compactTime(random: Random): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${2000 + random(40)}${two(1 + random(12))}${two(1 + random(28))}`;
  return `${date}${two(random(24))}${two(random(60))}${two(random(60))}${String(random(1000)).padStart(3, '0')}`;
}

function digitsOf(random: Random, length: number): string {
  return Array.from({ length }, (_, index) => (index === 0 ? 1 + random(9) : random(10))).join('');
}
