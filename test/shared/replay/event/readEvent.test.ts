import { describe, expect, it } from '@jest/globals';
import { readEvent } from '../../../../shared/replay/event/readEvent.js';

const now = Date.parse('2026-11-28T14:12:30Z');
const wanted = { source: 'failed', alerts: 'off', again: false, from: undefined, to: undefined };

describe('readEvent', () => {
  it.each([
    [{ source: 'failed' }, { ask: 'survey', wanted }],
    [
      { source: 'failed', dryRun: true },
      { ask: 'survey', wanted },
    ],
    [
      { source: 'failed', dryRun: false, alerts: 'shadow' },
      { ask: 'start', wanted: { ...wanted, alerts: 'shadow' } },
    ],
    [
      { source: 'import', prefix: 's3://alb/AWSLogs/', limit: 3, again: true },
      { ask: 'survey', wanted: { ...wanted, source: 'import', prefix: 's3://alb/AWSLogs/', limit: 3, again: true } },
    ],
    [
      { source: 'failed', from: '2026-11-28', to: '2026-11-28T14:00', errorCode: 'Lambda.FunctionError' },
      {
        ask: 'survey',
        wanted: {
          ...wanted,
          errorCode: 'Lambda.FunctionError',
          from: Date.parse('2026-11-28T00:00Z'),
          to: Date.parse('2026-11-28T14:00Z'),
        },
      },
    ],
    [
      { source: 'backup', from: 'today', to: '90m ago' },
      { ask: 'survey', wanted: { ...wanted, source: 'backup', from: Date.parse('2026-11-28'), to: now - 5_400_000 } },
    ],
    [{ status: '2026-11-28-1412-k3x9' }, { ask: 'status', id: '2026-11-28-1412-k3x9' }],
    [{ cancel: '2026-11-28-1412-k3x9' }, { ask: 'cancel', id: '2026-11-28-1412-k3x9' }],
  ])('reads %j', (event, read) => {
    expect(readEvent(event, now)).toEqual(read);
  });

  const hour = { from: '2026-11-28T13:00:00Z', to: '2026-11-28T14:00:00Z' };
  const example = { source: 'failed', ...hour, alerts: 'off', dryRun: true };
  it.each([
    ['x', ['the event must be a JSON object'], example],
    [{}, ['the event has no "source"; add it'], example],
    [{ key1: 'value1' }, ['the event has no "source"; add it', expect.stringContaining('unknown key "key1"')], example],
    [{ source: 'faild' }, ['unknown source "faild"; did you mean "failed"? Allowed: failed, backup, import'], example],
    [
      { source: 'failed', dryrun: false },
      [
        'unknown key "dryrun"; did you mean "dryRun"? Allowed: source, prefix, keys, from, to, errorCode, limit, alerts, again, dryRun; or one of these alone: status, cancel',
      ],
      example,
    ],
    [{ source: 'failed', dryRun: 'false' }, ['dryRun is "false"; it must be true or false, without quotes'], example],
    [{ source: 'failed', alerts: 'on' }, ['unknown alerts "on"; allowed: off, shadow, send'], example],
    [{ source: 'failed', limit: 0 }, ['limit is 0; it must be >= 1'], example],
    [
      { source: 'failed', from: '28.11.2026' },
      [
        'from is "28.11.2026"; write a time such as "2026-11-28T14:00Z", a day such as "2026-11-28", "today", or "2h ago"',
      ],
      example,
    ],
    [
      { source: 'failed', from: '2026-11-28', to: '2026-11-28' },
      ['from is 2026-11-28, which is not before to, 2026-11-28'],
      example,
    ],
    [
      { source: 'import', alerts: 'send' },
      ['import needs a prefix or keys: which objects hold the lines?'],
      { source: 'import', prefix: 's3://my-load-balancer-logs/AWSLogs/', alerts: 'send', dryRun: true },
    ],
    [
      { source: 'backup', errorCode: 'x' },
      ['errorCode is given, and only records of failed have one, not those of backup; leave it out'],
      { ...example, source: 'backup' },
    ],
    [
      { source: 'failed', prefix: 'failed/', keys: ['failed/a'] },
      ['prefix and keys are both given; leave one of them out'],
      example,
    ],
    [
      { status: '../x' },
      ['"../x" names no replay; the answer that began it has its name'],
      { status: '2026-11-28-1412-k3x9' },
    ],
    [
      { status: 'a', source: 'failed' },
      ['unknown key "source"; allowed: status; or one of these alone: status, cancel'],
      { status: '2026-11-28-1412-k3x9' },
    ],
  ])('says what is wrong with %j, with an example', (event, problems, right) => {
    expect(readEvent(event, now)).toEqual({ problems, example: right });
  });

  it('gives examples that are right', () => {
    for (const source of ['failed', 'backup', 'import']) {
      const refused = readEvent({ source, nonsense: 1 }, now);
      expect('example' in refused && readEvent(refused.example, now)).toMatchObject({ ask: 'survey' });
    }
  });
});
