/**
 * The same text without what it was cut from: a slice keeps its whole record in memory, so one that outlives the
 * record is copied.
 */
export function detach(slice: string): string {
  return Buffer.from(slice, 'utf8').toString('utf8');
}
