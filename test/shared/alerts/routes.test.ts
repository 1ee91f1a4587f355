import { describe, expect, it } from '@jest/globals';
import type { PostResult } from '../../../shared/alerts/ports.js';
import type { AlertState } from '../../../shared/alerts/state/decide.js';
import { aRule, MINUTE } from '../../helpers/alerts.js';
import { RoutesWorld } from '../../helpers/routesWorld.js';

const down: PostResult = { result: 'unavailable', reason: 'it is down' };
const refused: PostResult = { result: 'refused', reason: 'it answered 400' };

const rule = aRule({ severity: 'critical', cooldown: 10 * MINUTE, resolveAfter: 30 * MINUTE });
const config = { routes: { critical: ['oncall', 'team'] } };

describe('an alert with two routes', () => {
  it('is told both, once, and nothing is left to do until it is over', async () => {
    const world = new RoutesWorld(rule, config);
    expect(await world.raise(3)).toEqual([{ outcome: 'notified', id: { rule: 'a-rule', key: 'pay' } }]);
    await world.sweep(40);
    expect(world.told).toEqual([
      [0, 'oncall', 'firing', 3],
      [0, 'team', 'firing', 3],
      [30, 'oncall', 'resolved', 0],
      [30, 'team', 'resolved', 0],
    ]);
  });

  it('costs no more writes of its state than one with a single route', async () => {
    const saves = async (routes: string[]) => {
      const world = new RoutesWorld(rule, { routes: { critical: routes } });
      await world.raise(3);
      const state = await world.store.load('alert#a-rule#pay');
      return [state?.version, (state?.value as AlertState | undefined)?.owed];
    };
    expect(await saves(['oncall', 'team', 'boss'])).toEqual(await saves(['oncall']));
  });

  it('is told the one at once while the other is down for an hour, and the other once after it', async () => {
    const world = new RoutesWorld({ ...rule, resolveAfter: 120 * MINUTE } as typeof rule, config);
    world.broken.set('oncall', down);
    expect(await world.raise(3)).toEqual([
      { outcome: 'notified', id: { rule: 'a-rule', key: 'pay' } },
      { outcome: 'owed', id: { rule: 'a-rule', key: 'pay' }, route: 'oncall', reason: 'it is down' },
    ]);
    await world.sweep(15);
    await world.raise(4);
    await world.sweep(45);
    world.broken.clear();
    await world.sweep(5);
    expect(world.told).toEqual([
      [0, 'team', 'firing', 3],
      [15, 'team', 'firing', 4],
      [61, 'oncall', 'firing', 7],
    ]);
  });

  it('is told the one that refuses it once somebody has mended that', async () => {
    const world = new RoutesWorld(aRule({ severity: 'critical' }), config);
    world.broken.set('oncall', refused);
    await world.raise(3);
    await world.sweep(30);
    // With growing pauses.
    expect(world.attempts.filter((route) => route === 'oncall')).toHaveLength(5);
    world.broken.clear();
    await world.sweep(60);
    expect(world.told).toEqual([
      [0, 'team', 'firing', 3],
      [31, 'oncall', 'firing', 3],
    ]);
  });

  it('is not told the one that was down once its rule is in shadow mode', async () => {
    const world = new RoutesWorld(rule, config);
    world.broken.set('oncall', down);
    await world.raise(3);
    await world.sweep(2);
    world.change({ ...rule, mode: 'shadow' } as typeof rule);
    await world.sweep(2);
    world.broken.clear();
    world.change(rule);
    await world.sweep(20);
    expect(world.told).toEqual([[0, 'team', 'firing', 3]]);
    const state = await world.store.load('alert#a-rule#pay');
    expect((state?.value as AlertState | undefined)?.owed).toBeUndefined();
  });

  it('is told the one that was down that it fired and that it is over, in this order', async () => {
    const world = new RoutesWorld(rule, config);
    world.broken.set('oncall', down);
    await world.raise(3);
    await world.sweep(40);
    world.broken.clear();
    await world.sweep(5);
    expect(world.told).toEqual([
      [0, 'team', 'firing', 3],
      [30, 'team', 'resolved', 0],
      [41, 'oncall', 'firing', 3],
      [42, 'oncall', 'resolved', 0],
    ]);
  });

  it('is owed to both when both are down', async () => {
    const world = new RoutesWorld(rule, config);
    for (const route of ['oncall', 'team']) world.broken.set(route, down);
    expect((await world.raise(3)).map(({ outcome }) => outcome)).toEqual(['owed', 'owed']);
    world.broken.clear();
    await world.sweep(5);
    expect(world.told.map(([, route, , lines]) => [route, lines])).toEqual([
      ['oncall', 3],
      ['team', 3],
    ]);
  });
});

describe('what is over', () => {
  it('is told to the routes that were told that it fired, whatever the rule says since', async () => {
    const world = new RoutesWorld(rule, config);
    await world.raise(3);
    const later = new RoutesWorld({ ...rule, route: 'other' } as typeof rule, config);
    Object.assign(later, { store: world.store });
    later.clock.moveTo(world.clock.now());
    await later.sweep(31);
    expect(later.told.map(([, route, what]) => [route, what])).toEqual([
      ['oncall', 'resolved'],
      ['team', 'resolved'],
    ]);
  });
});

describe('a fallback', () => {
  const fallbacks = {
    routes: { critical: 'oncall', oncall: { fallback: 'team', fallback_after: '5m' }, team: { fallback: 'boss' } },
  };

  it('is told once the route was down for its time, and then nobody else', async () => {
    const world = new RoutesWorld(rule, fallbacks);
    world.broken.set('oncall', down);
    await world.raise(3);
    await world.sweep(10);
    world.broken.clear();
    await world.sweep(10);
    expect(world.told).toEqual([[5, 'team', 'firing', 3]]);
  });

  it('says which route it stands for, and why', async () => {
    const world = new RoutesWorld(rule, fallbacks);
    world.broken.set('oncall', refused);
    world.broken.set('team', { result: 'refused', reason: 'it answered 404' });
    await world.raise(3);
    world.broken.clear();
    await world.sweep(40);
    // That it is over needs no other way.
    expect(world.texts).toEqual(['By way of boss: team could not be told (it answered 404)']);
  });

  it('is not told when the route is back in time', async () => {
    const world = new RoutesWorld(rule, fallbacks);
    world.broken.set('oncall', down);
    await world.raise(3);
    await world.sweep(3);
    world.broken.clear();
    await world.sweep(10);
    expect(world.told).toEqual([[4, 'oncall', 'firing', 3]]);
  });

  it('is told at once when the route refuses the message, and that it is over', async () => {
    const world = new RoutesWorld(rule, fallbacks);
    world.broken.set('oncall', refused);
    expect((await world.raise(3)).map(({ outcome }) => outcome)).toEqual(['notified']);
    world.broken.clear();
    await world.sweep(40);
    expect(world.told).toEqual([
      [0, 'team', 'firing', 3],
      [30, 'oncall', 'resolved', 0],
      [30, 'team', 'resolved', 0],
    ]);
  });

  it('has a fallback of its own', async () => {
    const world = new RoutesWorld(rule, fallbacks);
    for (const route of ['oncall', 'team']) world.broken.set(route, refused);
    await world.raise(3);
    expect(world.told).toEqual([[0, 'boss', 'firing', 3]]);
  });

  it('is tried together with its route for as long as nobody could be told', async () => {
    const world = new RoutesWorld(rule, fallbacks);
    for (const route of ['oncall', 'team', 'boss']) world.broken.set(route, down);
    await world.raise(3);
    await world.sweep(8);
    world.broken.delete('team');
    await world.sweep(5);
    expect(world.told).toEqual([[9, 'team', 'firing', 3]]);
  });

  it('is not told what it hears anyhow', async () => {
    const world = new RoutesWorld(rule, {
      routes: { critical: ['oncall', 'team'], oncall: { fallback: 'team', fallback_after: '1m' } },
    });
    world.broken.set('oncall', down);
    await world.raise(3);
    await world.sweep(10);
    world.broken.clear();
    await world.sweep(1);
    expect(world.told).toEqual([
      [0, 'team', 'firing', 3],
      [11, 'oncall', 'firing', 3],
    ]);
  });
});

describe('a fallback of a route with groups and digests', () => {
  const routes = { critical: 'oncall', oncall: { fallback: 'team', fallback_after: '5m' } };

  it.each<[string, PostResult]>([
    ['is down', down],
    ['refuses them', refused],
  ])('is told the messages of its groups when it %s, each line once', async (_, answer) => {
    const world = new RoutesWorld(rule, { routes });
    world.broken.set('oncall', answer);
    for (const service of ['pay', 'cart', 'shop', 'mail']) await world.raise(3, { service });
    await world.sweep(15);
    world.broken.clear();
    await world.sweep(3);
    const firing = world.told.filter(([, , what]) => what !== 'resolved');
    expect(firing.map(([, route]) => route)).not.toContain('oncall');
    expect(firing.reduce((sum, [, , , lines]) => sum + lines, 0)).toBe(12);
  });

  it('is told its digest', async () => {
    const world = new RoutesWorld(aRule({ cooldown: 10 * MINUTE }), {
      routes: { warning: 'oncall', oncall: { fallback: 'team', fallback_after: '5m' } },
      messages_per_minute: 1,
    });
    for (let service = 0; service < 6; service++) await world.raise(2, { service: `s${service}` });
    expect(world.told).toEqual([[0, 'oncall', 'firing', 2]]);
    world.broken.set('oncall', down);
    await world.sweep(12);
    world.broken.clear();
    await world.sweep(3);
    expect(world.told.slice(1)).toEqual([[expect.any(Number), 'team', 'digest', 10]]);
  });
});

describe('a fallback of several routes', () => {
  const shared = {
    routes: { critical: ['oncall', 'team'], oncall: { fallback: 'boss' }, team: { fallback: 'boss' } },
  };

  it('is told once for all of them, and once that it is over', async () => {
    const world = new RoutesWorld(rule, shared);
    for (const route of ['oncall', 'team']) world.broken.set(route, refused);
    expect(await world.raise(3)).toEqual([{ outcome: 'notified', id: { rule: 'a-rule', key: 'pay' } }]);
    expect(world.told).toEqual([[0, 'boss', 'firing', 3]]);
    world.broken.clear();
    await world.sweep(31);
    expect(world.told.filter(([, , what]) => what === 'resolved').map(([, route]) => route)).toEqual([
      'oncall',
      'team',
      'boss',
    ]);
  });

  it('leaves it owed to each of them when it is down as well', async () => {
    const world = new RoutesWorld(rule, shared);
    for (const route of ['oncall', 'team', 'boss']) world.broken.set(route, refused);
    expect(await world.raise(3)).toMatchObject([
      { outcome: 'owed', route: 'oncall' },
      { outcome: 'owed', route: 'team' },
    ]);
    expect(world.attempts.filter((route) => route === 'boss')).toHaveLength(1);
  });
});

describe('a route that is muted', () => {
  // T0 is a Sunday, 16:03 UTC.
  const mute = 'daily 15:00-17:00';

  it('is told when that is over, once and of all lines; the others are told at once', async () => {
    const world = new RoutesWorld(aRule({ cooldown: 10 * MINUTE }), {
      routes: { warning: ['team', 'quiet'], quiet: { mute } },
    });
    await world.raise(3);
    await world.sweep(15);
    await world.raise(4);
    await world.sweep(60);
    expect(world.told).toEqual([
      [0, 'team', 'firing', 3],
      [15, 'team', 'firing', 4],
      [57, 'quiet', 'firing', 7],
    ]);
    expect(world.attempts).toHaveLength(3);
  });

  it('holds the alert back when it is the only one', async () => {
    const world = new RoutesWorld(aRule(), { routes: { warning: 'quiet', quiet: { mute } } });
    expect(await world.raise(3)).toMatchObject([{ outcome: 'held', by: 'mute' }]);
    await world.sweep(60);
    expect(world.told).toEqual([[57, 'quiet', 'firing', 3]]);
  });

  it('is told of what is critical, unless the configuration says otherwise', async () => {
    const settings = (more: object) => ({ routes: { critical: 'quiet', quiet: { mute, ...more } } });
    const [world, strict] = [
      new RoutesWorld(rule, settings({})),
      new RoutesWorld(rule, settings({ mute_critical: true })),
    ];
    await world.raise(3);
    await strict.raise(3);
    expect([world.told.length, strict.told.length]).toEqual([1, 0]);
    await strict.sweep(60);
    expect(strict.told).toEqual([[57, 'quiet', 'firing', 3]]);
  });
});

describe('a route to what keeps incidents', () => {
  it('is told that what it was told late is over, and no other route is', async () => {
    const late = aRule({
      severity: 'critical',
      cooldown: 60 * MINUTE,
      maxCooldown: 60 * MINUTE,
      resolveAfter: 10 * MINUTE,
    });
    const world = new RoutesWorld(late, {
      routes: { critical: ['pager', 'team'], pager: { pagerduty: { key_parameter: 'key' } } },
    });
    await world.raise(3);
    await world.sweep(15);
    await world.raise(4);
    await world.sweep(60);
    expect(world.told.map(([, ...each]) => each.join(' '))).toEqual([
      'pager firing 3',
      'team firing 3',
      'team resolved 0',
      'pager resolved 0',
      'pager firing 4',
      'team firing 4',
      'pager resolved 0',
    ]);
  });

  const pager = { routes: { critical: 'pager', pager: { pagerduty: { key_parameter: 'key' } } } };
  const services = Array.from({ length: 60 }, (_, at) => `service-${at}`);

  it('is told by itself that each alert is over, at the pace and however many there are', async () => {
    const world = new RoutesWorld(rule, pager);
    for (const service of services) await world.raise(1, { service });
    await world.sweep(45);
    const over = world.told.filter(([, , what]) => what === 'resolved');
    expect(over).toHaveLength(services.length);
    const minutes = over.map(([minute]) => minute);
    expect([Math.min(...minutes), Math.max(...minutes)]).toEqual([30, expect.any(Number)]);
    for (const minute of minutes) expect(minutes.filter((each) => each === minute).length).toBeLessThanOrEqual(60);
  });

  it('is told again of what it could not be told, until all is over', async () => {
    const world = new RoutesWorld(rule, pager);
    for (const service of services.slice(0, 12)) await world.raise(1, { service });
    await world.sweep(29);
    world.broken.set('pager', down);
    await world.sweep(10);
    world.broken.clear();
    await world.sweep(10);
    expect(world.told.filter(([, , what]) => what === 'resolved')).toHaveLength(12);
  });
});
