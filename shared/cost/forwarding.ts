import { emptyReceives } from './alerting.js';
import type { Quantity } from './lineItem.js';
import { entriesPerRaw, forwarding as measured } from './measured.js';
import { deployed, GB, gbSeconds, type Traffic } from './traffic.js';

/** functions/forward: rows of error and app to another service. What that takes for them is not in it. */
export function forwarding({ input, rawBytes, objects }: Traffic): Quantity[] {
  if (input.forward === 0) return [];
  const entries = ((rawBytes * (input.share.error + input.share.app)) / GB) * input.forward * entriesPerRaw;
  const requests = entries * measured.requestsPerGb;
  const read = objects.error + objects.app;
  return [
    { stage: 'forwarding', price: 'lambdaRequests', what: 'invocations of forward', quantity: read },
    {
      stage: 'forwarding',
      price: 'lambdaDuration',
      what: 'compute of forward',
      quantity: gbSeconds(deployed.forward.memoryMb, {
        cpu: entries * measured.cpuPerGb,
        waiting: requests * measured.answer,
      }),
    },
    { stage: 'forwarding', price: 's3Puts', what: 'notes of what was sent', quantity: requests + 3 * read },
    { stage: 'forwarding', price: 's3Gets', what: 'GET of landed objects', quantity: 3 * read },
    { stage: 'forwarding', price: 'sqsRequests', what: 'objects told, received, deleted', quantity: 3 * read },
    { stage: 'forwarding', price: 'sqsRequests', what: 'receives that find nothing', quantity: emptyReceives },
    {
      stage: 'forwarding',
      price: 'transferOut',
      what: 'to the service, compressed',
      quantity: entries * measured.wirePerByte,
    },
  ];
}
