import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePartitionPath, partitionHour, partitionOf, partitionPath } from '../../../shared/line/partition.js';

const arrival = Date.parse('2026-11-22T16:45:00Z');
const minutes = (n: number) => n * 60_000;

describe('partitionHour', () => {
  it.each([
    ['the event', minutes(-50), '15'],
    ['the event, 48 h back', minutes(-48 * 60), '16'],
    ['the arrival, when the event is older than 48 h', minutes(-48 * 60) - 1, '16'],
    ['the event, 1 h ahead', minutes(60), '17'],
    ['the arrival, when the event is more than 1 h ahead', minutes(60) + 1, '16'],
  ])('is that of %s', (_, offset, hour) => {
    expect(partitionOf('app', partitionHour(arrival + offset, arrival)).hour).toBe(hour);
  });

  it('keeps a late event in its own day', () => {
    expect(partitionOf('app', partitionHour(arrival - minutes(20 * 60), arrival))).toEqual({
      type: 'app',
      dt: '2026-11-21',
      hour: '20',
    });
  });
});

it('a partition path reads back, and nothing else does', () => {
  fc.assert(
    fc.property(fc.constantFrom('access', 'error', 'app'), fc.integer({ min: 0, max: 1_000_000 }), (type, hour) => {
      const partition = partitionOf(type as 'app', hour);
      expect(parsePartitionPath(partitionPath(partition))).toEqual(partition);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => expect(parsePartitionPath(text)).toBeUndefined()));
});
