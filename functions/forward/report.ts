import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { ForwardOutcome } from '../../shared/forward/forwardObject.js';
import type { LandedObject } from '../../shared/forward/ports.js';

/** CloudWatch metrics, written as EMF log lines. docs/metrics.md explains each. */
export const metrics = new Metrics({ namespace: 'Firesplit' });

/** Counts what an attempt at an object did, and says what an operator has to know of it. */
export function report(object: LandedObject, outcome: ForwardOutcome, now: number): void {
  const { state, sent, bytes, requests, refused, old, remark } = outcome;
  if (state === 'nothing' || state === 'busy') return;
  metrics.addMetric('ForwardedRows', MetricUnit.Count, sent);
  metrics.addMetric('ForwardedBytes', MetricUnit.Bytes, bytes);
  metrics.addMetric('ForwardRequests', MetricUnit.Count, requests);
  metrics.addMetric('ForwardRefusedRows', MetricUnit.Count, refused);
  metrics.addMetric('ForwardOldRows', MetricUnit.Count, old);
  if (requests > 0) metrics.addMetric('ForwardLag', MetricUnit.Milliseconds, now - object.landed);
  const { key } = object;
  if (refused > 0) {
    const message =
      'rows were refused for good: forward/refused/ in the bucket has them, but for those of a request that OTLP took in part';
    warn(message, { key, refused, reason: remark });
  }
  if (state === 'gone') {
    warn('an object is gone, or was written anew, before its rows were forwarded', { key });
    metrics.addMetric('ForwardFailures', MetricUnit.Count, 1);
  }
}

/** An attempt has failed; the message comes again. */
export function reportFailure(body: string, reason: string): void {
  metrics.addMetric('ForwardFailures', MetricUnit.Count, 1);
  warn('rows could not be forwarded; it is tried again, and set aside in the end', { reason, task: body });
}

function warn(message: string, more: object): void {
  console.warn(JSON.stringify({ level: 'warn', message, ...more }));
}
