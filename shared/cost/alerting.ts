import type { Quantity } from './lineItem.js';
import { alertCpu, alertPath, writesPerCanary } from './measured.js';
import { callSeconds, deployed, gbSeconds, month, partWithAny, type Traffic } from './traffic.js';

/** Signals by SQS to functions/alert, its states in DynamoDB, and functions/sweep. */
export function alerting(traffic: Traffic): Quantity[] {
  const { input, invocations, canaries, rawBytes } = traffic;
  const linesOfService = rawBytes / input.lineBytes / Math.max(1, input.services) / Math.max(1, invocations);
  /** Times that a service is in a batch. */
  const sightings = invocations * input.services * partWithAny(linesOfService);
  const keys = sightings * alertPath.keysPerService + canaries;
  const writes = sightings * alertPath.writesPerService + canaries * writesPerCanary;
  const runs = month.seconds / deployed.sweep.everySeconds;
  return [
    { stage: 'alerts', price: 'sqsRequests', what: 'signals sent, received, deleted', quantity: 3 * invocations },
    { stage: 'alerts', price: 'sqsRequests', what: 'receives that find nothing', quantity: emptyReceives },
    { stage: 'alerts', price: 'lambdaRequests', what: 'invocations of alert', quantity: invocations },
    {
      stage: 'alerts',
      price: 'lambdaDuration',
      what: 'compute of alert',
      quantity: gbSeconds(deployed.alert.memoryMb, {
        cpu: keys * alertCpu.perKey + invocations * alertCpu.perInvocation,
        waiting: invocations * callSeconds,
      }),
    },
    { stage: 'alerts', price: 'dynamodbWrites', what: 'states of rules and keys', quantity: writes },
    {
      stage: 'alerts',
      price: 'dynamodbReads',
      what: 'states of rules and keys',
      quantity: sightings * alertPath.readsPerService,
    },
    { stage: 'alerts', price: 'dynamodbStorage', what: 'states of rules and keys', quantity: stateGb(traffic) },
    { stage: 'sweep', price: 'lambdaRequests', what: 'invocations of sweep', quantity: runs },
    {
      stage: 'sweep',
      price: 'lambdaDuration',
      what: 'compute of sweep',
      quantity: gbSeconds(deployed.sweep.memoryMb, { cpu: runs * 0.02, waiting: runs * 3 * callSeconds }),
    },
    { stage: 'sweep', price: 'dynamodbReads', what: 'what is due', quantity: runs * agendaQueries * 0.5 },
    { stage: 'sweep', price: 's3Puts', what: 'LIST of refused batches', quantity: runs },
  ];
}

/**
 * Lambda begins with five pollers of a queue, each of which asks again when 20 s have brought nothing:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export const emptyReceives = (5 * month.seconds) / 20;

/** Of the parts of the index: functions/adapters/dynamoStateStore.ts. */
const agendaQueries = 11;

/** Bytes of a key: `npm run bench -- --conditions`, the mean of the types. */
const stateBytes = 7000;

function stateGb({ input, canaries }: Traffic): number {
  const keys = input.services * alertPath.keysPerService + (canaries > 0 ? input.containers : 0);
  return (keys * stateBytes) / 2 ** 30;
}
