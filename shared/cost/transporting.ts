import type { Quantity } from './lineItem.js';
import { transformCpuPerGb } from './measured.js';
import { along, callSeconds, deployed, GB, type Traffic } from './traffic.js';

/** From the routers to the objects in S3. */
export function transporting(traffic: Traffic): Quantity[] {
  const { billedBytes, invocations, landedBytes, objects } = traffic;
  const allObjects = objects.access + objects.error + objects.app;
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
      quantity: (deployed.transform.memoryMb / 1024) * transformSeconds(traffic),
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

/** Seconds that the transform runs, on a vCPU: for lines, and waiting for the queue of signals. */
export function transformSeconds({ rawBytes, invocations }: Traffic): number {
  return (rawBytes / GB) * along(transformCpuPerGb, rawBytes / Math.max(1, invocations)) + invocations * callSeconds;
}
