import type { Quantity } from './lineItem.js';
import { indexPerLanded, parquetPerLanded } from './measured.js';
import { deployed, GB, month, type Traffic } from './traffic.js';

/** What the bucket holds once as much expires as arrives. */
export function storing({ input, landedBytes }: Traffic): Quantity[] {
  const gbPerDay = landedBytes / GB / month.days;
  const landedDays = input.compaction ? input.landedDays : input.retentionDays;
  const item = (what: string, quantity: number): Quantity => ({
    stage: 'storage',
    price: 's3Standard',
    what,
    quantity,
  });
  return [
    item(`landed lines, kept ${landedDays} days`, gbPerDay * landedDays),
    ...(input.compaction
      ? [
          item(`Parquet, kept ${input.retentionDays} days`, gbPerDay * parquetPerLanded * input.retentionDays),
          item(`identities of lines, kept ${deployed.indexDays} days`, gbPerDay * indexPerLanded * deployed.indexDays),
        ]
      : []),
  ];
}
