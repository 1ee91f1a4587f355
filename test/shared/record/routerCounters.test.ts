import { describe, expect, it } from '@jest/globals';
import { readCounters } from '../../../shared/record/routerCounters.js';

const metrics = {
  input: {
    'forward.0': { records: 70, bytes: 1 },
    'forward.1': { records: 5, bytes: 1 },
    firesplit_canary: { records: 9, bytes: 1 },
    'storage_backlog.4': { records: 400, bytes: 1 },
  },
  output: {
    firesplit: { proc_records: 60, retries: 3, dropped_records: 2 },
    'null.1': { proc_records: 75, retries: 50, dropped_records: 50 },
    'http.3': { proc_records: 1, retries: 1, dropped_records: 1 },
  },
};
const storage = {
  storage_layer: { chunks: { total_chunks: 12, fs_chunks_up: 4 } },
  input_chunks: {
    'forward.0': { status: { overlimit: true } },
    'forward.1': { status: { overlimit: false } },
  },
};
const printed = (...answers: unknown[]) => answers.map((each) => (each === '' ? '' : JSON.stringify(each))).join(',');

describe("the counters in a router's canary", () => {
  it('are those of lines that containers wrote, and of outputs that send', () => {
    expect(readCounters(printed(metrics, storage, 52))).toEqual({
      ...{ lines: 75, retries: 4, dropped: 3, paused: 1, chunks: 12, diskBytes: 52 * 1024 },
    });
  });

  it.each([
    ['storage', printed(metrics, '', 52), { lines: 75, diskBytes: 52 * 1024 }],
    ['the disk', printed(metrics, storage, ''), { lines: 75, paused: 1, chunks: 12 }],
    ['all but the metrics', printed(metrics, '', ''), { lines: 75 }],
  ])('are read without %s', (_what, text, expected) => {
    const counters = readCounters(text);
    expect(counters).toEqual({ retries: 4, dropped: 3, ...expected });
  });

  it('are no numbers but those of counters', () => {
    const odd = (records: unknown) => printed({ input: { a: { records }, b: { records } }, output: {} });
    for (const records of [-1, 0.5, 1e308, '7', null, [7]])
      expect(readCounters(odd(records))).toEqual({ lines: 0, retries: 0, dropped: 0 });
    expect(readCounters(odd(7))).toMatchObject({ lines: 14 });
  });

  it.each([
    ['nothing', ''],
    ['no metrics', printed('', storage, 52)],
    ['what is cut short', printed(metrics).slice(0, 80)],
    ['a text of something else', 'curl: command not found'],
    ['no text', 7],
    ['nothing at all', undefined],
    ['metrics of another form', printed({ input: [], output: 3 })],
  ])('are unknown when the command printed %s', (_what, text) => {
    expect(readCounters(text)).toBeUndefined();
  });
});
