import { expect, it } from '@jest/globals';
import { SimulatedClock } from '../../../../shared/alerts/simulation/simulatedClock.js';

it('moves on when everybody waits, to whoever waits for the earliest time', async () => {
  const clock = new SimulatedClock(1000);
  const woken: [name: string, at: number][] = [];
  const sleeper = async (name: string, ...times: number[]) => {
    for (const time of times) {
      await clock.sleepUntil(time);
      woken.push([name, clock.now()]);
    }
  };
  await Promise.all([sleeper('a', 3000, 6000), sleeper('b', 2000, 5000, 5500), sleeper('c', 4000)]);
  expect(woken).toEqual([
    ['b', 2000],
    ['a', 3000],
    ['c', 4000],
    ['b', 5000],
    ['b', 5500],
    ['a', 6000],
  ]);
});

it('does not wait for what is over', async () => {
  const clock = new SimulatedClock(1000);
  await clock.sleepUntil(999);
  await clock.sleepUntil(1000);
  expect(clock.now()).toBe(1000);
});

it('never goes back', async () => {
  const clock = new SimulatedClock(1000);
  clock.moveTo(500);
  expect(clock.now()).toBe(1000);
  clock.moveTo(1500);
  expect(clock.now()).toBe(1500);
});
