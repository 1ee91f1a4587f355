import { describe, expect, it } from '@jest/globals';
import { parseLine, parseText, recognise } from '../../../shared/parse/index.js';

it.each(['\t', '\v', '\f', '\r', ' '])('takes a frame of a stack behind %j for an error', (space) => {
  const frame = `${space}at com.shop.Checkout.run(Checkout.java:52)`;
  expect(parseLine(frame)).toEqual({ type: 'error', columns: { message: frame }, fields: [] });
});

it.each(['\u0008', '\u000e', '-', ''])('takes what looks like a frame behind %j for a text', (start) => {
  expect(parseLine(`${start}at com.shop.Checkout.run(Checkout.java:52)`).type).toBe('app');
});

describe('what a line says', () => {
  const line = '2026-11-22T16:41:02Z stdout F {"msg":"saved","level":"warn"}';

  it('is read within what a container runtime put around it, whose time and stream are kept', () => {
    expect(parseLine(line)).toEqual({
      type: 'app',
      time: Date.UTC(2026, 10, 22, 16, 41, 2),
      columns: { message: 'saved', level: 'warn' },
      fields: [['stream', 'stdout']],
    });
  });

  it('is read within two wrappers, and not within a third', () => {
    const wrapper = '2026-11-22T16:41:02Z stdout F ';
    expect(parseLine(`${wrapper}web | saved`).columns).toEqual({ message: 'saved' });
    expect(parseLine(`${wrapper}${wrapper}web | saved`).columns).toEqual({ message: 'web | saved' });
  });

  it.each([
    [
      'its own time',
      '{"log":"2026-11-21T10:00:00Z INFO a: b\\n","stream":"stdout","time":"2026-11-22T16:41:02Z"}',
      Date.UTC(2026, 10, 21, 10),
    ],
    [
      "Docker's time",
      '{"log":"saved\\n","stream":"stdout","time":"2026-11-22T16:41:02Z"}',
      Date.UTC(2026, 10, 22, 16, 41, 2),
    ],
  ])('has %s', (_, text, time) => {
    expect(parseLine(text)).toMatchObject({ time, fields: [['stream', 'stdout']] });
  });
});

it('recognise leaves plain text, JSON that is cut off and an empty line to parseText', () => {
  for (const text of ['saved', '{"msg":"saved"', '', 'é']) {
    expect(recognise(text)).toBeUndefined();
    expect(parseText(text)).toEqual({ type: 'app', columns: { message: text }, fields: [] });
  }
});
