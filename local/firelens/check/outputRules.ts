import { nearestWord } from '../../../shared/yaml/nearest.js';
import type { ConfSection } from '../conf.js';
import { givesUp, retriesForever } from './confRules.js';
import { type Finding, sources } from './finding.js';
import { outputsFor } from './matching.js';
import { finding, type Rules, type Subject } from './subject.js';
import type { Container } from './task.js';

/** What ECS takes out of the options of awsfirelens; the rest are keys of the output. */
const driverOptions = ['Name', 'log-driver-buffer-limit', 'include-pattern', 'exclude-pattern'];

/** Keys that every output takes. */
const commonKeys = [
  'alias',
  'match',
  'match_regex',
  'retry_limit',
  'workers',
  'host',
  'port',
  'ipv6',
  'tls',
  'log_level',
  'log_suppress_interval',
  'storage.total_limit_size',
];
const keysOf: Readonly<Record<string, readonly string[]>> = {
  null: ['format'],
  kinesis_firehose: [
    'region',
    'delivery_stream',
    'time_key',
    'time_key_format',
    'role_arn',
    'external_id',
    'endpoint',
    'sts_endpoint',
    'log_key',
    'compression',
    'auto_retry_requests',
    'profile',
    'simple_aggregation',
  ],
};

/** Each line goes to one output, which the options or the configuration name. */
export const outputRules: Rules = (subject) =>
  subject.senders
    .filter((sender) => sender !== subject.router)
    .flatMap((sender) => [...destination(subject, sender), ...options(sender)]);

const at = ['logConfiguration', 'options'];

function destination({ conf, router }: Subject, sender: Container): Finding[] {
  const name = sender.logOptions.get('Name');
  const named = name !== undefined && name.toLowerCase() !== 'null';
  const inConf = conf.kind === 'seen' ? outputsFor(conf.sections, sender) : [];
  if (named && inConf.length > 0) {
    return [
      finding('two-outputs', 'doubles lines', sender, [...at, 'Name'], {
        problem: `Lines of ${sender.name} go to ${name} by these options and to ${inConf[0]?.settings.get('name')} by the configuration: each is sent twice.`,
        remedy: 'Set "Name": "null" and remove the other options of the output.',
        source: sources.doubled,
      }),
    ];
  }
  if (named && conf.kind === 'unseen') {
    return [
      finding('two-outputs', 'advice', sender, [...at, 'Name'], {
        problem: `Lines of ${sender.name} go to ${name} by these options; if ${conf.file} has an output for them as well, each is sent twice.`,
        remedy: 'Keep one of the two, or give the file with --config.',
        source: sources.doubled,
      }),
    ];
  }
  if (inConf.length > 1 && sameDestination(inConf)) {
    return [
      finding('two-outputs', 'doubles lines', router, ['firelensConfiguration', 'options'], {
        problem: `The configuration has ${inConf.length} outputs to the same stream that lines of ${sender.name} match.`,
        remedy: 'Keep one of them.',
        source: sources.doubled,
      }),
    ];
  }
  if (!named && inConf.length === 0 && (conf.kind === 'none' || conf.kind === 'seen')) {
    return [
      finding('no-output', 'loses lines', sender, [...at, 'Name'], {
        problem: `No output takes the lines of ${sender.name}: Fluent Bit discards them.`,
        remedy: 'Give the router the configuration that `firesplit firelens` prints.',
        source: sources.agentConfig,
      }),
    ];
  }
  return [];
}

function sameDestination(outputs: readonly ConfSection[]): boolean {
  const streams = outputs.map(({ settings }) => `${settings.get('name')} ${settings.get('delivery_stream')}`);
  return new Set(streams).size < streams.length;
}

function options(sender: Container): Finding[] {
  const name = sender.logOptions.get('Name');
  const keys = [...sender.logOptions.keys()].filter((key) => !driverOptions.includes(key));
  const findings: Finding[] = [];
  if (name === undefined && keys.length > 0) {
    findings.push(
      finding('log-option', 'does not start', sender, [...at, keys[0] ?? ''], {
        problem: `"${keys[0]}" belongs to an output, and no "Name" says to which.`,
        remedy: keys.includes('name') ? 'Write "Name" with a capital.' : 'Set "Name", or remove it.',
        source: sources.agentConfig,
      }),
    );
    return findings;
  }
  findings.push(...unknownKeys(sender, name ?? '', keys));
  for (const key of ['include-pattern', 'exclude-pattern']) {
    if (!sender.logOptions.has(key)) continue;
    findings.push(
      finding('pattern', 'advice', sender, [...at, key], {
        problem: `${key} leaves lines out before they are stored, also the following lines of a stack trace.`,
        remedy: 'Leave lines out in infra/firesplit.yml instead, where each entry is seen whole.',
        source: sources.fireLensExample,
      }),
    );
  }
  if (name === undefined || name.toLowerCase() === 'null') return findings;
  const limit = [...sender.logOptions].find(([key]) => key.toLowerCase() === 'retry_limit')?.[1];
  if (!retriesForever(limit)) {
    findings.push(
      finding('retries', 'loses lines', sender, [...at, 'Retry_Limit'], {
        problem: `The output ${name} ${givesUp(limit)}.`,
        remedy: 'Set "Retry_Limit": "no_limits".',
        source: sources.retries,
      }),
    );
  }
  const lower = new Set(keys.map((key) => key.toLowerCase()));
  for (const key of name === 'kinesis_firehose' ? ['region', 'delivery_stream'] : []) {
    if (lower.has(key)) continue;
    findings.push(
      finding('log-option', 'does not start', sender, [...at, key], {
        problem: `The output kinesis_firehose has no ${key}.`,
        remedy: `Set "${key}".`,
        source: sources.firehoseOutput,
      }),
    );
  }
  return findings;
}

function unknownKeys(sender: Container, name: string, keys: readonly string[]): Finding[] {
  const own = Object.hasOwn(keysOf, name.toLowerCase()) ? keysOf[name.toLowerCase()] : undefined;
  // What other outputs take is theirs to say.
  if (own === undefined) return [];
  const known = [...own, ...commonKeys];
  return keys
    .filter((key) => !known.includes(key.toLowerCase()) && !/^(?:net|tls)\./i.test(key))
    .map((key) => {
      const nearest = nearestWord(key, [...known, ...driverOptions]);
      return finding('log-option', 'does not start', sender, [...at, key], {
        problem: `The output ${name} has no option "${key}": Fluent Bit ends at once with "unknown configuration property".`,
        remedy: nearest
          ? `Did you mean "${nearest}"?`
          : 'Remove it. Options of the log driver other than log-driver-buffer-limit can not be set.',
        source: name === 'null' ? sources.agentConfig : sources.firehoseOutput,
      });
    });
}
