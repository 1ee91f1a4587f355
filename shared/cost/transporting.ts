import type { Quantity } from './lineItem.js';
import { transformCpu } from './measured.js';
import { callSeconds, deployed, GB, gbSeconds, type Traffic } from './traffic.js';

/** From the routers to the objects in S3. */
export function transporting(traffic: Traffic): Quantity[] {
  const { rawBytes, records, canaries, billedBytes, invocations, landedBytes, objects } = traffic;
  const allObjects = objects.access + objects.error + objects.app;
  const cpu =
    (rawBytes / GB) * transformCpu.perGb +
    (records + canaries) * transformCpu.perRecord +
    invocations * transformCpu.perInvocation;
  return [
    {
      stage: 'ingestion',
      price: 'firehoseIngestion',
      what: 'records, each rounded up to 5 KB',
      quantity: billedBytes / GB,
    },
    { stage: 'transform', price: 'lambdaRequests', what: 'invocations of transform', quantity: invocations },
    {
      stage: 'transform',
      price: 'lambdaDuration',
      what: 'compute of transform',
      // It waits for the queue of signals.
      quantity: gbSeconds(deployed.transform.memoryMb, { cpu, waiting: invocations * callSeconds }),
    },
    {
      stage: 'delivery',
      price: 'firehosePartitioning',
      what: 'dynamic partitioning, data',
      quantity: landedBytes / GB,
    },
    { stage: 'delivery', price: 'firehoseObjects', what: 'dynamic partitioning, objects', quantity: allObjects },
    { stage: 'delivery', price: 's3Puts', what: 'PUT of landed objects', quantity: allObjects },
  ];
}
