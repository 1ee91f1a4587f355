import { byStage, priced, type Quantity, type Stage } from '../../shared/cost/lineItem.js';
import { deployed, GB, month } from '../../shared/cost/traffic.js';
import { logTypes } from '../../shared/line/schema/index.js';
import type { Simulated } from './simulate.js';

/** Dollars a month of such days, by stage, of all deployments: of what is simulated. Storage and what comes after it is in docs/cost.md. */
export function dollarsOf(simulated: Simulated): ReadonlyMap<Stage, number> {
  const { load, setting, stream } = simulated;
  // Some hours stand for a day by what is logged in them.
  const times = (load.gbPerDay * GB * month.days * setting.deployments) / stream.rawBytes;
  const quantities = quantitiesOf(simulated).map((each) => ({ ...each, quantity: each.quantity * times }));
  return byStage(priced(quantities));
}

function quantitiesOf({ stream, transform, queue, alert, sweep, table, setting, hours }: Simulated): Quantity[] {
  const { seconds: objectSeconds, bytes: objectBytes } = deployed.objects;
  const gbSeconds = (busy: number, memory: number) => ((busy / 1000) * memory) / 1024;
  const ofType = Math.max((hours * 3600) / objectSeconds, transform.landedBytes / logTypes.length / objectBytes);
  const objects = logTypes.length * ofType;
  return [
    { stage: 'ingestion', price: 'firehoseIngestion', what: 'records', quantity: stream.billedBytes / GB },
    { stage: 'transform', price: 'lambdaRequests', what: 'transform', quantity: transform.invocations },
    {
      stage: 'transform',
      price: 'lambdaDuration',
      what: 'transform',
      quantity: gbSeconds(transform.busy, setting.transform.memory),
    },
    { stage: 'delivery', price: 'firehosePartitioning', what: 'rows', quantity: transform.landedBytes / GB },
    { stage: 'delivery', price: 'firehoseObjects', what: 'objects', quantity: objects },
    { stage: 'delivery', price: 's3Puts', what: 'objects', quantity: objects },
    { stage: 'alerts', price: 'sqsRequests', what: 'signals', quantity: queue.requests },
    { stage: 'alerts', price: 'lambdaRequests', what: 'alert', quantity: alert.invocations },
    { stage: 'alerts', price: 'lambdaDuration', what: 'alert', quantity: gbSeconds(alert.busy, setting.alert.memory) },
    { stage: 'alerts', price: 'dynamodbWrites', what: 'states', quantity: table.writeUnits },
    { stage: 'alerts', price: 'dynamodbReads', what: 'states', quantity: table.readUnits },
    { stage: 'sweep', price: 'lambdaRequests', what: 'sweep', quantity: sweep.invocations },
    { stage: 'sweep', price: 'lambdaDuration', what: 'sweep', quantity: gbSeconds(sweep.busy, setting.sweep.memory) },
  ];
}
