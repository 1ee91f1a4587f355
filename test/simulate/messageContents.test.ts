import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StateStore } from '../../shared/alerts/ports.js';
import { raiseAlerts } from '../../shared/alerts/raise.js';
import { ruleBook } from '../../shared/alerts/ruleBook.js';
import { MemoryStateStore } from '../../shared/alerts/simulation/memoryStore.js';
import { SimulatedClock } from '../../shared/alerts/simulation/simulatedClock.js';
import { KeyStates } from '../../shared/alerts/state/keyStates.js';
import { sweep } from '../../shared/alerts/sweep.js';
import type { AlertsConfig } from '../../shared/rules/language/alertsConfig.js';
import { aRule, aSignal, MINUTE, T0 } from '../helpers/alerts.js';
import { SimulatedSlack, type SlackAnswer } from '../helpers/simulatedSlack.js';
import { MessageContents } from './messageContents.js';

const rules = [
  aRule({ name: 'fatal', severity: 'critical', cooldown: 24 * 60 * MINUTE }),
  aRule({ name: 'slow', severity: 'warning', cooldown: 24 * 60 * MINUTE }),
];

interface Batch {
  /** Minutes after the one before. */
  readonly after: number;
  readonly fatal: number;
  readonly slow: number;
}

/** Tells of batches of alerts, each of a service of its own, and lets two hours pass. */
async function tell(batches: readonly Batch[], config: AlertsConfig, plan: readonly SlackAnswer[] = []) {
  const clock = new SimulatedClock(T0);
  const contents = new MessageContents();
  const store = new KeyStates(watched(new MemoryStateStore(), contents), () => clock.now());
  const slack = new SimulatedSlack(clock, [...plan]);
  const book = ruleBook(rules, config);
  const messages: { readonly names: string[]; readonly counted: number }[] = [];
  const notifier = {
    ownerOf: (route: string) => slack.ownerOf(route),
    post: async (post: Parameters<SimulatedSlack['post']>[0]) => {
      const names = contents.of(post).map(({ rule, key }) => `${rule} ${key}`);
      const answer = await slack.post(post);
      const counted = post.kind === 'alert' ? 1 : post.digest.alerts;
      if (answer.result === 'sent') messages.push({ names, counted });
      return answer;
    },
  };
  const ports = (timeout: number) => ({
    ...{ clock, store, notifier, silences: async () => [], deadline: clock.now() + timeout },
    queue: { send: async () => undefined },
    refused: { list: async () => [], read: async () => undefined, remove: async () => undefined },
  });
  const raised: string[] = [];
  let services = 0;
  const pass = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute++) {
      clock.moveTo(clock.now() + MINUTE);
      await sweep(book, ports(50_000));
    }
  };
  for (const [at, { after, fatal, slow }] of batches.entries()) {
    await pass(after);
    const first = clock.now();
    const signals = [...Array(fatal).fill('fatal'), ...Array(slow).fill('slow')].map((rule: string) => {
      const service = `service-${services++}`;
      raised.push(`${rule} ${service}`);
      return aSignal({ rule, key: service, labels: { service }, count: 1, first, last: first });
    });
    const batch = { version: 1 as const, id: `batch ${at}`, signals };
    // What could not be posted comes again, as it does from the queue; what is told later is the sweep's.
    await raiseAlerts(batch, book, ports(30_000));
  }
  await pass(120);
  return { raised, messages };
}

/** A store that tells what is saved. */
function watched(store: StateStore, contents: MessageContents): StateStore {
  return Object.assign(Object.create(store) as StateStore, {
    save: async (...[id, value, expected, terms]: Parameters<StateStore['save']>) => {
      const isSaved = await store.save(id, value, expected, terms);
      if (isSaved && contents.watches(id)) contents.saved(id, value);
      return isSaved;
    },
  });
}

const batch = fc.record({ after: fc.nat(8), fatal: fc.nat(12), slow: fc.nat(12) });
const settings: fc.Arbitrary<AlertsConfig> = fc.constantFrom(
  {},
  { group_by: ['service'] },
  { group_by: ['rule'] },
  { group_by: ['...'] },
  { messages_per_minute: 1, group_by: ['rule', 'severity'] },
  { messages_per_minute: 1, group_by: ['service'] },
);
const answer: fc.Arbitrary<SlackAnswer> = fc.constantFrom<SlackAnswer>(
  { answer: 'ok' },
  { answer: 'failed' },
  { answer: 'throttled', retryAfter: 5000 },
);

describe('which alerts a message tells of', () => {
  it('is known of each, and as many as it counts', async () => {
    const { raised, messages } = await tell([{ after: 0, fatal: 3, slow: 20 }], { group_by: ['service'] });
    expect(messages.flatMap(({ names }) => names).sort()).toEqual([...raised].sort());
    expect(messages.some(({ counted }) => counted > 5)).toBe(true);
  });

  it('comes to all that were raised, each once, however they are grouped and whatever Slack answers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(batch, { minLength: 1, maxLength: 8 }),
        settings,
        fc.array(answer, { maxLength: 10 }),
        async (batches, config, plan) => {
          const { raised, messages } = await tell(batches, config, plan);
          for (const { names, counted } of messages) expect(names).toHaveLength(counted);
          expect(messages.flatMap(({ names }) => names).sort()).toEqual([...raised].sort());
        },
      ),
      { numRuns: 60 },
    );
  });
});
