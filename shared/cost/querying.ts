import { compaction } from '../bounds.js';
import { prices } from '../prices.js';
import type { Quantity } from './lineItem.js';
import { questionReads } from './measured.js';
import { month, type Traffic } from './traffic.js';

const TB = 2 ** 40;

/**
 * Athena: a query about a day of a type reads its columns of that day's Parquet and, since the view goes on behind its boundary,
 * what landed since; without compaction the whole day as it landed.
 */
export function querying({ input, landedBytes, objects }: Traffic): Quantity[] {
  const queries = input.queriesPerDay * month.days;
  const { access, error, app } = input.share;
  const ofTypes = [
    { share: access, objects: objects.access },
    { share: error, objects: objects.error },
    { share: app, objects: objects.app },
  ];
  // A third of the queries is about each type.
  const read = ofTypes.reduce((sum, { share }) => {
    const day = (landedBytes * share) / month.days;
    const bytes = input.compaction ? day * (questionReads + openPart) : day;
    return sum + Math.max(prices.athenaLeastBytes, bytes) / ofTypes.length;
  }, 0);
  const objectsOfDay = ofTypes.reduce((sum, { objects }) => sum + objects / month.days / ofTypes.length, 0);
  const opened = input.compaction ? objectsOfDay * openPart + 24 : objectsOfDay;
  return [
    {
      stage: 'queries',
      price: 'athena',
      what: `bytes read, ${input.queriesPerDay} queries a day`,
      quantity: (queries * read) / TB,
    },
    { stage: 'queries', price: 's3Gets', what: 'GET by queries', quantity: queries * opened },
  ];
}

/** Of a day: half of an hourly window, and the time until it counts as closed. */
const openPart = (30 * 60_000 + compaction.closingTime) / (24 * 3_600_000);
