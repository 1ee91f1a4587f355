import { sqs } from '../limits.js';
import type { Quantity } from './lineItem.js';
import { alertCpu, alertPath, sentBytes, writesPerBatch, writesPerCanary, writesPerService } from './measured.js';
import { along, callSeconds, deployed, GB, gbSeconds, month, partWithAny, type Traffic } from './traffic.js';

/** Signals by SQS to functions/alert, its states in DynamoDB, and functions/sweep. */
export function alerting(traffic: Traffic): Quantity[] {
  const { input, invocations, canaries, rawBytes } = traffic;
  const { batchSize, windowSeconds } = deployed.alert;
  // What comes within the window of the queue is one invocation's, and is saved once.
  const messages = Math.min(batchSize, Math.max(1, (invocations / month.seconds) * windowSeconds));
  const alertInvocations = invocations / messages;
  const linesOfService = rawBytes / input.lineBytes / Math.max(1, input.services) / Math.max(1, invocations);
  /** Times that a service is in a message, and in an invocation of alert. */
  const inMessages = invocations * input.services * partWithAny(linesOfService);
  const sightings = alertInvocations * input.services * partWithAny(linesOfService * messages);
  const keys = sightings * alertPath.keysPerService + canaries;
  const writes =
    sightings * along(writesPerService, Math.max(1, linesOfService * messages)) +
    invocations * writesPerBatch +
    canaries * writesPerCanary;
  const signalBytes = (inMessages * alertPath.keysPerService + canaries) * alertPath.bytesPerKey;
  /** Of an invocation of the transform, which makes more than one message of the largest. */
  const messageBytes = Math.min(signalBytes / Math.max(1, invocations), sqs.maxMessageBytes);
  const sentPart = messageBytes > 0 ? sentBytes(messageBytes) / messageBytes : 1;
  /** Of requests, each 64 KB is one: of a message that is sent, and of ten that are received. */
  const pieces = (signalBytes * sentPart) / sqs.billedTogether;
  const sends = Math.max(invocations, pieces);
  const receives = Math.max(alertInvocations, invocations / sqs.maxBatchEntries, pieces);
  const deletes = Math.max(alertInvocations, invocations / sqs.maxBatchEntries);
  const runs = month.seconds / deployed.sweep.everySeconds;
  return [
    {
      stage: 'alerts',
      price: 'sqsRequests',
      what: 'signals sent, received, deleted',
      quantity: sends + receives + deletes,
    },
    { stage: 'alerts', price: 'sqsRequests', what: 'receives that find nothing', quantity: emptyReceives },
    { stage: 'alerts', price: 'lambdaRequests', what: 'invocations of alert', quantity: alertInvocations },
    {
      stage: 'alerts',
      price: 'lambdaDuration',
      what: 'compute of alert',
      quantity: gbSeconds(deployed.alert.memoryMb, {
        cpu: keys * alertCpu.perKey + alertInvocations * alertCpu.perInvocation,
        waiting: alertInvocations * callSeconds,
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
      quantity: gbSeconds(deployed.sweep.memoryMb, {
        cpu: runs * sweepCpu,
        waiting: runs * sweepRounds * callSeconds,
      }),
    },
    { stage: 'sweep', price: 'dynamodbReads', what: 'what is due', quantity: runs * agendaQueries * unitsOfQuery },
    { stage: 'sweep', price: 's3Puts', what: 'LIST of refused batches', quantity: runs },
  ];
}

/**
 * Lambda begins with five pollers of a queue, each of which asks again when 20 s have brought nothing:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export const emptyReceives = (5 * month.seconds) / 20;

/** Of a sweep that finds nothing due: seconds of CPU, taken and not measured, and calls to AWS that wait for each other. */
const [sweepCpu, sweepRounds] = [0.02, 3];

/** Of the parts of the index, functions/adapters/dynamoStateStore.ts; each reads half a unit at least, since it is not consistent. */
const [agendaQueries, unitsOfQuery] = [11, 0.5];

/** Bytes of the item of a service, and of a container's canaries: `npm run bench -- --scale`. */
const [serviceBytes, canaryBytes] = [2200, 500];

function stateGb({ input, canaries }: Traffic): number {
  const bytes = input.services * serviceBytes + (canaries > 0 ? input.containers : 0) * canaryBytes;
  return bytes / GB;
}
