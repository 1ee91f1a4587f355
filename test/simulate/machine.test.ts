import { expect, it } from '@jest/globals';
import { lambda } from '../../shared/limits.js';
import { randomFrom } from '../oncall/random.js';
import { Machine } from './machine.js';
import { VirtualTime } from './virtualTime.js';

it.each([0.3, 0.6, 0.8])(
  'makes work wait as long as queueing theory says when it is busy for %d of the time',
  async (busy) => {
    // Work of one length that comes by chance (M/D/1): on the mean it waits busy / (2 (1 - busy)) of its length.
    const [length, count] = [10_000, 40_000];
    const time = new VirtualTime(0);
    const machine = new Machine(time, lambda.memoryOfVcpu);
    const random = randomFrom(7);
    let [at, waited] = [0, 0];
    for (let each = 0; each < count; each++) {
      at += (-Math.log(1 - random.next()) * length) / busy;
      time.at(at, () => {
        waited += machine.now() - time.now();
        machine.spend(length);
      });
    }
    await time.runUntil(at);
    const wanted = busy / (2 * (1 - busy));
    expect(waited / count / length / wanted).toBeGreaterThan(0.93);
    expect(waited / count / length / wanted).toBeLessThan(1.07);
  },
);

it('is as slow as its memory, and no faster than one thread', () => {
  const took = (memory: number) => {
    const machine = new Machine(new VirtualTime(0), memory);
    machine.spend(100);
    return machine.now();
  };
  expect([took(256), took(lambda.memoryOfVcpu), took(2 * lambda.memoryOfVcpu)]).toEqual([692, 100, 100]);
});

it('does what is owed when it is paid, once', async () => {
  const time = new VirtualTime(0);
  const machine = new Machine(time, lambda.memoryOfVcpu);
  machine.owe(30);
  machine.spend(10);
  expect(machine.now()).toBe(10);
  const ends: number[] = [];
  for (let each = 0; each < 2; each++) void machine.paid().then(() => ends.push(time.now()));
  await time.runUntil(100);
  expect(ends).toEqual([40, 40]);
});
