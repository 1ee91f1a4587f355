import { alerting } from './alerting.js';
import { compacting } from './compacting.js';
import { forwarding } from './forwarding.js';
import type { CostInput } from './input.js';
import { type LineItem, priced, type Quantity } from './lineItem.js';
import { monitoring } from './monitoring.js';
import { querying } from './querying.js';
import { storing } from './storing.js';
import { trafficOf } from './traffic.js';
import { transporting } from './transporting.js';

/** What a deployment costs in a month of 730 hours, by stage: everything that AWS bills for it. */
export function estimate(input: CostInput): readonly LineItem[] {
  return priced(quantitiesOf(input));
}

/** What AWS would count in a month. */
function quantitiesOf(input: CostInput): readonly Quantity[] {
  const traffic = trafficOf(input);
  return [
    ...transporting(traffic),
    ...alerting(traffic),
    ...compacting(traffic),
    ...storing(traffic),
    ...querying(traffic),
    ...forwarding(traffic),
    ...monitoring(traffic),
  ].filter(({ quantity }) => quantity > 0);
}
