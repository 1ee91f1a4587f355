import { sectionsOf, serviceSetting } from '../conf.js';
import { type Finding, sources } from './finding.js';
import { nameOf, outputsFor, takes } from './matching.js';
import { finding, type Rules, type Subject } from './subject.js';
import { isBelow } from './task.js';

/** What the configuration says about lines that can't be sent at once. */
export const confRules: Rules = (subject) => [
  ...reading(subject),
  ...storage(subject),
  ...multiline(subject),
  ...retries(subject),
  ...health(subject),
  ...readOnly(subject),
];

const optionsPath = ['firelensConfiguration', 'options'];
const filePath = [...optionsPath, 'config-file-value'];

/** Whether Fluent Bit has a configuration, and the check its text. */
function reading({ conf, router }: Subject): Finding[] {
  switch (conf.kind) {
    case 'seen':
      return [];
    case 'unseen':
      return [
        finding('configuration', 'advice', router, filePath, {
          problem: `What ${conf.file} says was not checked.`,
          remedy: 'Give the file with --config.',
          source: sources.buffering,
        }),
      ];
    case 'missing':
      return [
        finding('configuration', 'does not start', router, filePath, {
          problem: `AWS's image has no file ${conf.file}, and no command of the router writes $FIRESPLIT_CONF there: Fluent Bit ends at once.`,
          remedy: 'Take entryPoint, command and FIRESPLIT_CONF of what `firesplit firelens` prints.',
          source: sources.fireLensExample,
        }),
      ];
    case 'none':
      return [
        finding('configuration', 'loses lines', router, optionsPath, {
          problem:
            'The router includes no configuration, and what ECS writes keeps lines in memory only: at a pause of Firehose the input stands still, and at a stop 5 s are left to deliver them.',
          remedy: 'Take the router that `firesplit firelens` prints.',
          source: sources.agentConfig,
        }),
      ];
  }
}

/** The inputs are ECS's, which name no storage: they keep on disk what [SERVICE] has them inherit. */
function storage({ conf, router }: Subject): Finding[] {
  if (conf.kind !== 'seen') return [];
  const service = (key: string) => serviceSetting(conf.sections, key);
  const findings: Finding[] = [];
  if (service('storage.type')?.toLowerCase() !== 'filesystem' || !isOn(service('storage.inherit'))) {
    findings.push(
      finding('storage', 'loses lines', router, optionsPath, {
        problem:
          '[SERVICE] does not have both storage.type filesystem and storage.inherit on: the inputs that ECS writes keep lines in memory only.',
        remedy: 'Set storage.type filesystem, storage.inherit on and storage.path in [SERVICE].',
        source: sources.buffering,
      }),
    );
  } else if (service('storage.path') === undefined) {
    findings.push(
      finding('storage', 'does not start', router, optionsPath, {
        problem: 'The configuration has storage.type filesystem and no storage.path.',
        remedy: 'Set storage.path in [SERVICE].',
        source: sources.buffering,
      }),
    );
  }
  if (isOn(service('storage.backlog.flush_on_shutdown'))) {
    findings.push(
      finding('flush-on-shutdown', 'loses lines', router, optionsPath, {
        problem:
          'With storage.backlog.flush_on_shutdown on, Fluent Bit 5.1.1 crashed at SIGTERM whenever chunks waited (docs/no-loss.md).',
        remedy: 'Remove it.',
        source: sources.buffering,
      }),
    );
  }
  return findings;
}

function multiline({ conf, router, senders }: Subject): Finding[] {
  if (conf.kind !== 'seen') return [];
  const isAtFault = sectionsOf(conf.sections, 'FILTER').some(
    (filter) => nameOf(filter) === 'multiline' && senders.some((sender) => takes(filter, sender)),
  );
  if (!isAtFault) return [];
  return [
    finding('multiline', 'loses lines', router, optionsPath, {
      problem:
        'A filter multiline holds lines in an emitter of its own: it pauses the inputs in an outage, loses what it holds at a stop, and joins lines to records that are too large for Firehose.',
      remedy: 'Remove the filter: the transform joins split lines and stack traces.',
      source: sources.multiline,
    }),
  ];
}

function retries({ conf, router, senders }: Subject): Finding[] {
  if (conf.kind !== 'seen') return [];
  const outputs = new Set(senders.flatMap((sender) => outputsFor(conf.sections, sender)));
  return [...outputs]
    .filter(({ settings }) => !retriesForever(settings.get('retry_limit')))
    .map((output) =>
      finding('retries', 'loses lines', router, optionsPath, {
        problem: `The output ${nameOf(output)} ${givesUp(output.settings.get('retry_limit'))}.`,
        remedy: 'Set Retry_Limit no_limits, and storage.total_limit_size to bound what waits on disk.',
        source: sources.retries,
      }),
    );
}

export function retriesForever(limit: string | undefined): boolean {
  return /^(?:no_limits|false|off)$/i.test(limit ?? '');
}

export function givesUp(limit: string | undefined): string {
  if (limit === undefined) return 'has no Retry_Limit: what fails twice is discarded';
  if (limit === 'no_retries') return 'has Retry_Limit no_retries: what fails once is discarded';
  return `has Retry_Limit ${limit}: what fails more often is discarded`;
}

function health({ conf, router }: Subject): Finding[] {
  if (conf.kind !== 'seen' || !/:\d+\/api\/v1\//.test(router.healthCommand?.join(' ') ?? '')) return [];
  if (isOn(serviceSetting(conf.sections, 'http_server'))) return [];
  return [
    finding('health-check', 'does not start', router, ['healthCheck', 'command'], {
      problem:
        'The health check asks an HTTP server that the configuration does not start: the router never becomes healthy.',
      remedy: 'Set HTTP_Server On in [SERVICE].',
      source: sources.service,
    }),
  ];
}

/** Files that the router's commands write, and the folder where lines wait, need a volume when all else is read-only. */
function readOnly({ conf, router }: Subject): Finding[] {
  if (!router.isReadOnly) return [];
  const path = conf.kind === 'seen' ? serviceSetting(conf.sections, 'storage.path') : undefined;
  const commands = [...router.entryPoint, ...router.command, ...(router.healthCommand ?? [])].join(' ');
  const written = [...commands.matchAll(/>\s*["']?(\/(?!dev\/)[^\s"'&;|)]+)/g)].map(([, file = '']) => file);
  const homeless = [...(path === undefined ? [] : [path]), ...written].filter(
    (file) => !router.writableFolders.some((folder) => isBelow(file, folder)),
  );
  if (homeless.length === 0) return [];
  return [
    finding('read-only', 'does not start', router, ['readonlyRootFilesystem'], {
      problem: `The router may not write, and no volume that it may write to is mounted for ${homeless.join(', ')}.`,
      remedy: 'Mount a volume there, also for the file of the health check.',
      source: sources.containerDefinition,
    }),
  ];
}

function isOn(value: string | undefined): boolean {
  return /^(?:on|true|yes)$/i.test(value ?? '');
}
