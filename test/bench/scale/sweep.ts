import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { alertStates } from '../../../functions/adapters/alertStates.js';
import { deployedConfig } from '../../../functions/adapters/deployedConfig.js';
import { deployedRules } from '../../../functions/adapters/deployedRules.js';
import { ruleBook } from '../../../shared/alerts/ruleBook.js';
import { expectKey } from '../../../shared/alerts/state/decide.js';
import { alertId } from '../../../shared/alerts/state/ids.js';
import { parallelSaves } from '../../../shared/alerts/state/update.js';
import { inParallel } from '../../../shared/text/parallel.js';
import { quietly } from './alertPath.js';
import { serviceAt } from './load.js';
import { FunctionClock } from './machine.js';
import type { Metered } from './meteredTable.js';
import type { SweepRequest } from './request.js';
import type { TableServer } from './tableServer.js';

/** What the sweep did until no key was due. */
export interface SweepResult {
  readonly runs: readonly {
    /** Keys that were due when it began, and those that were when it ended. */
    readonly before: number;
    readonly after: number;
    /** Milliseconds, on a clock that takes CPU as slow as the function has it; and those of CPU. */
    readonly took: number;
    readonly cpu: number;
    readonly metered: Metered;
  }[];
  readonly posts: number;
}

const MINUTE = 60_000;
const timeout = 50_000;
const mostRuns = 60;

/** Lets services be silent for longer than a rule of absence bears, and sweeps each minute. */
export async function measureSweep(
  { keys, isStreamSilent, memory }: SweepRequest,
  table: TableServer,
): Promise<SweepResult> {
  const realNow = Date.now;
  const start = Date.UTC(2026, 10, 23, 9);
  const clock = new FunctionClock(start, memory, parallelSaves);
  Date.now = () => clock.now();
  try {
    await seed(keys, isStreamSilent, start);
    const { handler } = await import('../../../functions/sweep.js');
    const runs: SweepResult['runs'][number][] = [];
    clock.skipTo(start + MINUTE);
    let before = keys;
    while (before > 0 && runs.length < mostRuns) {
      const [began, spent] = [clock.now(), clock.spent()];
      await table.take();
      const context = contextWith(began + timeout - clock.now());
      await quietly(() => handler({} as ScheduledEvent, context));
      const [took, cpu] = [clock.now() - began, clock.spent() - spent];
      const metered = await table.take();
      const after = await table.due(began);
      runs.push({ before, after, took, cpu, metered });
      before = after;
      clock.skipTo(began + MINUTE);
    }
    return { runs, posts: await table.posts() };
  } finally {
    Date.now = realNow;
  }
}

/** The function asks first. Whoever asks then, middy, waits so long on this machine's clock and gives up. */
function contextWith(left: number): Context {
  const answers = [60 * MINUTE, left];
  return { getRemainingTimeInMillis: () => answers.pop() ?? 60 * MINUTE } as Context;
}

async function seed(keys: number, isStreamSilent: boolean, now: number): Promise<void> {
  const store = alertStates(new DynamoDBClient({}), 'alerts');
  const { find } = ruleBook(deployedRules(), deployedConfig().alerts);
  const rule = find('no-logs');
  const stream = find('firesplit:no-lines');
  if (!rule || !stream) throw new Error('the default rules have lost no-logs');
  const silentSince = now - 20 * MINUTE;
  const watched = { type: 'absence', watched: true, since: now - 600 * MINUTE } as const;
  const expires = now + 10_000 * MINUTE;
  await store.save(
    alertId({ rule: stream.name, key: '' }),
    { ...expectKey(stream, {}, now), memory: { ...watched, lastSeen: isStreamSilent ? silentSince : now } },
    undefined,
    { expires },
  );
  await inParallel(
    Array.from({ length: keys }, (_, index) => index),
    32,
    async (index) => {
      const service = serviceAt(index);
      const memory = {
        ...watched,
        lastSeen: silentSince,
        said: { ts: silentSince, level: 'info', message: 'order 1 is paid' },
      };
      const state = { ...expectKey(rule, { service }, now), memory };
      const agenda = { name: 'sweep', at: now - 1 - (index % 997) } as const;
      await store.save(alertId({ rule: rule.name, key: service }), state, undefined, { expires, agenda });
    },
  );
}
