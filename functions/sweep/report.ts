import type { SweepReport } from '../../shared/alerts/sweep.js';
import { FunctionMetrics } from '../adapters/functionMetrics.js';
import { log } from '../alert/report.js';

export const metrics = new FunctionMetrics('sweep');

/** Counts what a sweep did beside the alerts, and logs what somebody may have to look at. */
export function reportSweep({ returned, digests, problems }: SweepReport): void {
  metrics.add('ReturnedBatches', returned);
  metrics.add('SweepProblems', problems.length);
  for (const digest of digests) {
    const { outcome, ...details } = digest;
    if (outcome === 'sent') metrics.add('DigestsPosted', 1);
    // There was no room for the message of a group, so the digest took it along.
    else if (outcome === 'digested') continue;
    else if (outcome === 'unsent') log('warn', 'a digest was not posted; the next sweep tries again', details);
    else log('error', 'a digest was refused, and will be until somebody acts', details);
  }
  for (const problem of problems.slice(0, maxLines)) log('error', 'a part of the sweep failed', { problem });
}

const maxLines = 20;
