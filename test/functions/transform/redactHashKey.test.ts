import { afterEach, expect, it, jest } from '@jest/globals';
import { redactHashKey } from '../../../functions/transform/environment.js';

const before = process.env.REDACT_HASH_KEY;
afterEach(() => {
  if (before === undefined) delete process.env.REDACT_HASH_KEY;
  else process.env.REDACT_HASH_KEY = before;
  jest.restoreAllMocks();
});

it.each([
  ['', { redact: { emails: 'hash' } }, undefined, 1],
  ['', { redact: { rules: [{ name: 'customer', key: ['customer'], hash: true }] } }, undefined, 1],
  ['', { redact: { ibans: 'hash' } }, undefined, 1],
  ['', { redact: { ssns: 'hash' } }, undefined, 1],
  ['', { redact: { emails: 'replace' } }, undefined, 0],
  ['', {}, undefined, 0],
  ['secret', { redact: { emails: 'hash' } }, 'secret', 0],
] as const)('with the key "%s" and %j gives %s and warns %d times', (key, config, expected, warnings) => {
  const warn = jest.spyOn(console, 'warn').mockReturnValue(undefined);
  process.env.REDACT_HASH_KEY = key;
  expect(redactHashKey(config)).toBe(expected);
  expect(warn).toHaveBeenCalledTimes(warnings);
});
