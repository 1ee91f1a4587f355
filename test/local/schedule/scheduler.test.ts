import { expect, it } from '@jest/globals';
import type { InvocationResult } from '../../../local/lambda/invocation.js';
import { Scheduler } from '../../../local/schedule/scheduler.js';
import { FakeClock } from '../../helpers/fakeClock.js';

const MINUTE = 60_000;
const returned: InvocationResult = { outcome: 'returned', payload: 'null' };

/** A schedule of one minute, whose invocations end when the test lets them. */
function scheduler() {
  const clock = new FakeClock(Date.parse('2026-11-22T16:45:00.250Z'));
  const events: string[] = [];
  const running: ((result: InvocationResult) => void)[] = [];
  const subject = new Scheduler({
    schedule: { function: 'sweep', every: MINUTE, ruleArn: 'arn:aws:events:eu-west-1:1:rule/sweep' },
    region: 'eu-west-1',
    accountId: '1',
    clock,
    invoke: (event) => {
      events.push(event);
      return new Promise((end) => running.push(end));
    },
  });
  return { clock, events, subject, end: (result = returned) => running.shift()?.(result) };
}

it('invokes once an interval, also while the invocation before is running', () => {
  const { clock, events, subject } = scheduler();
  subject.start();
  clock.advance(MINUTE - 1);
  expect(events).toHaveLength(0);
  clock.advance(1);
  expect(events).toHaveLength(1);
  clock.advance(3 * MINUTE);
  expect(events).toHaveLength(4);
});

it('goes on after an invocation that failed', () => {
  const { clock, events, subject, end } = scheduler();
  subject.start();
  clock.advance(MINUTE);
  end({ outcome: 'threw', errorType: 'Error', message: 'no' });
  clock.advance(MINUTE);
  expect(events).toHaveLength(2);
});

it('sends the event of EventBridge', () => {
  const { clock, events, subject } = scheduler();
  subject.start();
  clock.advance(MINUTE);
  expect(JSON.parse(events[0] ?? '')).toEqual({
    version: '0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '1',
    time: '2026-11-22T16:46:00Z',
    region: 'eu-west-1',
    resources: ['arn:aws:events:eu-west-1:1:rule/sweep'],
    detail: {},
  });
});

it('runs when it is asked to, and tells when that has ended', async () => {
  const { events, subject, end } = scheduler();
  let ended = false;
  const run = subject.run().then(() => {
    ended = true;
  });
  expect(events).toHaveLength(1);
  await new Promise(setImmediate);
  expect(ended).toBe(false);
  end();
  await run;
  expect(ended).toBe(true);
});

it('stops when what runs has ended, and starts nothing more', async () => {
  const { clock, events, subject, end } = scheduler();
  subject.start();
  clock.advance(MINUTE);
  let stopped = false;
  const stop = subject.stop().then(() => {
    stopped = true;
  });
  clock.advance(5 * MINUTE);
  await new Promise(setImmediate);
  expect(stopped).toBe(false);
  end();
  await stop;
  expect(events).toHaveLength(1);
});
