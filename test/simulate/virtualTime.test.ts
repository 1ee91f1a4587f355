import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualTime } from './virtualTime.js';

it('lets events happen in the order of their times, and those of one time as they were asked for', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(20)), async (times) => {
      const time = new VirtualTime(0);
      const seen: { readonly at: number; readonly index: number }[] = [];
      for (const [index, at] of times.entries()) time.at(at, () => seen.push({ at: time.now(), index }));
      await time.runUntil(20);
      const wanted = times.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at || a.index - b.index);
      expect(seen).toEqual(wanted);
    }),
  );
});

it('wakes who sleeps at that time, and lets it go on before the next event', async () => {
  const time = new VirtualTime(0);
  const seen: string[] = [];
  const sleeper = async () => {
    await time.sleepUntil(5);
    seen.push(`awake at ${time.now()}`);
    await time.sleepUntil(5);
    seen.push(`still ${time.now()}`);
  };
  void sleeper();
  time.at(6, () => seen.push(`event at ${time.now()}`));
  await time.runUntil(5.5);
  expect(seen).toEqual(['awake at 5', 'still 5']);
  expect(time.now()).toBe(5.5);
  await time.runUntil(10);
  expect(seen.at(-1)).toBe('event at 6');
});
