import { fingerprint } from '../../../shared/line/fingerprint.js';
import { signalBatches } from '../../../shared/rules/matching/batch.js';
import type { RuleSet } from '../../../shared/rules/matching/match.js';
import type { SignalBatch } from '../../../shared/signals/signal.js';

/** A steady load, as the transform hands it over. */
export interface Load {
  readonly services: number;
  /** From one invocation of the transform to the next, milliseconds; each has lines of all services. */
  readonly every: number;
  /** How many times the lines of a small service each of them logs; 1 when absent. */
  readonly lines?: number;
}

/** Of each service: its tasks, and the lines that an invocation has of it. */
const tasks = 3;
const accessLines = 24;
const appLines = 4;
export const linesOfService = accessLines + appLines;

/** Of a small service's invocations, those with an error line, and of access lines, those with a 5xx. */
const [errorShare, failedShare] = [0.2, 0.001];

/**
 * What the deployed rules make of an invocation's lines: web services that answer requests, with an error now and then.
 *
 * @param at when it ends, ms since the epoch: its lines are those of the `every` milliseconds before.
 */
export function messagesAt(
  at: number,
  number: number,
  { services, every, lines = 1 }: Load,
  rules: RuleSet,
): SignalBatch[] {
  const random = randomFrom(number);
  const collector = rules.collector();
  const time = () => at - Math.floor(random() * every);
  // Whoever logs a hundred times as much has ten times as many kinds of errors.
  const kinds = Math.ceil(Math.sqrt(lines));
  for (let index = 0; index < services; index++) {
    const service = serviceAt(index);
    for (let line = 0; line < accessLines * lines; line++) {
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
    for (let line = 0; line < appLines * lines; line++) {
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
    for (let line = 0; line < lines; line++) {
      if (random() >= errorShare) continue;
      const row = {
        ts: time(),
        service,
        task: `${service}-task-0`,
        cluster: 'shop',
        level: 'error',
        message: `could not save ${things[kinds === 1 ? 0 : Math.floor(kinds * random() ** 2)]}`,
      };
      collector.observe('error', { fingerprint: fingerprint(row), ...row });
    }
  }
  return signalBatches([`record-${number}`], collector.signals(), collector.failures());
}

/** What errors are about: messages that differ in words have different fingerprints. */
const things = [
  'the basket',
  'an order',
  'a refund',
  'a voucher',
  'a review',
  'an address',
  'a card',
  'a parcel',
  'an invoice',
  'a return',
];

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
