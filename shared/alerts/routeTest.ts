import type { AlertsConfig } from '../rules/language/alertsConfig.js';
import type { Rule } from '../rules/language/rule.js';
import { joinKey } from '../signals/alertKey.js';
import type { Alert, AlertPorts, Post, PostResult } from './ports.js';
import { keepsIncidents } from './routing.js';

/** What the alert function is invoked with to see whether a route's messages arrive. */
export interface RouteTest {
  /** Name of the route. */
  readonly testRoute: string;
  /** Shown in the message, so that people can tell it from others. */
  readonly run?: string;
}

/** What came of it. */
export type RouteTested = PostResult & {
  readonly route: string;
  /** The route whose endpoint it went to: itself, or the one that it falls back to. */
  readonly owner: string;
};

/** Whether an event asks for the test of a route. */
export function isRouteTest(event: unknown): event is RouteTest {
  return typeof event === 'object' && event !== null && 'testRoute' in event && typeof event.testRoute === 'string';
}

/** Posts a message by way of a route, at once and beside all that decides on alerts; an incident that it opens is over with the next one. */
export async function testRoute(
  { testRoute: route, run }: RouteTest,
  { notifier, clock }: Pick<AlertPorts, 'notifier' | 'clock'>,
  config: AlertsConfig | undefined,
): Promise<RouteTested> {
  const owner = await notifier.ownerOf(route);
  const alert = testAlert(route, run, clock.now());
  const post = (told: Alert): Post => ({ kind: 'alert', route: owner, alert: told });
  const fired = await notifier.post(post(alert));
  if (fired.result !== 'sent' || !keepsIncidents(owner, config)) return { ...fired, route, owner };
  const over: Alert = { ...alert, notice: { ...alert.notice, kind: 'resolved', number: 2, told: 1, count: 0 } };
  return { ...(await notifier.post(post(over))), route, owner };
}

function testAlert(route: string, run: string | undefined, now: number): Alert {
  const message = `test of route ${route}${run === undefined ? '' : `, ${run}`}`;
  return {
    rule: rule.name,
    key: joinKey([route]),
    settings: { ...rule, route },
    notice: {
      ...{
        kind: 'firing',
        number: 1,
        labels: { route },
        count: 1,
        suppressed: 0,
        first: now,
        last: now,
        measured: { type: 'match' },
      },
      samples: [{ ts: now, service: 'firesplit', message }],
    },
  };
}

/** No rule of a file is called this: their names hold no colon. */
const rule: Rule = {
  name: 'firesplit:test',
  type: 'match',
  // No query: there are no lines.
  on: [],
  where: {},
  by: ['route'],
  severity: 'info',
  title: 'Test of route {route}',
  text: 'Somebody asked whether its messages arrive. Nothing is wrong.',
  cooldown: 0,
  maxCooldown: 0,
  unlessFiring: [],
  mute: [],
  mode: 'live',
  lateness: 0,
};
