import { randomUUID } from 'node:crypto';
import type { Clock } from '../firehose/clock.js';
import type { Invoke } from '../lambda/invocation.js';
import type { Schedule } from './schedules.js';

interface SchedulerOptions {
  readonly schedule: Schedule;
  readonly region: string;
  readonly accountId: string;
  readonly invoke: Invoke;
  readonly clock: Clock;
}

/**
 * Invokes a function at its rate, as an EventBridge rule does: also while the invocation before is still running, and
 * whatever became of it.
 */
export class Scheduler {
  private readonly running = new Set<Promise<unknown>>();
  private cancelTimer: (() => void) | undefined;

  constructor(private readonly options: SchedulerOptions) {}

  /** Begins to count; the first invocation comes after one interval. */
  start(): void {
    const { schedule, clock } = this.options;
    this.cancelTimer = clock.after(schedule.every, () => {
      this.start();
      void this.run();
    });
  }

  /** Invokes the function now, between two invocations at its rate, and resolves when it has ended. */
  async run(): Promise<void> {
    const invocation = this.options.invoke(JSON.stringify(this.event()), 1);
    this.running.add(invocation);
    await invocation.finally(() => this.running.delete(invocation));
  }

  /** Starts none any more, and lets those that run come to their end. */
  async stop(): Promise<void> {
    this.cancelTimer?.();
    await Promise.allSettled(this.running);
  }

  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html */
  private event() {
    const { schedule, region, accountId, clock } = this.options;
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: accountId,
      time: new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
      region,
      resources: [schedule.ruleArn],
      detail: {},
    };
  }
}
