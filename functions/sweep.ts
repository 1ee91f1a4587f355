import middy from '@middy/core';
import type { EventBridgeEvent, ScheduledEvent } from 'aws-lambda';
import { sweep } from '../shared/alerts/sweep.js';
import { alarmChange, tellAlarm } from './alert/alarms.js';
import { book, portsOf } from './alert/environment.js';
import { metrics as alertMetrics, reportOutcomes } from './alert/report.js';
import { sweepPorts } from './sweep/environment.js';
import { metrics, reportSweep } from './sweep/report.js';

/**
 * Every minute: tells of what is missing or over and what could not be told before, posts the digests, and puts signal
 * batches back on the queue that it did not take. In between, tells of an alarm: the alert function does as well, and either of them may
 * be what it is about.
 */
export const handler = middy<ScheduledEvent | EventBridgeEvent<string, unknown>, void>()
  .use(metrics.middleware)
  .use(alertMetrics.middleware)
  .handler(async (event, context) => {
    const change = alarmChange(event);
    if (change) {
      if (change !== 'foreign') await tellAlarm(change, portsOf(context));
      return;
    }
    const report = await sweep(book, { ...portsOf(context), ...sweepPorts });
    reportOutcomes(report.outcomes, {});
    reportSweep(report);
  });
