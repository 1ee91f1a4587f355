import { describe, expect, it } from '@jest/globals';
import { compileRedaction } from '../../../shared/redact/redactor.js';
import { innocents, promised } from './corpus.js';
import { redactLine } from './redactLine.js';

const redactor = compileRedaction();

describe('what is promised', () => {
  it.each(promised)('$kind: $line', ({ line, secrets, rest }) => {
    const redacted = redactLine(redactor, line);
    expect(secrets.length).toBeGreaterThan(0);
    for (const secret of secrets) expect(redacted).not.toContain(secret);
    expect(redacted).toContain('[redacted]');
    for (const part of rest) expect(redacted).toContain(part);
    // What was redacted once stays as it is.
    expect(redactLine(redactor, redacted)).toBe(redacted);
  });

  it.each(promised)('is announced, also as it stands escaped in a record: $line', ({ line }) => {
    for (const text of [line, JSON.stringify(line), JSON.stringify(JSON.stringify(line))]) {
      expect(redactor.mayContainSecret(text, 0, text.length)).toBe(true);
    }
  });
});

describe('what is innocent', () => {
  it.each(innocents)('$kind: $line', ({ line }) => {
    expect(redactLine(redactor, line)).toBe(line);
  });
});
