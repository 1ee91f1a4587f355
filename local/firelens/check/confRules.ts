import { sectionsOf, serviceSetting } from '../conf.js';
import { type Finding, sources } from './finding.js';
import { finding, type Rules, type Subject } from './subject.js';

/** What the configuration says about lines that can't be sent at once. */
export const confRules: Rules = (subject) => {
  const { conf, router } = subject;
  const at = ['firelensConfiguration', 'options', 'config-file-value'];
  if (conf.kind === 'unseen') {
    return [
      finding('configuration', 'advice', router, at, {
        problem: `What ${conf.file} says was not checked.`,
        remedy: 'Give the file with --config.',
        source: sources.buffering,
      }),
    ];
  }
  if (conf.kind === 'none') {
    return [
      finding('configuration', 'loses lines', router, ['firelensConfiguration', 'options'], {
        problem:
          'The router has no configuration of its own, and what ECS writes keeps lines in memory only: at a pause of Firehose the input stands still, and at a stop 5 s are left to deliver them.',
        remedy: 'Take the router that `firesplit firelens` prints.',
        source: sources.agentConfig,
      }),
    ];
  }
  return [...storage(subject), ...retries(subject), ...health(subject)];
};

function storage({ conf, router }: Subject): Finding[] {
  if (conf.kind !== 'seen') return [];
  const types = conf.sections.flatMap(({ settings }) =>
    [...settings].filter(([key]) => key.endsWith('storage.type')).map(([, type]) => type.toLowerCase()),
  );
  const path = serviceSetting(conf.sections, 'storage.path');
  if (!types.includes('filesystem')) {
    return [
      finding('storage', 'loses lines', router, ['firelensConfiguration', 'options'], {
        problem: 'Nothing in the configuration has storage.type filesystem: lines wait in memory only.',
        remedy: 'Set storage.type filesystem, storage.inherit on and storage.path in [SERVICE].',
        source: sources.buffering,
      }),
    ];
  }
  if (path === undefined) {
    return [
      finding('storage', 'does not start', router, ['firelensConfiguration', 'options'], {
        problem: 'The configuration has storage.type filesystem and no storage.path.',
        remedy: 'Set storage.path in [SERVICE].',
        source: sources.buffering,
      }),
    ];
  }
  if (router.isReadOnly && !router.mountedFolders.some((folder) => isBelow(path, folder))) {
    return [
      finding('storage', 'does not start', router, ['readonlyRootFilesystem'], {
        problem: `The router may not write, and no volume is mounted at ${path}, where lines wait for Firehose.`,
        remedy: `Mount a volume at ${path}.`,
        source: sources.buffering,
      }),
    ];
  }
  return [];
}

function retries({ conf, router }: Subject): Finding[] {
  if (conf.kind !== 'seen') return [];
  return sectionsOf(conf.sections, 'OUTPUT')
    .filter(({ settings }) => settings.get('name') !== 'null' && !retriesForever(settings.get('retry_limit')))
    .map(({ settings }) =>
      finding('retries', 'loses lines', router, ['firelensConfiguration', 'options'], {
        problem: `The output ${settings.get('name') ?? ''} ${givesUp(settings.get('retry_limit'))}.`,
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
  if (/^(?:on|true|yes)$/i.test(serviceSetting(conf.sections, 'http_server') ?? '')) return [];
  return [
    finding('health-check', 'does not start', router, ['healthCheck', 'command'], {
      problem:
        'The health check asks an HTTP server that the configuration does not start: the router never becomes healthy.',
      remedy: 'Set HTTP_Server On in [SERVICE].',
      source: sources.service,
    }),
  ];
}

function isBelow(path: string, folder: string): boolean {
  const ended = (text: string) => (text.endsWith('/') ? text : `${text}/`);
  return ended(path).startsWith(ended(folder));
}
