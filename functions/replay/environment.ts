import { setTimeout as sleep } from 'node:timers/promises';
import { replay } from '../../shared/bounds.js';
import type { ReplaySettings } from '../../shared/replay/answerEvent.js';
import type { PaceLimits } from '../../shared/replay/pace.js';
import type { ReplayClock } from '../../shared/replay/ports.js';
import { required } from '../adapters/environment.js';
import { keysIn } from '../adapters/keys.js';

/** What functions/replay and functions/replayWorker find in their environment. */

/** `REPLAY_MEGABYTES_PER_SECOND` and `REPLAY_RECORDS_PER_SECOND`: what all workers together may put on the stream. */
const pace: PaceLimits = {
  bytes: positive('REPLAY_MEGABYTES_PER_SECOND') * 1_000_000,
  records: positive('REPLAY_RECORDS_PER_SECOND'),
};

/** The part of one worker. */
export const workerPace: PaceLimits = { bytes: pace.bytes / replay.workers, records: pace.records / replay.workers };

/** `LOGS_BUCKET` and `PUT_BACK_KEYS`, as the transform has them. */
export const settings: ReplaySettings = {
  bucket: required('LOGS_BUCKET'),
  keys: keysIn(process.env.PUT_BACK_KEYS),
  pace,
};

export const clock: ReplayClock = {
  now: Date.now,
  pause: async (ms) => {
    await sleep(ms);
  },
};

function positive(name: string): number {
  const value = Number(required(name));
  if (value > 0) return value;
  throw new Error(`${name} is "${process.env[name]}"; set it to a number above 0`);
}
