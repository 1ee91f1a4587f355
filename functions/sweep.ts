import middy from '@middy/core';
import type { ScheduledEvent } from 'aws-lambda';
import { sweep } from '../shared/alerts/sweep.js';
import { book, portsOf } from './alert/environment.js';
import { metrics as alertMetrics, reportOutcomes } from './alert/report.js';
import { sweepPorts } from './sweep/environment.js';
import { metrics, reportSweep } from './sweep/report.js';

/**
 * Every minute: tells of what is missing or over and what could not be told before, posts the digests, and puts signal
 * batches back on the queue that it did not take.
 */
export const handler = middy<ScheduledEvent, void>()
  .use(metrics.middleware)
  .use(alertMetrics.middleware)
  .handler(async (_event, context) => {
    const report = await sweep(book, { ...portsOf(context), ...sweepPorts });
    reportOutcomes(report.outcomes, {});
    reportSweep(report);
  });
