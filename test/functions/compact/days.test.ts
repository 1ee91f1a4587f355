import { describe, expect, it } from '@jest/globals';
import { daysOf } from '../../../functions/compact/days.js';
import { compaction } from '../../../shared/bounds.js';

describe('days of a parameter', () => {
  it('are what it says, within the bounds', () => {
    for (const days of [3, 14, 90]) expect(daysOf('LANDED_DAYS', String(days), compaction.landedDays)).toBe(days);
  });

  it('are refused outside of them, with what the parameter takes', () => {
    for (const text of ['2', '91', 'many']) {
      expect(() => daysOf('LANDED_DAYS', text, compaction.landedDays)).toThrow(
        `the parameter landedDays is "${text}"; it takes a number of days, from 3 to 90`,
      );
    }
    expect(() => daysOf('BACKUP_DAYS', '91', compaction.backupDays)).toThrow('backupDays is "91"');
  });

  it('leave what landed and its backup less time than the identities that tell a repeat', () => {
    for (const { max } of [compaction.landedDays, compaction.backupDays]) {
      expect(max).toBeLessThan(compaction.indexDays);
    }
  });
});
