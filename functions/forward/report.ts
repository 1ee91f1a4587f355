import type { ForwardOutcome } from '../../shared/forward/forwardObject.js';
import type { LandedObject } from '../../shared/forward/ports.js';
import { FunctionMetrics, metricsHold } from '../adapters/functionMetrics.js';

export const metrics = new FunctionMetrics('forward', metricsHold);

/** Counts what an attempt at an object did, and says what an operator has to know of it. */
export function report(object: LandedObject, outcome: ForwardOutcome, now: number): void {
  const { state, sent, bytes, requests, refused, old, remark } = outcome;
  if (state === 'nothing' || state === 'busy') return;
  metrics.add('ForwardedRows', sent);
  metrics.add('ForwardedBytes', bytes);
  metrics.add('ForwardRequests', requests);
  metrics.add('ForwardRefusedRows', refused);
  metrics.add('ForwardOldRows', old);
  if (requests > 0) metrics.add('ForwardLag', now - object.landed);
  const { key } = object;
  if (refused > 0) {
    const message =
      'rows were refused for good: forward/refused/ in the bucket has them, but for those of a request that OTLP took in part';
    warn(message, { key, refused, reason: remark });
  }
  if (state === 'gone') {
    warn('an object is gone, or was written anew, before its rows were forwarded', { key });
    metrics.add('ForwardFailures', 1);
  }
}

/** An attempt has failed; the message comes again. */
export function reportFailure(body: string, reason: string): void {
  metrics.add('ForwardFailures', 1);
  warn('rows could not be forwarded; it is tried again, and set aside in the end', { reason, task: body });
}

function warn(message: string, more: object): void {
  console.warn(JSON.stringify({ level: 'warn', message, ...more }));
}
