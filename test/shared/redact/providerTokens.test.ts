import { expect, it } from '@jest/globals';
import { compileRedaction } from '../../../shared/redact/redactor.js';
import { redactLine } from './redactLine.js';

/** Made up: nobody's. */
const botToken = `M${'k7'.repeat(12)}.Gx2f9a.${'Qw3e'.repeat(9)}`;

it("a Discord bot's token is told by the service's name within 300 characters before the token's first point", () => {
  const stored = (gap: number) => redactLine(compileRedaction(), `discord${' '.repeat(gap)}${botToken}`);
  const furthest = 299 - botToken.indexOf('.');
  expect(stored(furthest)).not.toContain(botToken);
  expect(stored(furthest + 1)).toContain(botToken);
});
