import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
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

interface Change {
  readonly state: 'ALARM' | 'OK';
  readonly at: number;
}

/** As CloudWatch words its times: to the second, and to the millisecond. */
function eventOf(value: string, time: Date) {
  const timestamp = time.toISOString().replace('Z', '+0000');
  return {
    ...{ id: `event-${time.getTime()}-${value}`, time: time.toISOString().replace(/\.\d+/, '') },
    'detail-type': 'CloudWatch Alarm State Change',
    detail: { alarmName: 'stage-no-lines', state: { value, reason: 'no datapoints', timestamp } },
  };
}

class World {
  readonly clock = new SimulatedClock(T0);
  readonly silences: Silence[] = [];
  readonly items = new MemoryStateStore();
  private readonly store = new KeyStates(this.items, () => this.clock.now());
  private readonly slack = new SimulatedSlack(this.clock, []);
  private readonly book;

  constructor(config: AlertsConfig = {}) {
    this.book = ruleBook(alarmRules(config), config);
  }

  /** The alarm is in another state, so many minutes after the start. */
  async change(minute: number, state: 'ALARM' | 'OK') {
    this.clock.moveTo(T0 + minute * MINUTE);
    await this.hear({ state, at: this.clock.now() });
  }

  /** One of the functions is given the event of a change. @returns false when it is to be given it again */
  async hear({ state, at }: Change): Promise<boolean> {
    const change = readAlarmEvent(eventOf(state, new Date(at)), 'stage-', this.book);
    if (!change || change === 'foreign') throw new Error('it is an alarm of the stage');
    if (state === 'OK') await endAlarm(change, this.ports());
    else
      for (const { outcome } of await raiseAlerts(alarmBatch(change), this.book, this.ports()))
        if (outcome === 'undelivered') return false;
    return true;
  }

  /** What is remembered of the alarm, beside which batches were counted. */
  async remembered() {
    return (await this.items.load('key#no-lines'))?.value;
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

describe('the changes of an alarm', () => {
  it('that come in the wrong order leave nothing that rings: its end is heard of before its beginning', async () => {
    const world = new World(incidents);
    await world.hear({ state: 'OK', at: T0 - 1000 });
    await world.hear({ state: 'ALARM', at: T0 - 2000 });
    await world.sweepUntil(60);
    expect(world.told()).toEqual([]);
  });

  it('within one second are told apart', async () => {
    const world = new World(incidents);
    await world.hear({ state: 'ALARM', at: T0 + 20 });
    await world.hear({ state: 'OK', at: T0 + 10 });
    await world.sweepUntil(10);
    expect(world.told()).toEqual([[0, 'firing', 1]]);
  });

  it('that were stored before the newest was remembered still say when it rang', async () => {
    const world = new World(incidents);
    await world.hear({ state: 'ALARM', at: T0 });
    const stored = await world.items.load('key#no-lines');
    const old = JSON.parse(JSON.stringify(stored?.value).replace(/"stateChange":{[^}]*},/, ''));
    await world.items.save('key#no-lines', old, stored?.version, { expires: T0 + 1e9 });
    await world.hear({ state: 'OK', at: T0 - 1000 });
    expect(await world.remembered()).toEqual(old);
    await world.hear({ state: 'OK', at: T0 + 1000 });
    expect(await world.remembered()).not.toEqual(old);
  });

  it('end in what the newest says, in whatever order and however often they come, and to both functions at once', () =>
    fc.assert(
      fc.asyncProperty(courses, async ({ changes, heard }) => {
        const world = new World(incidents);
        let newest: Change | undefined;
        for (const { at, isAlone, minutes } of heard) {
          const change = changes[at % changes.length];
          if (!change) return;
          const before = await world.remembered();
          if (isAlone) await world.hear(change);
          else await Promise.all([world.hear(change), world.hear(change)]);
          // It changes nothing at all, and neither does the newest when it comes again.
          if (newest && change.at <= newest.at) expect(await world.remembered()).toEqual(before);
          else newest = change;
          await world.sweepUntil((world.clock.now() - T0) / MINUTE + minutes);
        }
        await world.sweepUntil((world.clock.now() - T0) / MINUTE + 60);
        const kinds = world.told().map(([, kind]) => kind);
        expect(kinds.at(-1) === 'firing').toBe(newest?.state === 'ALARM');
      }),
      { numRuns: 100 },
    ));

  it('end in what the newest says when all of them come at once', () =>
    fc.assert(
      fc.asyncProperty(courses, async ({ changes, heard }) => {
        const world = new World(incidents);
        const some = heard.flatMap(({ at }) => changes[at % changes.length] ?? []);
        const done = await Promise.all(some.map((change) => world.hear(change)));
        await world.sweepUntil(60);
        // What could not be counted while another told of it.
        for (const [at, change] of some.entries()) if (!done[at]) await world.hear(change);
        await world.sweepUntil(120);
        const [newest] = [...some].sort((a, b) => b.at - a.at);
        expect(world.told().at(-1)?.[1] === 'firing').toBe(newest?.state === 'ALARM');
      }),
      { numRuns: 100 },
    ));
});

/** An alarm that rings and ends in turn, and the order in which that is heard of. */
const courses = fc.record({
  changes: fc
    .tuple(fc.boolean(), fc.uniqueArray(fc.integer({ min: 1, max: 3_600_000 }), { minLength: 1, maxLength: 6 }))
    .map(([begins, times]) =>
      times
        .sort((a, b) => a - b)
        .map((ago, at): Change => ({ state: begins === (at % 2 === 0) ? 'ALARM' : 'OK', at: T0 - 3_600_000 + ago })),
    ),
  heard: fc.array(fc.record({ at: fc.nat({ max: 5 }), isAlone: fc.boolean(), minutes: fc.constantFrom(0, 0, 1, 20) }), {
    minLength: 1,
    maxLength: 12,
  }),
});
