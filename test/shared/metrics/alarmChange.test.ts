import { describe, expect, it } from '@jest/globals';
import type { Silence, SweepPorts } from '../../../shared/alerts/ports.js';
import { raiseAlerts } from '../../../shared/alerts/raise.js';
import { ruleBook } from '../../../shared/alerts/ruleBook.js';
import { MemoryStateStore } from '../../../shared/alerts/simulation/memoryStore.js';
import { SimulatedClock } from '../../../shared/alerts/simulation/simulatedClock.js';
import { KeyStates } from '../../../shared/alerts/state/keyStates.js';
import { sweep } from '../../../shared/alerts/sweep.js';
import { alarmBatch, endAlarm, readAlarmEvent } from '../../../shared/metrics/alarmChange.js';
import { alarmRules } from '../../../shared/metrics/alarmRules.js';
import type { AlertsConfig } from '../../../shared/rules/language/alertsConfig.js';
import { MINUTE, T0 } from '../../helpers/alerts.js';
import { SimulatedSlack } from '../../helpers/simulatedSlack.js';

class World {
  readonly clock = new SimulatedClock(T0);
  readonly silences: Silence[] = [];
  private readonly store = new KeyStates(new MemoryStateStore(), () => this.clock.now());
  private readonly slack = new SimulatedSlack(this.clock, []);
  private readonly book;

  constructor(config: AlertsConfig = {}) {
    this.book = ruleBook(alarmRules(config), config);
  }

  /** The alarm is in another state, so many minutes after the start. */
  async change(minute: number, state: 'ALARM' | 'OK') {
    this.clock.moveTo(T0 + minute * MINUTE);
    const event = {
      ...{ id: `event-${minute}`, time: new Date(this.clock.now()).toISOString() },
      'detail-type': 'CloudWatch Alarm State Change',
      detail: { alarmName: 'stage-no-lines', state: { value: state, reason: 'no datapoints' } },
    };
    const change = readAlarmEvent(event, 'stage-', this.book);
    if (!change || change === 'foreign') throw new Error('it is an alarm of the stage');
    if (state === 'OK') await endAlarm(change, this.ports());
    else await raiseAlerts(alarmBatch(change), this.book, this.ports());
  }

  async sweepUntil(minute: number) {
    while (this.clock.now() < T0 + minute * MINUTE) {
      this.clock.moveTo(this.clock.now() + MINUTE);
      await sweep(this.book, this.ports());
    }
  }

  /** What people were told, and the minute. */
  told() {
    return this.slack.received.map(({ at, post }) => {
      if (post.kind === 'digest') throw new Error('nobody asked for a digest');
      return [Math.floor((at - T0) / MINUTE), post.alert.notice.kind, post.alert.notice.count];
    });
  }

  private ports(): SweepPorts {
    const { clock, store, slack: notifier, silences } = this;
    return {
      ...{ clock, store, notifier, deadline: clock.now() + 30_000, silences: async () => silences },
      queue: { send: async () => undefined },
      refused: { list: async () => [], read: async () => undefined, remove: async () => undefined },
    };
  }
}

const incidents: AlertsConfig = {
  operations_route: 'oncall',
  routes: { oncall: { pagerduty: { key_parameter: 'key' } } },
};

describe('an alarm that is over', () => {
  it('is told to be over by the next sweep', async () => {
    const world = new World();
    await world.change(0, 'ALARM');
    await world.change(5, 'OK');
    await world.sweepUntil(60);
    expect(world.told()).toEqual([
      [0, 'firing', 1],
      [6, 'resolved', 0],
    ]);
  });

  it('and rang again within the cooldown is told once more, and is over with that', async () => {
    const world = new World(incidents);
    await world.change(0, 'ALARM');
    await world.change(2, 'OK');
    await world.sweepUntil(3);
    await world.change(4, 'ALARM');
    await world.change(6, 'OK');
    await world.sweepUntil(60);
    expect(world.told()).toEqual([
      [0, 'firing', 1],
      [3, 'resolved', 0],
      [15, 'firing', 1],
      [16, 'resolved', 0],
    ]);
  });

  it('before people could be told that it rang is told when they can be, and leaves no incident open', async () => {
    for (const config of [{}, incidents]) {
      const world = new World(config);
      const until = T0 + 20 * MINUTE;
      world.silences.push({ id: 's', matchers: {}, until, created: T0 - MINUTE, by: 'ops', why: 'maintenance' });
      await world.change(0, 'ALARM');
      await world.change(5, 'OK');
      await world.sweepUntil(60);
      expect(world.told()).toEqual([[20, 'firing', 1], ...(config === incidents ? [[21, 'resolved', 0]] : [])]);
    }
  });

  it('goes on if it rings again before anybody could be told', async () => {
    const world = new World(incidents);
    const until = T0 + 20 * MINUTE;
    world.silences.push({ id: 's', matchers: {}, until, created: T0 - MINUTE, by: 'ops', why: 'maintenance' });
    await world.change(0, 'ALARM');
    await world.change(5, 'OK');
    await world.change(10, 'ALARM');
    await world.sweepUntil(60);
    expect(world.told()).toEqual([[20, 'firing', 2]]);
    await world.change(61, 'OK');
    await world.sweepUntil(70);
    expect(world.told()[1]).toEqual([62, 'resolved', 0]);
  });
});
