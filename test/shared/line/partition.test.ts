import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arrivedHour, landedPrefix, parsePartitionPath, partitionPath } from '../../../shared/line/partition.js';
import { logTypes } from '../../../shared/line/schema/index.js';

it.each(logTypes)('the path of partition %s reads back', (type) => {
  expect(parsePartitionPath(partitionPath({ type }))).toEqual({ type });
});

it('nothing else is the path of a partition', () => {
  fc.assert(fc.property(fc.string(), (text) => expect(parsePartitionPath(text)).toBeUndefined()));
  for (const near of ['type=access/', ' type=access', 'type=accesses', 'type=', 'type=access\n'])
    expect(parsePartitionPath(near)).toBeUndefined();
});

it('lines land by the hour of their arrival, UTC', () => {
  const arrived = arrivedHour(Date.parse('2026-11-22T23:59:59.999+01:00'));
  expect(arrived).toBe('2026-11-22-22');
  expect(landedPrefix({ type: 'app' }, arrived)).toBe('logs/type=app/arrived=2026-11-22-22/');
});
