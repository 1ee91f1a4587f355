import { fingerprint } from '../../../shared/line/fingerprint.js';
import { signalBatches } from '../../../shared/rules/matching/batch.js';
import type { RuleSet } from '../../../shared/rules/matching/match.js';
import type { SignalBatch } from '../../../shared/signals/signal.js';

/** A steady load, as the transform hands it over. */
export interface Load {
  readonly services: number;
  /** From one invocation of the transform to the next, milliseconds; each has lines of all services. */
  readonly every: number;
}

/** Of each service: its tasks, and the lines that an invocation has of it at least. Signals hardly grow with the lines. */
const tasks = 3;
const accessLines = 24;
const appLines = 4;

/** Of a service's invocations, those with an error line, and of its access lines, those with a 5xx. */
const [errorShare, failedShare] = [0.2, 0.001];

/**
 * What the deployed rules make of an invocation's lines: web services that answer requests, with an error now and then.
 *
 * @param at when it ends, ms since the epoch: its lines are those of the `every` milliseconds before.
 */
export function messagesAt(at: number, number: number, { services, every }: Load, rules: RuleSet): SignalBatch[] {
  const random = randomFrom(number);
  const collector = rules.collector();
  const time = () => at - Math.floor(random() * every);
  for (let index = 0; index < services; index++) {
    const service = serviceAt(index);
    for (let line = 0; line < accessLines; line++) {
      const task = `${service}-task-${line % tasks}`;
      const status = random() < failedShare ? 502 : 200;
      const path = `/api/items/${Math.floor(random() * 40)}`;
      collector.observe('access', {
        ts: time(),
        service,
        task,
        cluster: 'shop',
        method: 'GET',
        path,
        status,
        duration_ms: 12,
      });
    }
    for (let line = 0; line < appLines; line++) {
      const task = `${service}-task-${line % tasks}`;
      collector.observe('app', {
        ts: time(),
        service,
        task,
        cluster: 'shop',
        level: 'info',
        message: `order ${line} is paid`,
      });
    }
    if (random() >= errorShare) continue;
    const row = {
      ts: time(),
      service,
      task: `${service}-task-0`,
      cluster: 'shop',
      level: 'error',
      message: 'could not save the basket',
    };
    collector.observe('error', { fingerprint: fingerprint(row), ...row });
  }
  return signalBatches([`record-${number}`], collector.signals(), collector.failures());
}

export function serviceAt(index: number): string {
  return `service-${String(index).padStart(5, '0')}`;
}

/** A linear congruential generator: the same load in every run. */
function randomFrom(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
