import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Invocation, Stream, tick } from './stream.js';
import { VirtualTime } from './virtualTime.js';

const MiB = 2 ** 20;

/** What a stream makes of the bytes that are flushed second by second; an invocation takes `takes` milliseconds. */
async function pass(seconds: readonly number[], { quotaMiB = 5, takes = 500 } = {}) {
  const time = new VirtualTime(0);
  const invocations: (Invocation & { readonly at: number })[] = [];
  const setting = { quotaMiB, bufferBytes: 3 * MiB, bufferInterval: 20_000 };
  const stream = new Stream(time, setting, async (invocation) => {
    invocations.push({ ...invocation, at: time.now() });
    await time.sleepUntil(time.now() + takes);
  });
  const flush = (second: number) => {
    const bytes = seconds[second] ?? 0;
    const records = bytes / 5000;
    stream.take({ at: time.now(), records, canaries: records / 10, bytes, rawBytes: 10 * bytes });
    if (second < seconds.length || stream.behind > 0) time.at(time.now() + tick, () => flush(second + 1));
  };
  time.at(0, () => flush(0));
  await time.runUntil(10_000_000);
  return { stream, invocations };
}

it('hands over all that is sent, in its order, and as much at a time as Firehose gathers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(12 * MiB), { maxLength: 40 }), async (seconds) => {
      const { stream, invocations } = await pass(seconds);
      const sum = (of: (each: Invocation) => number) => invocations.reduce((total, each) => total + of(each), 0);
      const sent = seconds.reduce((total, bytes) => total + bytes, 0);
      expect(sum(({ bytes }) => bytes)).toBeCloseTo(sent, 0);
      expect(sum(({ rawBytes }) => rawBytes)).toBeCloseTo(10 * sent, 0);
      expect(sum(({ canaries }) => canaries)).toBeCloseTo(sent / 50_000, 3);
      expect(stream.behind).toBe(0);
      for (const [at, { bytes, first, last, arrived }] of invocations.entries()) {
        expect(bytes).toBeLessThanOrEqual(3 * MiB + 1);
        expect(first).toBeLessThanOrEqual(last);
        expect(arrived).toBeGreaterThanOrEqual(first);
        expect(first).toBeGreaterThanOrEqual(invocations[at - 1]?.last ?? 0);
      }
    }),
    { numRuns: 30 },
  );
});

it('makes routers wait for what is above its quota, which comes later and whole', async () => {
  const { stream, invocations } = await pass([...Array(60).fill(8 * MiB), ...Array(60).fill(0)]);
  const { counts } = stream;
  expect(counts.bytes).toBeCloseTo(480 * MiB, 0);
  expect(counts.throttled).toBeGreaterThan(0);
  // Eight come and five leave: after a minute 180 wait, for 36 seconds.
  expect(counts.mostWaiting / MiB).toBeCloseTo(180, 0);
  expect(counts.longestWait / 1000).toBeCloseTo(36, 0);
  expect(counts.mostBytes / MiB).toBeCloseTo(5, 3);
  expect(invocations.at(-1)?.at).toBeGreaterThanOrEqual(95_000);
});

it('refuses requests beyond its quota of them, however small', async () => {
  const { stream } = await pass(Array(20).fill(5000 * 3000), { quotaMiB: 20 });
  expect(stream.counts.throttled).toBe(0);
  const { stream: small } = await pass(Array(20).fill(5000 * 3000), { quotaMiB: 5 });
  expect(small.counts.throttled).toBeGreaterThan(0);
});

it('has so many invocations under way and no more', async () => {
  const { stream, invocations } = await pass(Array(60).fill(5 * MiB), { takes: 10_000 });
  expect(stream.counts.mostOutstanding).toBe(5);
  // Little's law: five at a time, each for ten seconds, are one in two seconds.
  const [first, last] = [invocations[0]?.at ?? 0, invocations.at(-1)?.at ?? 0];
  expect((last - first) / (invocations.length - 5)).toBeCloseTo(2000, -2);
});
