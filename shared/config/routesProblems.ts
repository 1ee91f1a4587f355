import { maxRoutes, routeSettings } from '../alerts/routing.js';
import { severities } from '../conditions/ruleSettings.js';
import type { AlertsConfig, RouteSettings, RoutingEntry, WebhookSettings } from '../rules/language/alertsConfig.js';
import { compileGlob } from '../text/glob.js';
import { milliseconds } from '../text/statedDuration.js';
import { parseWeekTime } from '../text/weekTimes.js';
import { topicProblem } from '../webhook/topic.js';
import { unknownWord } from '../yaml/jsonSchema.js';
import type { PlacedProblem, ProblemPath } from '../yaml/source.js';
import { badHeaders, badUrl, exactlyOne } from './endpointProblems.js';
import { badLabel } from './labels.js';

/** What a JSON Schema can't say of `alerts.routes` and `alerts.routing`. */
export function badRoutes(alerts: AlertsConfig): PlacedProblem[] {
  const ofRoutes = Object.keys(alerts.routes ?? {}).flatMap((name) => {
    const settings = routeSettings(name, alerts);
    return settings ? badSettings(name, settings, alerts) : [];
  });
  return [...ofRoutes, ...badRouting(alerts)];
}

function badSettings(name: string, settings: RouteSettings, alerts: AlertsConfig): PlacedProblem[] {
  const path = ['alerts', 'routes', name];
  return [
    ...badDestination(settings, path),
    ...badFallback(name, settings, alerts),
    ...badTimes(settings.mute, [...path, 'mute']),
  ];
}

const kinds = ['webhook', 'slack_bot', 'pagerduty', 'opsgenie', 'teams', 'sns'] as const;

function badDestination(settings: RouteSettings, path: ProblemPath): PlacedProblem[] {
  const stated = kinds.filter((kind) => kind in settings);
  if (stated.length > 1) return exactlyOne(settings, kinds, path);
  const { webhook } = settings;
  const keyed = (['pagerduty', 'opsgenie', 'teams'] as const).flatMap((kind) => {
    const url = settings[kind]?.url;
    return url === undefined ? [] : badUrl(url, [...path, kind, 'url']);
  });
  return [...keyed, ...badWebhookOf(webhook, path), ...badTopic(settings.sns?.topic, [...path, 'sns', 'topic'])];
}

function badTopic(topic: string | undefined, path: ProblemPath): PlacedProblem[] {
  const problem = topic === undefined ? undefined : topicProblem(topic);
  return problem === undefined ? [] : [{ path, message: `${path.join('.')} ${problem}` }];
}

function badWebhookOf(webhook: RouteSettings['webhook'], path: ProblemPath): PlacedProblem[] {
  if (webhook === undefined) return [];
  const at = [...path, 'webhook'];
  return typeof webhook === 'string' ? badUrl(webhook, at) : badWebhook(webhook, at);
}

function badWebhook(webhook: WebhookSettings, path: ProblemPath): PlacedProblem[] {
  const { url, headers, token_parameter: token } = webhook;
  return [
    ...exactlyOne(webhook, ['url', 'url_parameter'], path),
    ...(url === undefined ? [] : badUrl(url, [...path, 'url'])),
    ...badHeaders(headers, [...path, 'headers'], token === undefined ? [] : ['authorization']),
  ];
}

/** Longer, and nobody would hear of anything for too long. */
const longestFallbackAfter = '1h';

function badFallback(name: string, settings: RouteSettings, alerts: AlertsConfig): PlacedProblem[] {
  const { fallback, fallback_after: after } = settings;
  const path = ['alerts', 'routes', name];
  if (fallback === undefined) {
    const message = `fallback_after is stated and no "fallback"; add the route that is told instead`;
    return after === undefined ? [] : [{ path: [...path, 'fallback_after'], on: 'key', message }];
  }
  const circle = circleFrom(name, alerts);
  const message = `the fallbacks go in a circle: ${circle?.join(', ')}; end them with a route that has none`;
  return [
    ...(circle ? [{ path: [...path, 'fallback'], message }] : []),
    ...(after !== undefined && milliseconds(after) > milliseconds(longestFallbackAfter)
      ? [
          {
            path: [...path, 'fallback_after'],
            message: `fallback_after is "${after}"; the longest is ${longestFallbackAfter}`,
          },
        ]
      : []),
  ];
}

/** The routes from one to the first that comes again, which it is itself. */
function circleFrom(name: string, alerts: AlertsConfig): string[] | undefined {
  const passed = [name];
  for (let route = routeSettings(name, alerts)?.fallback; route !== undefined; ) {
    passed.push(route);
    if (route === name) return passed;
    if (passed.indexOf(route) < passed.length - 1) return undefined;
    route = routeSettings(route, alerts)?.fallback;
  }
  return undefined;
}

function badRouting({ routing = [] }: AlertsConfig): PlacedProblem[] {
  const problems = routing.flatMap(({ match, during }, index) => [
    ...badMatch(match, ['alerts', 'routing', index, 'match']),
    ...badTimes(during, ['alerts', 'routing', index, 'during']),
  ]);
  const going = routing.filter((entry) => entry.continue).flatMap(({ route }) => [route].flat());
  const most = Math.max(0, ...routing.map(({ route }) => new Set([...going, ...[route].flat()]).size));
  const message = `an alert could go to ${most} routes, since entries with "continue" add up; ${maxRoutes} are the most`;
  return most > maxRoutes ? [...problems, { path: ['alerts', 'routing'], message }] : problems;
}

/** An entry that no alert can fit would leave its alerts to the entries below, and say nothing. */
function badMatch(match: RoutingEntry['match'] = {}, path: ProblemPath): PlacedProblem[] {
  return Object.entries(match).flatMap(([label, glob]): PlacedProblem[] => {
    const message = badLabel(label);
    if (message !== undefined) return [{ path: [...path, label], on: 'key', message }];
    if (label !== 'severity' || severities.some(compileGlob(glob))) return [];
    return [{ path: [...path, label], message: unknownWord('severity', glob, severities) }];
  });
}

function badTimes(stated: string | readonly string[] = [], path: ProblemPath): PlacedProblem[] {
  return [stated].flat().flatMap((text, index) => {
    const time = parseWeekTime(text);
    const at = Array.isArray(stated) ? [...path, index] : path;
    if (typeof time === 'string') return [{ path: at, message: time }];
    const message = `"${text}" is a deadline; write from when to when, for example "mon-fri 08:00-18:00 Asia/Tokyo"`;
    return 'by' in time ? [{ path: at, message }] : [];
  });
}
