import { describe, expect, it } from '@jest/globals';
import type { AlertId, AlertPorts, Post, StateStore } from '../../../../shared/alerts/ports.js';
import { raiseAlerts } from '../../../../shared/alerts/raise.js';
import { ruleBook } from '../../../../shared/alerts/ruleBook.js';
import { MemoryStateStore } from '../../../../shared/alerts/simulation/memoryStore.js';
import { SimulatedClock } from '../../../../shared/alerts/simulation/simulatedClock.js';
import { KeyStates } from '../../../../shared/alerts/state/keyStates.js';
import { sweep } from '../../../../shared/alerts/sweep.js';
import type { AlertsConfig } from '../../../../shared/rules/language/alertsConfig.js';
import { aRule, aSignal, MINUTE, T0 } from '../../../helpers/alerts.js';
import { Instance } from '../../../helpers/instance.js';
import { SimulatedSlack, type SlackAnswer } from '../../../helpers/simulatedSlack.js';

const SECOND = 1000;
const resolveAfter = 5 * MINUTE;
const rules = [
  aRule({ name: 'down', severity: 'critical', title: '{service} is down', resolveAfter }),
  aRule({ name: 'fatal', severity: 'critical', title: '{service} died' }),
  aRule({ name: 'slow', severity: 'warning', title: '{service} is slow', resolveAfter }),
  aRule({ name: 'odd', severity: 'info', title: '{service} is odd' }),
  aRule({ name: 'quiet', type: 'absence', window: 60 * MINUTE, title: '{service} is quiet' }),
];

/** An alert function and a sweep every minute, on one route. */
class World {
  readonly clock = new SimulatedClock(T0);
  readonly store: StateStore = new KeyStates(new MemoryStateStore(), () => this.clock.now());
  readonly slack: SimulatedSlack;
  private readonly book;
  private batches = 0;
  private nextSweep = T0 + 30 * SECOND;

  constructor(config: AlertsConfig = {}, plan: SlackAnswer[] = []) {
    this.slack = new SimulatedSlack(this.clock, plan);
    this.book = ruleBook(rules, config);
  }

  /** @param matched each a rule and a service */
  async raise(matched: readonly string[], ports: Partial<AlertPorts> = {}, id = `batch ${this.batches++}`) {
    const ts = this.clock.now();
    const signals = matched.map((each, at) => {
      const [rule = '', service = ''] = each.split(' ');
      return aSignal({ rule, key: service, labels: { service }, count: 1, first: ts + at, last: ts + at });
    });
    return raiseAlerts({ version: 1, id, signals }, this.book, { ...this.portsOf(30 * SECOND), ...ports });
  }

  /** Lets time pass, sweeping half past each minute. */
  async wait(ms: number) {
    const until = this.clock.now() + ms;
    for (; this.nextSweep <= until; this.nextSweep += MINUTE) {
      this.clock.moveTo(this.nextSweep);
      await sweep(this.book, {
        ...this.portsOf(50 * SECOND),
        queue: { send: async () => undefined },
        refused: { list: async () => [], read: async () => undefined, remove: async () => undefined },
      });
    }
    this.clock.moveTo(until);
  }

  /** When each message came, in seconds, and what it says. */
  told() {
    return this.slack.received.map(({ at, post }) => `${Math.floor((at - T0) / SECOND)} ${wordsOf(post)}`);
  }

  private portsOf(timeout: number): AlertPorts {
    const { clock, store, slack: notifier } = this;
    return { clock, store, notifier, silences: async () => [], deadline: clock.now() + timeout };
  }
}

function wordsOf(post: Post): string {
  if (post.kind === 'alert') return `${post.alert.rule} ${post.alert.key} ${post.alert.notice.kind}`;
  const { group, members = [], alerts, resolved = 0 } = post.digest;
  if (!group) return `digest of ${alerts}`;
  const named = members
    .map(({ rule, key, over, ending }) => `${rule} ${key}${over ? ` ${ending?.as ?? 'over'}` : ''}`)
    .join(', ');
  const counts = `${alerts} new, ${resolved} over, ${group.firing} firing`;
  return `group ${[group.key, counts].filter(Boolean).join(': ')}: ${named}${group.earlier.length > 0 ? ` (${group.earlier.length} earlier)` : ''}`;
}

describe('alerts that start together', () => {
  it('are told in one message at once, by severity and start, when they come at once', async () => {
    const world = new World();
    const outcomes = await world.raise(['odd web', 'slow web', 'down pay', 'down cart', 'fatal web']);
    expect(world.told()).toEqual([
      '0 group 5 new, 0 over, 3 firing: down pay, down cart, fatal web, slow web, odd web',
    ]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array(5).fill('digested'));
  });

  it('add to the first message, which came at once, in messages that are further and further apart', async () => {
    const world = new World();
    for (let at = 0; at < 30; at++) {
      await world.raise([`fatal s${at}`]);
      await world.wait(MINUTE);
    }
    expect(world.told().map((words) => words.replace(/ new.*/, ''))).toEqual([
      '0 fatal s0 firing',
      '60 fatal s1 firing',
      '180 group 2',
      '420 group 4',
      '720 group 5',
      '1020 group 5',
      '1320 group 5',
      '1620 group 5',
    ]);
  });

  it('do not hide that it gets worse', async () => {
    const world = new World({ group_by: [] });
    await world.raise(['odd web']);
    await world.wait(SECOND);
    await world.raise(['odd cart']);
    await world.wait(SECOND);
    await world.raise(['slow web']);
    await world.wait(2 * SECOND);
    await world.raise(['down web']);
    await world.raise(['down cart']);
    expect(world.told()).toEqual([
      '0 odd web firing',
      '2 group 2 new, 0 over, 1 firing: slow web, odd cart',
      '4 down web firing',
    ]);
  });

  it('take lesser ones along only once one is critical, for as long as something comes', async () => {
    const world = new World();
    await world.raise(['slow web']);
    await world.wait(2 * SECOND);
    await world.raise(['fatal web']);
    await world.wait(2 * SECOND);
    await world.raise(['slow cart', 'odd cart']);
    expect(world.told()).toEqual(['0 slow web firing', '2 fatal web firing']);
    await world.wait(2 * MINUTE);
    expect(world.told().slice(2)).toEqual(['90 group 2 new, 0 over, 1 firing: slow cart, odd cart']);
    await world.wait(20 * MINUTE);
    const before = world.told().length;
    await world.raise(['slow pay']);
    expect(world.told().slice(before)).toEqual([expect.stringMatching(/slow pay firing$/)]);
  });

  it('are over in one message, once none fires any more', async () => {
    const world = new World();
    await world.raise(['down web', 'down cart', 'slow web']);
    await world.wait(90 * SECOND);
    await world.raise(['down pay']);
    await world.wait(10 * MINUTE);
    expect(world.told()).toEqual([
      '0 group 3 new, 0 over, 3 firing: down web, down cart, slow web',
      '90 down pay firing',
      '450 group 0 new, 4 over, 0 firing: down web over, down cart over, down pay over, slow web over',
    ]);
    // The next critical alert begins another group: it is told at once.
    await world.raise(['fatal web']);
    expect(world.told().at(-1)).toBe('690 fatal web firing');
  });

  it('are over one by one when others go on for long', async () => {
    const world = new World();
    await world.raise(['down web', 'down cart']);
    for (let minute = 0; minute < 20; minute++) {
      await world.wait(MINUTE);
      await world.raise(['down cart']);
    }
    const over = world.told().find((words) => words.includes(' over: ') || words.includes('down web over'));
    expect(over).toMatch(/^9\d\d group .*1 over.*down web over/);
  });

  it('are as many groups as they have labels in common', async () => {
    const world = new World({ group_by: ['service'] });
    await world.raise(['down web', 'slow web', 'down cart', 'odd pay']);
    await world.wait(3 * SECOND);
    await world.raise(['fatal web']);
    expect(world.told()).toEqual([
      '0 group web: 2 new, 0 over, 2 firing: down web, slow web',
      '1 down cart firing',
      '2 odd pay firing',
    ]);
    await world.wait(MINUTE);
    await world.wait(MINUTE);
    expect(world.told().slice(3)).toEqual(['90 group web: 1 new, 0 over, 2 firing: fatal web (2 earlier)']);
  });

  it('wait for each other when they are told to', async () => {
    const world = new World({ group_by: [], group_wait: '1m' });
    await world.raise(['down web']);
    await world.wait(20 * SECOND);
    await world.raise(['slow web']);
    expect(world.told()).toEqual([]);
    await world.wait(2 * MINUTE);
    expect(world.told()).toEqual(['90 group 2 new, 0 over, 2 firing: down web, slow web']);
  });

  it('have no groups when all labels make one', async () => {
    const world = new World({ group_by: ['...'] });
    await world.raise(['down web', 'fatal web']);
    expect(world.told()).toHaveLength(2);
  });
});

describe('a storm', () => {
  it('of 5,000 critical keys is a message at once, and a handful in half an hour', async () => {
    const world = new World();
    for (let at = 0; at < 5000; at += 250) {
      await world.raise(Array.from({ length: 250 }, (_, of) => `fatal s${at + of}`));
      await world.wait(MINUTE);
    }
    await world.wait(10 * MINUTE);
    const told = world.slack.received.map(({ post }) => (post.kind === 'digest' ? post.digest.alerts : 1));
    expect(world.told()[0]).toMatch(/^0 group 250 new/);
    expect(told.reduce((sum, count) => sum + count, 0)).toBe(5000);
    expect(told.length).toBeLessThanOrEqual(8);
    const group = await world.store.load('group#default#');
    expect(JSON.stringify(group?.value).length).toBeLessThan(100_000);
  });

  it('of more groups than a minute has room for ends in the digest, and no state grows with it', async () => {
    const world = new World({ group_by: ['service'] });
    await world.raise(Array.from({ length: 1000 }, (_, at) => [`down s${at}`, `slow s${at}`]).flat());
    await world.wait(3 * MINUTE);
    const alerts = world.slack.received.map(({ post }) => (post.kind === 'digest' ? post.digest.alerts : 1));
    expect(alerts.reduce((sum, count) => sum + count, 0)).toBe(2000);
    expect(world.slack.received.filter(({ at }) => at < T0 + 30 * SECOND)).toHaveLength(10);
  });
});

describe('a message of a group', () => {
  it('that Slack does not take is posted by the sweep', async () => {
    const world = new World({}, [{ answer: 'failed' }]);
    await world.raise(['down web', 'down cart']);
    expect(world.told()).toEqual([]);
    await world.wait(MINUTE);
    expect(world.told()).toEqual(['30 group 2 new, 0 over, 2 firing: down web, down cart']);
  });

  it('of one alert is tried again as that alert', async () => {
    const world = new World({}, [{ answer: 'failed' }, { answer: 'failed' }, { answer: 'failed' }]);
    await world.raise(['down web']);
    await world.wait(MINUTE);
    expect(world.told()).toEqual(['30 down web firing']);
  });

  it.each(Array.from({ length: 40 }, (_, step) => step))('loses nobody when it dies at step %i', async (step) => {
    const world = new World();
    const { store, clock, slack: notifier } = world;
    const dying = new Instance({ store, notifier, clock, latency: () => 0 }, { step, after: step % 2 === 0 });
    const matched = ['down web', 'down cart', 'slow web'];
    await world.raise(matched, dying.portsUntil(T0 + 30 * SECOND), 'a');
    await world.wait(2 * MINUTE);
    await world.raise(matched, {}, 'a');
    await world.wait(2 * MINUTE);
    const named = world.slack.received.flatMap(({ post }): readonly AlertId[] =>
      post.kind === 'alert' ? [post.alert] : (post.digest.members ?? []),
    );
    for (const each of matched) expect(named.map(({ rule, key }) => `${rule} ${key}`)).toContain(each);
  });
});

describe('what is info alone', () => {
  const HOUR = 60 * MINUTE;

  it('is told at once, and then together every six hours', async () => {
    const world = new World();
    for (let each = 0; each < 14 * 3; each++) {
      await world.raise([`odd s${each}`]);
      await world.wait(20 * MINUTE);
    }
    const hours = world.slack.received.map(({ at, post }) => [
      Math.round((at - T0) / HOUR),
      post.kind === 'digest' ? post.digest.alerts : 1,
    ]);
    expect(hours).toEqual([
      [0, 1],
      [6, 18],
      [12, 18],
    ]);
  });

  it('does not wait as a crowd', async () => {
    const world = new World();
    await world.raise(['odd s0']);
    await world.wait(5 * MINUTE);
    await world.raise(Array.from({ length: 120 }, (_, index) => `odd t${index}`));
    await world.wait(2 * MINUTE);
    expect(world.told().map((each) => each.replace(/:.*/, ''))).toEqual(['0 odd s0 firing', '300 group severity=info']);
  });

  it('has no message of its own in a group that is critical', async () => {
    const world = new World();
    await world.raise(['down web']);
    await world.wait(4 * MINUTE);
    await world.raise(['odd web']);
    await world.wait(20 * MINUTE);
    expect(world.told()).toEqual([
      '0 down web firing',
      expect.stringMatching(/ group 1 new, 1 over, 0 firing: odd web, down web over/),
    ]);
  });

  it('does not hold back that what is critical fell silent', async () => {
    const world = new World();
    await world.raise(['quiet web', 'down web']);
    await world.wait(4 * MINUTE);
    await world.raise(['odd web']);
    await world.wait(20 * MINUTE);
    expect(world.told()).toEqual([
      '0 down web firing',
      expect.stringMatching(/ group 1 new, 0 over, 0 firing: odd web, down web silent/),
    ]);
  });

  it('joins what is critical, and waits for nobody where that is asked for', async () => {
    const world = new World();
    await world.raise(['down web']);
    await world.wait(10 * SECOND);
    await world.raise(['odd web', 'slow web']);
    await world.wait(2 * MINUTE);
    expect(world.told()).toEqual(['0 down web firing', expect.stringMatching(/ group 2 new, .*odd web/)]);
    const impatient = new World({ info_interval: '0s' });
    for (const service of ['a', 'b', 'c']) {
      await impatient.raise([`odd ${service}`]);
      await impatient.wait(6 * MINUTE);
    }
    expect(impatient.told()).toHaveLength(3);
  });
});
