import middy from '@middy/core';
import type { CloudFormationCustomResourceEvent, Context, ScheduledEvent, SQSEvent } from 'aws-lambda';
import { overview } from '../shared/compact/overview.js';
import { prepareType } from '../shared/compact/prepare.js';
import { work } from '../shared/compact/work.js';
import { logTypes } from '../shared/line/schema/index.js';
import { answerDeployment } from './adapters/deployment.js';
import { ports, settings } from './compact/environment.js';
import { metrics, report, reportOverview } from './compact/report.js';

/**
 * Turns what landed in closed windows into Parquet. Its schedule sends a message for each type and tells how far the slowest
 * is behind, whatever becomes of the workers. Each message starts a worker, which sends another one when its time is over before the work is done. A deployment has the views written anew.
 */
export const handler = middy<SQSEvent | ScheduledEvent | CloudFormationCustomResourceEvent, void>()
  .use(metrics.middleware)
  .handler(async (event, context) => {
    if ('Records' in event) return workOff(event, context);
    if ('ResponseURL' in event) return deploy(event);
    for (const type of logTypes) await ports.queue.send(type);
    reportOverview(await overview(ports, settings));
  });

async function workOff({ Records: records }: SQSEvent, context: Context): Promise<void> {
  for (const { body } of records) {
    const worker = { id: context.awsRequestId, until: ports.now() + context.getRemainingTimeInMillis() };
    report(await work(body, worker, ports, settings));
  }
}

async function deploy(event: CloudFormationCustomResourceEvent): Promise<void> {
  await answerDeployment(event, {
    id: 'views',
    failure: 'the views could not be written',
    async act(request) {
      // They go with their database.
      if (request === 'Delete') return;
      for (const type of logTypes) await prepareType(type, ports, settings);
    },
  });
}
