import { type ConfSection, serviceSetting, variablesOf } from '../conf.js';
import { type AwsImage, awsImage, type Version } from './awsImage.js';
import { type Finding, sources } from './finding.js';
import { initVariable } from './routerConf.js';
import { finding, type Rules, type Subject } from './subject.js';

/** What only newer images know: Fluent Bit ends at an unknown key of an output, and passes over one of [SERVICE]. */
const sinceVersion: readonly {
  readonly what: string;
  readonly since: Version;
  readonly effect: 'does not start' | 'loses lines';
  readonly isUsed: (conf: readonly ConfSection[]) => boolean;
}[] = [
  {
    what: 'simple_aggregation',
    since: [3, 2, 0],
    effect: 'does not start',
    isUsed: (conf) => has(conf, 'OUTPUT', 'simple_aggregation'),
  },
  {
    what: 'compression snappy',
    since: [3, 4, 0],
    effect: 'does not start',
    isUsed: (conf) => has(conf, 'OUTPUT', 'compression', /^snappy$/i),
  },
  { what: 'port', since: [3, 0, 0], effect: 'does not start', isUsed: (conf) => has(conf, 'OUTPUT', 'port') },
  {
    what: 'storage.inherit',
    since: [3, 0, 0],
    effect: 'loses lines',
    isUsed: (conf) => has(conf, 'SERVICE', 'storage.inherit'),
  },
  {
    what: 'mode partial_message',
    since: [2, 24, 0],
    effect: 'does not start',
    isUsed: (conf) => has(conf, 'FILTER', 'mode', /^partial_message$/),
  },
  {
    what: 'multiline.parser',
    since: [2, 22, 0],
    effect: 'does not start',
    isUsed: (conf) => has(conf, 'FILTER', 'multiline.parser'),
  },
];

/** Whether the image can do what the definition and the configuration ask of it. */
export const imageRules: Rules = (subject) => {
  const image = awsImage(subject.router.image);
  return image === undefined
    ? variables(subject)
    : [
        ...tag(subject, image),
        ...age(subject, image),
        ...health(subject, image),
        ...init(subject, image),
        ...variables(subject),
      ];
};

function tag({ router, shipped }: Subject, image: AwsImage): Finding[] {
  if (image.version !== undefined) return [];
  return [
    finding('image', 'advice', router, ['image'], {
      problem: `The tag ${image.tag} is another image tomorrow: what it can do can't be said.`,
      remedy: `Pin a version, such as ${shipped.repository}:${image.isInit ? 'init-' : ''}${shipped.version}.`,
      source: sources.releases,
    }),
  ];
}

function age({ router, conf, senders, shipped }: Subject, { version, isInit }: AwsImage): Finding[] {
  if (version === undefined) return [];
  const inOptions = senders.map(({ logOptions }) => ({
    kind: 'OUTPUT',
    settings: new Map([...logOptions].map(([key, value]) => [key.toLowerCase(), value] as const)),
  }));
  const sections = [...(conf.kind === 'seen' ? conf.sections : []), ...inOptions];
  return sinceVersion
    .filter(({ since, isUsed }) => isOlder(version, since) && isUsed(sections))
    .map(({ what, since, effect }) =>
      finding('image-age', effect, router, ['image'], {
        problem: `aws-for-fluent-bit ${version.join('.')} does not know ${what}, which came with ${since.join('.')}: ${effect === 'does not start' ? 'Fluent Bit ends at once with "unknown configuration property"' : 'lines wait in memory only'}.`,
        remedy: `Take ${shipped.repository}:${isInit ? 'init-' : ''}${shipped.version}.`,
        source: sources.releases,
      }),
    );
}

function health({ router }: Subject, { version }: AwsImage): Finding[] {
  const command = router.healthCommand?.join(' ') ?? '';
  const lacks =
    version === undefined
      ? undefined
      : /\bnc\b/.test(command) && !isOlder(version, [3, 0, 0])
        ? 'nc, which only images 2.x have'
        : /\bcurl\b/.test(command) && isOlder(version, [3, 0, 1])
          ? 'curl, which images have since 3.0.1'
          : undefined;
  if (lacks === undefined) return [];
  return [
    finding('health-check', 'does not start', router, ['healthCheck', 'command'], {
      problem: `The health check needs ${lacks}: the router never becomes healthy.`,
      remedy: 'Take the healthCheck that `firesplit firelens` prints, with an image of version 3.0.1 or later.',
      source: sources.curlInImage,
    }),
  ];
}

function init({ router, shipped }: Subject, { isInit }: AwsImage): Finding[] {
  const files = [...router.environment.keys()].filter((name) => initVariable.test(name));
  if (isInit || files.length === 0) return [];
  return [
    finding('init-image', 'loses lines', router, ['image'], {
      problem: `Only the init image reads ${files[0]}: this one starts without that configuration.`,
      remedy: `Take ${shipped.repository}:init-${shipped.version}.`,
      source: sources.initProcess,
    }),
  ];
}

/** ECS sets AWS_REGION on Fargate, and the init image sets it everywhere. */
function variables({ router, conf, task }: Subject): Finding[] {
  if (conf.kind !== 'seen') return [];
  const given = new Set([
    ...router.environment.keys(),
    ...(task.isFargate ? ['AWS_REGION', 'AWS_DEFAULT_REGION'] : []),
  ]);
  return variablesOf(conf.text)
    .filter((name) => !given.has(name) && !(awsImage(router.image)?.isInit && /^(?:AWS_|ECS_)/.test(name)))
    .map((name) =>
      finding('variable', 'loses lines', router, ['environment'], {
        problem: `The configuration takes \${${name}} from the environment, where it is not.`,
        remedy: `Add { "name": "${name}", "value": … }.`,
        source: sources.service,
      }),
    );
}

function has(conf: readonly ConfSection[], kind: string, key: string, value = /./): boolean {
  if (kind === 'SERVICE') return value.test(serviceSetting(conf, key) ?? '');
  return conf.some((section) => section.kind === kind && value.test(section.settings.get(key) ?? ''));
}

function isOlder(a: Version, b: Version): boolean {
  const at = a.findIndex((part, index) => part !== b[index]);
  return at >= 0 && Number(a[at]) < Number(b[at]);
}
