import type { StorageResult } from './day.js';
import type { DeployedWorker } from './worker.js';

export type Deployed = Pick<DeployedWorker, 'memoryMb' | 'vcpus'>;

const GB = 2 ** 30;
const TB = 1024 * GB;

/** What one worker keeps up with, if it uses all of its vCPUs all the time. */
export function keepsUpWith({ landed, daily }: StorageResult, { vcpus }: Pick<Deployed, 'vcpus'>) {
  const secondsOfDayOfLines = daily.whole.cpuMs / 1000 / vcpus;
  return {
    landedGbPerHour: (landed.landed / GB / secondsOfDayOfLines) * 3600,
    rawTbPerDay: (landed.raw / TB / secondsOfDayOfLines) * 86_400,
  };
}
