import { prices } from '../../../shared/prices.js';

const MB = 1024 ** 2;

/** What Athena bills for a query, in dollars: whole megabytes, ten at least; statements that read nothing are free. */
export function athenaPrice(scanned: number): number {
  if (scanned === 0) return 0;
  return (Math.max(10, Math.ceil(scanned / MB)) / 1024 ** 2) * prices.athenaPerTb;
}
