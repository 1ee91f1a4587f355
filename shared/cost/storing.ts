import { logTypes } from '../line/schema/index.js';
import type { Quantity } from './lineItem.js';
import { indexPerLanded, parquetPerLanded } from './measured.js';
import { deployed, GB, month, type Traffic } from './traffic.js';

/** What the bucket holds once as much expires as arrives. */
export function storing(traffic: Traffic): Quantity[] {
  const { input, landedBytes } = traffic;
  const gbPerDay = landedBytes / GB / month.days;
  const { landedDays, retentionDays } = input;
  if (!input.compaction) return [stored(`landed lines, kept ${retentionDays} days`, gbPerDay * retentionDays)];
  return [
    stored(`landed lines, kept ${landedDays} days`, gbPerDay * landedDays),
    ...logTypes.flatMap((type) => {
      const gb = gbPerDay * input.share[type] * parquetPerLanded;
      const objects = traffic.manifests[type] / month.days;
      return storedParquet(`Parquet of ${type}`, { gb, objects }, retentionDays);
    }),
    stored(`identities of lines, kept ${deployed.indexDays} days`, gbPerDay * indexPerLanded * deployed.indexDays),
  ];
}

/**
 * Parquet of a day, for all the days that it is kept: infra/resources/storage.yml has S3 watch objects and move those that nobody
 * reads for 30 and 90 days to cheaper tiers. It is taken that nobody does: what is read costs as Standard for another 30 days.
 *
 * @param objects 0 when their number is not known: then watching them is not counted
 */
export function storedParquet(
  what: string,
  { gb, objects }: { readonly gb: number; readonly objects: number },
  days: number,
): Quantity[] {
  // S3 leaves smaller objects in Standard.
  if (gb * GB < objects * tiering.leastBytes) return [stored(`${what}, kept ${days} days`, gb * days)];
  const inFrequent = Math.min(days, tiering.infrequentAfter);
  const inInfrequent = Math.min(days, tiering.archiveAfter) - inFrequent;
  const inArchive = days - inFrequent - inInfrequent;
  return [
    stored(`${what}, ${inFrequent} days`, gb * inFrequent),
    {
      stage: 'storage',
      price: 's3Infrequent',
      what: `${what}, ${inInfrequent} more days`,
      quantity: gb * inInfrequent,
    },
    { stage: 'storage', price: 's3ArchiveInstant', what: `${what}, ${inArchive} more days`, quantity: gb * inArchive },
    ...(objects > 0
      ? [
          {
            stage: 'storage',
            price: 's3Monitoring',
            what: `${what}: objects watched`,
            quantity: objects * days,
          } as const,
          {
            stage: 'storage',
            price: 's3Transitions',
            what: `${what}: objects moved`,
            quantity: objects * month.days,
          } as const,
        ]
      : []),
  ];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-overview.html, in days without a reader. */
const tiering = { leastBytes: 128 * 1024, infrequentAfter: 30, archiveAfter: 90 } as const;

export function stored(what: string, quantity: number): Quantity {
  return { stage: 'storage', price: 's3Standard', what, quantity };
}
