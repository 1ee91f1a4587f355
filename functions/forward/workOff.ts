import type { SQSRecord } from 'aws-lambda';
import { forward as limits } from '../../shared/bounds.js';
import { type ForwardOutcome, forwardObject } from '../../shared/forward/forwardObject.js';
import { readNotification } from '../../shared/forward/notification.js';
import type { ForwardWorker } from '../../shared/forward/ports.js';
import { deliverAgainAfter } from '../adapters/deliverAgain.js';
import { sendAgain } from '../adapters/sqsForwardQueue.js';
import { forwarding, queueUrl } from './environment.js';
import { report, reportFailure } from './report.js';

/** Does what a message asks; false when it has to come again. */
export async function workOff(record: SQSRecord, worker: ForwardWorker): Promise<boolean> {
  // Of a configuration that has forwarded before.
  if (!forwarding) return true;
  try {
    for (const object of readNotification(record.body).objects) {
      const outcome = await forwardObject(object, worker, forwarding.settings, forwarding.ports);
      report(object, outcome, Date.now());
      if (!isOver(outcome)) return await comesAgain(record, outcome);
    }
    return true;
  } catch (error) {
    reportFailure(record.body, String(error));
    await hide(record, pauseAfter(record));
    return false;
  }
}

type Unfinished = Extract<ForwardOutcome, { readonly state: 'left' | 'busy' | 'failed' }>;

function isOver(outcome: ForwardOutcome): outcome is Exclude<ForwardOutcome, Unfinished> {
  return outcome.state !== 'left' && outcome.state !== 'busy' && outcome.state !== 'failed';
}

/** An object that got on is no poison: what is left of it is a message of its own, with as many attempts. */
async function comesAgain(record: SQSRecord, outcome: Unfinished): Promise<boolean> {
  const { body } = record;
  if (outcome.state === 'failed') reportFailure(body, outcome.reason);
  const after = pauseOf(record, outcome);
  if (outcome.requests > 0) {
    await sendAgain(body, after, queueUrl);
    return true;
  }
  await hide(record, after);
  return false;
}

function pauseOf(record: SQSRecord, outcome: Unfinished): number {
  switch (outcome.state) {
    case 'left':
      return 0;
    case 'busy':
      return outcome.after;
    case 'failed': {
      const { after = 0, requests } = outcome;
      // A sink that asks for a second each time would use up all attempts within minutes.
      return requests > 0 && after > 0 ? after : Math.max(after, pauseAfter(record));
    }
  }
}

/** Longer each time. */
function pauseAfter({ attributes }: SQSRecord): number {
  const { first, longest } = limits.retryAfter;
  return Math.min(longest, first * 2 ** (Number(attributes.ApproximateReceiveCount) - 1));
}

/** A message is hidden for as long as an attempt may take. One that has failed comes when it is worth while. */
async function hide({ receiptHandle, messageId }: SQSRecord, ms: number): Promise<void> {
  try {
    await deliverAgainAfter(ms, queueUrl, receiptHandle);
  } catch (error) {
    const message = 'when a message comes again could not be changed; it comes within a quarter of an hour or so';
    console.warn(JSON.stringify({ level: 'warn', message, messageId, reason: String(error) }));
  }
}
