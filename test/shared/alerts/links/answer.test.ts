import { beforeEach, describe, expect, it } from '@jest/globals';
import { answerLink, type LinkRequest } from '../../../../shared/alerts/links/answer.js';
import { signToken } from '../../../../shared/alerts/links/token.js';
import type { AlertPorts } from '../../../../shared/alerts/ports.js';
import { raiseAlerts } from '../../../../shared/alerts/raise.js';
import { ruleBook } from '../../../../shared/alerts/ruleBook.js';
import { MemoryStateStore } from '../../../../shared/alerts/simulation/memoryStore.js';
import { SimulatedClock } from '../../../../shared/alerts/simulation/simulatedClock.js';
import { addSilence, currentSilences, removeSilence } from '../../../../shared/alerts/state/silences.js';
import { silenceLinks } from '../../../../shared/bounds.js';
import { otherKey } from '../../../../shared/signals/alertKey.js';
import { aRule, aSignal, MINUTE, T0 } from '../../../helpers/alerts.js';
import { SimulatedSlack } from '../../../helpers/simulatedSlack.js';

const HOUR = 60 * MINUTE;
const secret = 's'.repeat(64);
const hostile = '"><script>alert(1)</script>\r\nSet-Cookie: a=b\u202e';

class World {
  readonly clock = new SimulatedClock(T0);
  readonly store = new MemoryStateStore();
  readonly slack = new SimulatedSlack(this.clock, []);
  readonly book = ruleBook([aRule({ resolveAfter: 10 * MINUTE }), aRule({ name: 'b-rule', title: hostile })]);
  writes = 0;
  private forms = 0;

  constructor() {
    const save = this.store.save.bind(this.store);
    this.store.save = (...args) => {
      this.writes++;
      return save(...args);
    };
  }

  /** A line of a key, as functions/alert takes it. */
  raise(key = 'pay', rule = 'a-rule') {
    const { clock, store, slack: notifier, book } = this;
    const silences = () => currentSilences(store, clock.now());
    const ports: AlertPorts = { clock, store, notifier, silences, deadline: clock.now() + 30_000 };
    const ts = clock.now();
    const signal = aSignal({ rule, key, labels: { service: key }, bucket: ts, first: ts, last: ts });
    return raiseAlerts({ version: 1, id: `${rule}${key}${ts}`, signals: [signal] }, book, ports);
  }

  token(key = 'pay', rule = 'a-rule') {
    return signToken({ rule, key, expires: this.clock.now() + silenceLinks.life }, secret);
  }

  ask(changes: Partial<LinkRequest> = {}, secrets = [secret]) {
    const request = { method: 'GET', path: `/${this.token()}`, contentType: '', site: undefined, body: '', ...changes };
    const { store, book, clock } = this;
    return answerLink(request, secrets, {
      store,
      book,
      now: () => clock.now(),
      newForm: () => `form-${this.forms++}-x`,
    });
  }

  post(fields: Record<string, string>, changes: Partial<LinkRequest> = {}) {
    const form = { form: `form-${this.forms++}-y`, name: 'Ann', ...fields };
    return this.ask({
      ...{ method: 'POST', contentType: 'application/x-www-form-urlencoded', site: 'same-origin' },
      ...{ body: new URLSearchParams(form).toString(), ...changes },
    });
  }

  silences() {
    return currentSilences(this.store, this.clock.now());
  }
}

let world: World;
beforeEach(async () => {
  world = new World();
  await world.raise();
  await world.raise(hostile, 'b-rule');
  world.clock.moveTo(T0 + MINUTE);
});

describe('the page of a link', () => {
  it('shows what the alert is and what could be done, and changes nothing however often it is fetched', async () => {
    const before = world.writes;
    for (const method of ['GET', 'HEAD', 'GET']) {
      const { status, body } = await world.ask({ method });
      expect(status).toBe(200);
      for (const text of ['Something is wrong in pay', 'People are told of this alert.', 'It goes on at present.']) {
        expect(body).toContain(text);
      }
      expect([...body.matchAll(/value="(1h|8h|resolved|end)"/g)].map(([, act]) => act)).toEqual([
        '1h',
        '8h',
        'resolved',
      ]);
    }
    expect(world.writes).toBe(before);
    expect(await world.silences()).toEqual([]);
  });

  it('keeps its address to itself, runs nothing and fits in no frame', async () => {
    for (const answer of [await world.ask(), await world.ask({ path: '/nothing' }), await world.post({ act: '1h' })]) {
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-robots-tag': 'noindex, nofollow',
        'content-security-policy': expect.stringMatching(
          /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
        ),
      });
    }
  });

  it('shows hostile values as the text that they are', async () => {
    await world.post({ act: '1h', name: hostile, why: hostile }, { path: `/${world.token(hostile, 'b-rule')}` });
    const { status, headers, body } = await world.ask({ path: `/${world.token(hostile, 'b-rule')}` });
    expect(status).toBe(200);
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(body).not.toContain('<script');
    expect(JSON.stringify(headers)).not.toContain('Set-Cookie');
  });

  it('has labels for its fields, a language and a width for phones', async () => {
    const { body } = await world.ask();
    expect(body).toMatch(/<html lang="en">[\s\S]*width=device-width/);
    for (const id of ['name', 'why']) expect(body).toMatch(new RegExp(`<label for="${id}">[\\s\\S]*<input id="${id}"`));
  });

  it('says of an alert that is over that there is nothing to wait for', async () => {
    world.clock.moveTo(T0 + 20 * MINUTE);
    const { body } = await world.ask();
    expect(body).toContain('It is over at present.');
    expect(body).not.toContain('value="resolved"');
    const answer = await world.post({ act: 'resolved' });
    expect([answer.status, await world.silences()]).toEqual([409, []]);
  });

  it('shows a silence of somebody else that holds it as well', async () => {
    const span = { created: T0, until: T0 + HOUR };
    await addSilence(world.store, { id: 's1', matchers: { service: 'pay' }, ...span, by: 'Bob', why: 'moving' });
    expect((await world.ask()).body).toContain('Silenced by <bdi>Bob</bdi> (<bdi>moving</bdi>) too');
  });

  it('is there for what nothing is remembered of, and for a rule that is gone', async () => {
    for (const [key, rule] of [
      ['unseen', 'a-rule'],
      ['pay', 'gone'],
      [otherKey, 'a-rule'],
    ] as const) {
      const path = `/${world.token(key, rule)}`;
      expect([await world.ask({ path }), await world.post({ act: '1h' }, { path })]).toMatchObject([
        { status: 200 },
        { status: 303 },
      ]);
    }
    expect(await world.silences()).toHaveLength(3);
  });
});

describe('a form that is sent', () => {
  it.each([
    ['1h', HOUR],
    ['8h', 8 * HOUR],
    ['resolved', silenceLinks.longest],
  ])('silences for %s, and leads back to the page', async (act, length) => {
    const { status, headers, body, noted } = await world.post({ act, why: 'on it' });
    expect([status, body]).toEqual([303, '']);
    // Relative to where it was sent: to no other place.
    expect(headers.location).toMatch(/^[\w-]+\.[\w-]{43}$/);
    const until = T0 + MINUTE + length;
    expect(noted).toEqual({ rule: 'a-rule', key: 'pay', by: 'Ann', act, until });
    expect(await world.silences()).toMatchObject([
      {
        matchers: { rule: 'a-rule', service: 'pay' },
        alert: { rule: 'a-rule', key: 'pay' },
        ...{ until, created: T0 + MINUTE, by: 'Ann', why: 'on it' },
      },
    ]);
    const page = (await world.ask()).body;
    expect(page).toContain('<strong>Silenced</strong>');
    expect(page).toContain('by <bdi>Ann</bdi> (<bdi>on it</bdi>)');
    expect(page).toContain('value="end"');
  });

  it('holds back this alert and no other, and the first message after it says why', async () => {
    await world.post({ act: '1h', why: 'on it' });
    const told = world.slack.received.length;
    world.clock.moveTo(T0 + 30 * MINUTE);
    expect(await world.raise()).toMatchObject([{ outcome: 'held', by: 'silence' }]);
    expect(await world.raise('cart')).toMatchObject([{ outcome: 'notified' }]);
    world.clock.moveTo(T0 + 62 * MINUTE);
    expect(await world.raise()).toMatchObject([{ outcome: 'notified' }]);
    expect(world.slack.received.slice(told)).toMatchObject([
      { post: { alert: { key: 'cart' } } },
      {
        post: {
          alert: { key: 'pay', notice: { count: 2, suppressed: 1, heldBy: { by: 'silence', why: 'on it, by Ann' } } },
        },
      },
    ]);
  });

  it('ends the silence, and says who did', async () => {
    await world.post({ act: '8h' });
    world.clock.moveTo(T0 + 2 * MINUTE);
    expect((await world.post({ act: 'end', name: 'Bob' })).noted).toMatchObject({ act: 'end', by: 'Bob' });
    expect(await world.silences()).toEqual([]);
    expect((await world.ask()).body).toContain('The silence was ended by <bdi>Bob</bdi>.');
    world.clock.moveTo(T0 + 30 * MINUTE);
    expect(await world.raise()).toMatchObject([{ outcome: 'notified' }]);
  });

  it('acts once, however often it comes, and not again after what was done since', async () => {
    const first = { act: '1h', form: 'the-first-form' };
    expect((await world.post(first)).noted).toBeDefined();
    const [silence] = await world.silences();
    world.clock.moveTo(T0 + 30 * MINUTE);
    for (let again = 0; again < 3; again++) {
      const { status, noted } = await world.post(first);
      expect([status, noted]).toEqual([303, undefined]);
    }
    expect(await world.silences()).toEqual([silence]);
    await world.post({ act: 'end' });
    await world.post(first);
    expect(await world.silences()).toEqual([]);
  });

  it('acts once when it comes twice at the same moment', async () => {
    const form = { act: '1h', form: 'the-very-same' };
    const answers = await Promise.all([world.post(form), world.post(form), world.post(form)]);
    expect(answers.filter(({ noted }) => noted)).toHaveLength(1);
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
  });

  it('changes the one silence of its alert, which the command can remove as well', async () => {
    await world.post({ act: '8h' });
    await world.post({ act: '1h', name: 'Bob' });
    const [silence, ...others] = await world.silences();
    expect(others).toEqual([]);
    expect(silence).toMatchObject({ by: 'Bob', until: T0 + MINUTE + HOUR });
    expect(await removeSilence(world.store, silence?.id ?? '')).toBe(true);
    expect(await world.silences()).toEqual([]);
  });

  it('is refused when there were too many within an hour', async () => {
    for (let at = 0; at < silenceLinks.maxActsAnHour; at++) {
      expect((await world.post({ act: at % 2 === 0 ? '1h' : 'end' })).status).toBe(303);
    }
    const writes = world.writes;
    expect((await world.post({ act: '8h' })).status).toBe(429);
    expect(world.writes).toBe(writes);
    // Another alert is another matter.
    expect((await world.post({ act: '8h' }, { path: `/${world.token('cart')}` })).status).toBe(303);
    world.clock.moveTo(T0 + 62 * MINUTE);
    expect((await world.post({ act: '8h' })).status).toBe(303);
  });

  it('comes back with what was filled in when something is missing', async () => {
    const { status, body } = await world.post({ act: '1h', form: 'my-own-form', name: ' \n ', why: 'a "reason"' });
    expect(status).toBe(400);
    expect(body).toContain('<p role="alert">Your name is missing');
    expect(body).toContain('value="my-own-form"');
    expect(body).toContain('value="a &quot;reason&quot;"');
    expect(await world.silences()).toEqual([]);
  });
});

describe('what is refused, and changes nothing', () => {
  const form = 'application/x-www-form-urlencoded';
  const good = 'form=abcdefgh&name=Ann&act=1h';
  const path = (token: string) => ({ path: `/${token}` });
  it.each<[string, number, (world: World) => Partial<LinkRequest>]>([
    [
      'a token of another key',
      404,
      () => path(signToken({ rule: 'a-rule', key: 'pay', expires: T0 + HOUR }, 'x'.repeat(64))),
    ],
    ['a token that was cut', 404, (of) => path(of.token().slice(0, -1))],
    ['a token with something behind it', 404, (of) => path(`${of.token()}/`)],
    ['no token', 404, () => path('')],
    ['an expired token', 410, () => path(signToken({ rule: 'a-rule', key: 'pay', expires: T0 }, secret))],
    ['a form from another site', 403, () => ({ site: 'cross-site' })],
    ['a form from another page of this site', 403, () => ({ site: 'same-site' })],
    ['JSON', 415, () => ({ contentType: 'application/json' })],
    ['no type', 415, () => ({ contentType: '' })],
    ['a form in parts', 415, () => ({ contentType: 'multipart/form-data; boundary=x' })],
    ['a huge form', 413, () => ({ body: `${good}&x=${'x'.repeat(silenceLinks.maxFormBytes)}` })],
    ['an unknown act', 400, () => ({ body: 'form=abcdefgh&name=Ann&act=forever' })],
    ['no act', 400, () => ({ body: 'form=abcdefgh&name=Ann' })],
    ['no form', 400, () => ({ body: 'name=Ann&act=1h' })],
    ['nothing', 400, () => ({ body: '' })],
    ...['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'post', 'PROPFIND'].map(
      (method): [string, number, () => Partial<LinkRequest>] => [method, 405, () => ({ method })],
    ),
  ])('%s: %i', async (_, status, changes) => {
    const [writes, request] = [world.writes, { method: 'POST', contentType: form, body: good, ...changes(world) }];
    const answer = await world.ask({ site: 'same-origin', ...request });
    expect(answer.status).toBe(status);
    if (status === 405) expect(answer.headers.allow).toBe('GET, HEAD, POST');
    expect(answer.headers.location).toBeUndefined();
    expect([world.writes, await world.silences()]).toEqual([writes, []]);
  });

  it('says of an expired link what to do instead', async () => {
    const token = signToken({ rule: 'a-rule', key: 'pay', expires: T0 }, secret);
    expect((await world.ask({ path: `/${token}` })).body).toContain('npx firesplit silence add --match rule=a-rule');
  });

  it('tells crawlers to stay away', async () => {
    expect(await world.ask({ path: '/robots.txt' })).toMatchObject({
      status: 200,
      body: 'User-agent: *\nDisallow: /\n',
    });
  });
});
