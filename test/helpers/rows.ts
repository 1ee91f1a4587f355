import type { Place } from '../../shared/line/place.js';
import { fromBinary } from '../../shared/text/binary.js';

/** The columns of a stored row that its line filled: a binary string of JSON in, without where it came from. */
export function columnsOf(json: string): Record<string, unknown> {
  const { record: _, line: __, lines: ___, ...columns } = JSON.parse(fromBinary(json)) as Record<string, unknown>;
  return columns;
}

/** Where a line came from that a test makes up. */
export const somePlace: Place = { record: 'r', line: 1, lines: 1 };
