import { expect, it } from '@jest/globals';
import { firstAddress, isAddress, withoutPort } from '../../../../shared/parse/values/address.js';

it.each([
  ['203.0.113.9:4711', '203.0.113.9'],
  ['203.0.113.9', '203.0.113.9'],
  ['[2001:db8::7]:4711', '2001:db8::7'],
  ['[2001:db8::7]', '2001:db8::7'],
  ['2001:db8::7', '2001:db8::7'],
  ['client.example.net:80', 'client.example.net'],
  ['-', '-'],
])('withoutPort(%j) is %j', (address, expected) => {
  expect(withoutPort(address)).toBe(expected);
});

it('knows addresses from other words', () => {
  expect(['203.0.113.9', '203.0.113.9:80', '::1', 'unknown'].every(isAddress)).toBe(true);
  expect(['1.50', 'shop', 'shop:80', '1:2', '', '-'].some(isAddress)).toBe(false);
});

it('takes the first of a list', () => {
  expect(firstAddress('203.0.113.9:80, 10.0.0.7')).toBe('203.0.113.9');
});
