import { readFile } from 'node:fs/promises';
import configSchema from '../../infra/firesplit.schema.json' with { type: 'json' };
import { severities } from '../conditions/ruleSettings.js';
import { combinations } from '../where/clause.js';
import { compileShape, unknownWord } from '../yaml/jsonSchema.js';
import { listProblems, type Problem, type ProblemPath, parseSource, type SourceFile } from '../yaml/source.js';
import type { Config } from './config.js';
import { findProblems } from './configProblems.js';

/** A configuration that can't be used: its message lists every problem as `path:line:column message`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly Problem[]) {
    super(listProblems(problems, 'the configuration'));
  }
}

/**
 * Reads infra/firesplit.yml, or another file of its kind.
 *
 * @throws ConfigError when there is anything wrong with it.
 */
export async function loadConfig(path: string): Promise<Config> {
  const { config, problems } = await parseConfig({ path, text: await readFile(path, 'utf8') });
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** Parses and validates a configuration, its inline tests included; finds all the problems, not only the first. */
export async function parseConfig(
  file: SourceFile,
): Promise<{ readonly config: Config; readonly problems: readonly Problem[] }> {
  const source = parseSource(file);
  if (source.problems) return { config: {}, problems: source.problems };
  const shape = checkShape(source.value);
  // What stands only in comments is an empty file.
  const config = shape.length === 0 ? ((source.value ?? {}) as Config) : {};
  const found = shape.length > 0 ? shape : await findProblems(config);
  return { config: found.length > 0 ? {} : config, problems: found.map(source.place).sort(byPlace) };
}

function byPlace(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column;
}

const checkShape = compileShape(configSchema, {
  name: (path) => (path.length === 0 ? undefined : nameOf(path)),
  keyNoun(path) {
    if (isWhere(path)) return 'column';
    return path.includes('where') ? 'condition' : 'key';
  },
  alsoAllowed(path) {
    if (isRoutes(path)) return ', or a name in kebab-case for a route of your own';
    return isWhere(path) ? ', fields.<path>' : '';
  },
  mistyped: (path, value) => (isRoutes(path.slice(0, -1)) ? mistypedRoute(String(path.at(-1)), value) : undefined),
  patternAdvice(path) {
    if (path.includes('headers')) return 'write it in printable ASCII, in one line of at most 1,000 characters';
    if (path[0] === 'forward') return forwardAdvice(path);
    if (path[0] === 'metrics') return metricsAdvice(path);
    if (path[0] === 'alerts') {
      const durations = ['group_wait', 'group_interval', 'info_interval', 'fallback_after'];
      if (durations.includes(String(path.at(-1)))) {
        return 'write a whole number and its unit, for example 30s or 5m';
      }
      if (path.at(-1) === 'channel') return 'write the id of a channel, for example C0123456789';
      return path.at(-1) === 'runbook_base' || path.at(-1) === 'query_url'
        ? 'write a whole http(s) link'
        : 'write it in kebab-case, for example team-payments';
    }
    if (path.at(-1) === 'name') return 'write it in kebab-case, for example health-checks';
    return path.includes('key')
      ? 'write a key or a glob of letters, digits, _, - and ., for example *_token'
      : 'write it in printable ASCII without spaces';
  },
});

function metricsAdvice(path: ProblemPath): string {
  return path.includes('services')
    ? 'write the name of one service; a glob would make as many metrics as there are services, each billed'
    : 'write it in kebab-case, as the rule has it, for example lines-lost';
}

function forwardAdvice(path: ProblemPath): string {
  switch (path.at(-1)) {
    case 'max_age':
      return 'write a whole number and its unit, for example 90m, 18h or 2d';
    case 'source':
      return 'write a word in lower case, for example nodejs';
    default:
      return path.includes('tags')
        ? 'write a value without commas and spaces, for example prod'
        : 'write it in kebab-case, for example datadog-api-key';
  }
}

/** The map `alerts.routes`. */
function isRoutes(path: ProblemPath): boolean {
  return path.length === 2 && path[0] === 'alerts' && path[1] === 'routes';
}

/** A severity has the name of a route, and a route has settings. */
function mistypedRoute(name: string, value: unknown): string | undefined {
  if (severities.some((severity) => severity === name)) {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? `the severity ${name} has the settings of a route; give them to a route of another name, such as ${name}-alerts, and write ${name}: ${name}-alerts`
      : undefined;
  }
  if (typeof value !== 'string' && !Array.isArray(value)) return undefined;
  const settings = ', or write settings for a route of this name, such as { webhook: https://example.com/hook }';
  return unknownWord('key', name, severities, settings);
}

/** A where-clause rather than the conditions on a column. */
function isWhere(path: ProblemPath): boolean {
  const start = path.indexOf('where');
  return start >= 0 && path.slice(start + 1).every((step) => typeof step === 'number' || combinations.has(step));
}

/** `redact.rules[0].name`; a part of a list by what it is. */
function nameOf(path: ProblemPath): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step + 1}]` : `.${step}`))
    .join('')
    .slice(1);
}
