import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../shared/alerts/ports.js';

/** The machine's clock. */
export const systemClock: Clock = {
  now: Date.now,
  async sleepUntil(time) {
    // A timer may fire a moment early.
    for (let left = time - Date.now(); left > 0; left = time - Date.now()) await sleep(left);
  },
};
