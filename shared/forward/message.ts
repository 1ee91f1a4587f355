import { type LandedRow, textOf } from './landedRow.js';

/** What people read of a row: its message, or of an access row its request and the answer. */
export function messageOf(row: LandedRow): string {
  const message = textOf(row, 'message');
  if (message !== undefined || row.type !== 'access') return message ?? '';
  const { method, path, query, protocol, status } = row.columns;
  const target = typeof query === 'string' ? `${path}?${query}` : path;
  return [method, target, protocol, status].filter((part) => part !== undefined && part !== null).join(' ');
}
