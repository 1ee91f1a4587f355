import { type LineCosts, type LineGroup, lineCosts } from '../../shared/cost/lineCosts.js';
import { QueryFailure } from '../adapters/athena.js';

/** The hours that are counted: the week, or as much of it as a query may read. */
const spans = [168, 24, 1];

/** Messages that are told apart. */
const top = 20;

/**
 * What the lines of the last week cost. Of streams so large that the workgroup's limit ends the query it is the last day, or the last
 * hour.
 *
 * @param ask answers a query
 */
export async function countLines(ask: (sql: string) => Promise<readonly LineGroup[]>): Promise<LineCosts> {
  const [first = 1, ...shorter] = spans;
  let hours = first;
  for (;;) {
    try {
      return await lineCosts(hours, top, ask);
    } catch (error) {
      const next = shorter.shift();
      if (!(error instanceof QueryFailure && error.isTooLarge) || next === undefined) throw error;
      hours = next;
    }
  }
}
