import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileBlocks, parseBlock } from '../../../shared/where/cidr.js';

describe('parseBlock', () => {
  it.each([
    ['10.0.0.0/8', { address: '10.0.0.0', prefix: 8, family: 'ipv4' }],
    ['192.0.2.7', { address: '192.0.2.7', prefix: 32, family: 'ipv4' }],
    ['2001:DB8::/32', { address: '2001:DB8::', prefix: 32, family: 'ipv6' }],
    ['::1', { address: '::1', prefix: 128, family: 'ipv6' }],
  ])('reads %s', (text, block) => {
    expect(parseBlock(text)).toEqual(block);
  });

  it.each([
    '',
    '10.0.0.0/33',
    '10.0.0/8',
    '256.0.0.0/8',
    '2001:db8::/129',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    ' 10.0.0.0/8',
    'a',
    '::1%lo',
  ])('%j is none', (text) => {
    expect(parseBlock(text)).toBeUndefined();
    expect(() => compileBlocks([text])).toThrow('is no address block');
  });
});

describe('addresses in blocks', () => {
  // Few different bits, so that blocks and addresses meet.
  const byte = fc.constantFrom(0, 1, 10, 127, 128, 255);
  const group = fc.constantFrom('0', '1', 'db8', '2001', 'ffff', 'fe80');
  const ipV4 = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.'));
  const ipV6 = fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':'));
  const mapped = ipV4.map((address) => `::ffff:${address}`);
  const block = fc.oneof(
    fc.tuple(ipV4, fc.integer({ min: 0, max: 32 })),
    fc.tuple(fc.oneof(ipV6, mapped), fc.integer({ min: 0, max: 128 })),
  );

  it('are those that share its first bits, IPv4 as it is mapped to IPv6', () => {
    fc.assert(
      fc.property(fc.oneof(ipV4, ipV6, mapped), fc.array(block, { maxLength: 4 }), (address, blocks) => {
        const texts = blocks.map(([of, prefix]) => `${of}/${prefix}`);
        const expected = blocks.some(([of, prefix]) => {
          const shift = BigInt(of.includes(':') ? 128 - prefix : 32 - prefix);
          return bitsOf(of) >> shift === bitsOf(address) >> shift;
        });
        expect(compileBlocks(texts)(address)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('are nothing else', () => {
    const isIn = compileBlocks(['0.0.0.0/0', '::/0']);
    fc.assert(fc.property(fc.string(), (text) => expect(isIn(`${text} `)).toBe(false)));
    for (const text of ['', '-', 'unix:', 'localhost', '1.2.3', '1.2.3.4:80']) expect(isIn(text)).toBe(false);
  });
});

function bitsOf(address: string): bigint {
  const v4 = address.replace(/^::ffff:(?=\d+\.)/, '');
  if (v4.includes('.')) return v4.split('.').reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0xffffn);
  return address.split(':').reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}
