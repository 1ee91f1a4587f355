import type { Config } from '../../../shared/config/config.js';
import type { AlertsConfig } from '../../../shared/rules/language/alertsConfig.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { counted } from '../../../shared/text/wording.js';
import { nearestWord } from '../../../shared/yaml/nearest.js';
import type { Examination, Finding } from '../finding.js';
import { secretsOf, usedRoutes } from './secrets.js';

/** A stage, and the files that name its routes. */
interface Place {
  readonly stage: string;
  /** Path of the configuration. */
  readonly config: string;
  /** Folder of rule files. */
  readonly rules: string;
}

/** A route that somebody named, and where. */
interface Named {
  readonly place: string;
  readonly route: string;
}

/** Routes that look like another one, mistyped, and the secrets that the routes of a stage need. */
export function examineRoutes(config: Config, rules: readonly Rule[], place: Place): Examination {
  const { alerts } = config;
  const set = ['default', ...Object.keys(alerts?.routes ?? {}).filter((name) => settingsOf(name, alerts))];
  const named = namedByConfig(alerts, place.config);
  const ofRules = rules.flatMap(({ name, route }) =>
    [route ?? []].flat().map((each) => ({ place: `${place.rules} ${name}.route`, route: each })),
  );
  // A rule may name what the configuration sends to as well; that itself is known by its settings alone.
  const findings = [
    ...mistyped(ofRules, [...set, ...Object.keys(alerts?.routes ?? {}), ...named.map(({ route }) => route)], place),
    ...mistyped(named, set, place),
  ];
  const names = secretsOf(config, rules, place.stage).map(({ name }) => name);
  const about = `${counted(usedRoutes(alerts, rules).length, 'route')}; SSM has to have ${names.join(', ')} (--aws looks)`;
  return { name: 'routes', about, findings };
}

function mistyped(named: readonly Named[], known: readonly string[], { stage, config }: Place): Finding[] {
  return named.flatMap(({ place, route }): Finding[] => {
    const nearest = known.includes(route) ? undefined : nearestWord(route, known);
    if (nearest === undefined) return [];
    const problem = `${config} knows no route ${route}, and its alerts go to the webhook /firesplit/${stage}/slack/${route}, else to that of default`;
    return [{ result: 'warn', place, problem, remedy: `did you mean ${nearest}?`, source: 'docs/routes.md' }];
  });
}

/** Where the configuration itself sends something to: severities, the routing table, fallbacks, operations, the weekly bill. */
function namedByConfig(alerts: AlertsConfig | undefined, file: string): Named[] {
  const named = (key: string, stated: string | readonly string[] | undefined) =>
    [stated ?? []].flat().map((route) => ({ place: `${file} alerts.${key}`, route }));
  return [
    ...Object.entries(alerts?.routes ?? {}).flatMap(([name, value]) =>
      typeof value === 'string' || isList(value)
        ? named(`routes.${name}`, value)
        : named(`routes.${name}.fallback`, value.fallback),
    ),
    ...(alerts?.routing ?? []).flatMap(({ route }, index) => named(`routing[${index + 1}].route`, route)),
    ...named('operations_route', alerts?.operations_route),
    ...named('weekly_cost_route', alerts?.weekly_cost_route),
  ];
}

function settingsOf(name: string, alerts: AlertsConfig | undefined): boolean {
  const value = alerts?.routes?.[name];
  return value !== undefined && typeof value !== 'string' && !isList(value);
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}
