import middy from '@middy/core';
import type { ScheduledEvent } from 'aws-lambda';
import { weeklyFailure, weeklyMessage } from '../shared/cost/weeklyMessage.js';
import { countLines } from './cost/countLines.js';
import { queue, runSql } from './cost/environment.js';

/** Kept back of an invocation's time, to stop a query and say so. */
const margin = 15_000;

/**
 * Every Monday: asks Athena what the lines of the week cost, and gives it to the alert function to tell (docs/cost.md). Only there with
 * `alerts.weekly_cost_route`.
 */
export const handler = middy<ScheduledEvent, void>().handler(async (_event, context) => {
  const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - margin));
  const batch = await messageOf(signal);
  if (batch) await queue.send(batch);
  else console.info(JSON.stringify({ level: 'info', message: 'no lines are stored of the last week' }));
});

async function messageOf(signal: AbortSignal) {
  try {
    return weeklyMessage(await countLines((sql) => runSql(sql, signal)), Date.now());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(JSON.stringify({ level: 'error', message: 'what lines cost could not be found out', reason }));
    return weeklyFailure(reason, Date.now());
  }
}
