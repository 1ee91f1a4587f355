import { expect, it } from '@jest/globals';
import { messageOf, readType } from '../../../shared/compact/message.js';

it('reads the message that it writes', () => {
  expect(readType(messageOf('error'))).toBe('error');
});

it.each(['', 'access', '{}', 'null', '[]', '{"type": "Access"}', '{"type": 1}'])('takes %j for no message', (body) => {
  expect(() => readType(body)).toThrow('{"type": "access" | "error" | "app"}');
});
