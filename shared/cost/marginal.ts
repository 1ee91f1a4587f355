import type { LogType } from '../line/schema/index.js';
import { estimate } from './estimate.js';
import type { CostInput } from './input.js';
import { totalOf } from './lineItem.js';
import { month } from './traffic.js';

/**
 * Dollars that another GB (2^30 bytes) of lines of a type costs a deployment, kept for as long as the others: what is paid anyway, such as
 * alarms and the flushes of quiet containers, is in none of them.
 */
export function dollarsOfAnotherGb(input: CostInput, type: LogType): number {
  const bytes = input.gbPerDay + another;
  const share = {
    access: (input.gbPerDay * input.share.access) / bytes,
    error: (input.gbPerDay * input.share.error) / bytes,
    app: (input.gbPerDay * input.share.app) / bytes,
  };
  share[type] += another / bytes;
  const more = totalOf(estimate({ ...input, gbPerDay: bytes, share })) - totalOf(estimate(input));
  return more / (another * month.days);
}

/** GB a day. */
const another = 1;
