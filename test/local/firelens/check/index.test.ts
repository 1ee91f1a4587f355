import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { effects } from '../../../../local/firelens/check/finding.js';
import { checkTaskDefinition } from '../../../../local/firelens/check/index.js';
import { taskPolicy } from '../../../../local/firelens/policy.js';
import { defaultOptions } from '../../../../local/firelens/routerOptions.js';
import { shippedRouter } from '../../../../local/firelens/shippedRouter.js';
import { taskDefinition } from '../../../../local/firelens/taskDefinition.js';

const shipped = shippedRouter();
const stock = shipped.repository;
/** A definition as teams have it, for tests to break. */
interface Definition extends Record<string, unknown> {
  containerDefinitions: [Container, Container, ...Container[]];
}
interface Container extends Record<string, unknown> {
  environment: { name: string; value?: string }[];
  logConfiguration: { logDriver: string; options: Record<string, string> };
  firelensConfiguration: { type: string; options: Record<string, string> };
  healthCheck: { command: string[] };
  dependsOn: { containerName: string; condition: string }[];
}
const printed = (image = defaultOptions.image): Definition =>
  JSON.parse(JSON.stringify(taskDefinition({ ...defaultOptions, image }, shipped).definition));

let definition: Definition;
let router: Container;
let web: Container;
beforeEach(() => {
  definition = printed();
  [router, web] = definition.containerDefinitions;
});

function check(json: unknown = definition, more: { conf?: string; policy?: unknown } = {}): string[] {
  const findings = checkTaskDefinition(json, { shipped, lineBytes: 1024, ...more });
  for (const finding of findings) {
    expect(effects).toContain(finding.effect);
    expect(finding.problem).toMatch(/[.:]$/);
    expect(finding.remedy).toMatch(/\S/);
    expect(finding.source).toMatch(/^https:\/\//);
  }
  return findings.map(({ effect, path, rule }) => `${effect}: ${path || '.'} ${rule}`);
}

const optionsOf = (at: number) => `containerDefinitions[${at}].logConfiguration.options`;
const fireLensOptions = 'containerDefinitions[0].firelensConfiguration.options';

/** What breaks a definition, and what the check says of it: all of it, and nothing else. */
const broken: readonly (readonly [what: string, how: () => void, ...findings: string[]])[] = [
  [
    'a driver buffer given in bytes',
    () => (web.logConfiguration.options['log-driver-buffer-limit'] = '16777216'),
    `loses lines: ${optionsOf(1)}["log-driver-buffer-limit"] driver-buffer`,
  ],
  [
    'the default driver buffer in a small task',
    () => delete web.logConfiguration.options['log-driver-buffer-limit'],
    `loses lines: ${optionsOf(1)}["log-driver-buffer-limit"] driver-buffer`,
  ],
  [
    'a driver buffer with a unit',
    () => (web.logConfiguration.options['log-driver-buffer-limit'] = '16m'),
    `does not start: ${optionsOf(1)}["log-driver-buffer-limit"] driver-buffer`,
  ],
  [
    'a driver buffer at the bound',
    () => (web.logConfiguration.options['log-driver-buffer-limit'] = '536870912'),
    `does not start: ${optionsOf(1)}["log-driver-buffer-limit"] driver-buffer`,
  ],
  [
    'a router that is not essential',
    () => (router.essential = false),
    'loses lines: containerDefinitions[0].essential essential',
  ],
  ['no order', () => (web.dependsOn = []), 'loses lines: containerDefinitions[1].dependsOn order'],
  [
    'START only',
    () => (web.dependsOn = [{ containerName: 'log_router', condition: 'START' }]),
    'loses lines: containerDefinitions[1].dependsOn[0] order',
  ],
  [
    'a wait for the end of the router',
    () => (web.dependsOn = [{ containerName: 'log_router', condition: 'SUCCESS' }]),
    'does not start: containerDefinitions[1].dependsOn[0].condition order',
  ],
  [
    'HEALTHY of a router without a health check',
    () => delete (router as Partial<Container>).healthCheck,
    'does not start: containerDefinitions[1].dependsOn[0].condition order',
  ],
  [
    'a router that waits for another container, and a service that waits for the router',
    () => (router.dependsOn = [{ containerName: 'migrations', condition: 'SUCCESS' }]),
  ],
  [
    'a router that waits for another container, and is neither started before the service nor stopped after it',
    () => {
      router.dependsOn = [{ containerName: 'migrations', condition: 'SUCCESS' }];
      web.dependsOn = [];
      web.stopTimeout = 120;
    },
    'loses lines: containerDefinitions[0].dependsOn order',
    'loses lines: containerDefinitions[1].dependsOn order',
    'loses lines: containerDefinitions[0].stopTimeout stop-timeout',
  ],
  [
    'the default stopTimeout',
    () => delete router.stopTimeout,
    'loses lines: containerDefinitions[0].stopTimeout stop-timeout',
  ],
  [
    'a short stopTimeout',
    () => (router.stopTimeout = 20),
    'loses lines: containerDefinitions[0].stopTimeout stop-timeout',
  ],
  [
    'a long stopTimeout',
    () => (router.stopTimeout = 300),
    'does not start: containerDefinitions[0].stopTimeout stop-timeout',
  ],
  [
    'a service that leaves the router no time on Spot',
    () => (web.stopTimeout = 120),
    'advice: containerDefinitions[0].stopTimeout stop-timeout',
  ],
  ['too little memory', () => (router.memory = 64), 'loses lines: containerDefinitions[0].memory router-memory'],
  [
    'too little memory set aside',
    () => (router.memoryReservation = 50),
    'advice: containerDefinitions[0].memoryReservation router-memory',
  ],
  [
    'no memory set aside',
    () => delete router.memoryReservation,
    'advice: containerDefinitions[0].memoryReservation router-memory',
  ],
  [
    "no log of the router's own",
    () => delete (router as Partial<Container>).logConfiguration,
    'advice: containerDefinitions[0].logConfiguration own-log',
  ],
  [
    'a router that logs through itself',
    () => (router.logConfiguration.logDriver = 'awsfirelens'),
    'loses lines: containerDefinitions[0].logConfiguration.logDriver own-log',
    'loses lines: containerDefinitions[0].logConfiguration.options["log-driver-buffer-limit"] driver-buffer',
  ],
  [
    'a log group that is to be created',
    () => (router.logConfiguration.options['awslogs-create-group'] = 'true'),
    `advice: ${optionsOf(0)}["awslogs-create-group"] log-group`,
  ],
  [
    'no log group',
    () => delete router.logConfiguration.options['awslogs-group'],
    `does not start: ${optionsOf(0)}["awslogs-group"] own-log`,
  ],
  [
    'a log that blocks',
    () => (router.logConfiguration.options.mode = 'blocking'),
    `loses lines: ${optionsOf(0)}.mode own-log`,
  ],
  [
    'two outputs',
    () => {
      const { options } = web.logConfiguration;
      Object.assign(options, {
        Name: 'kinesis_firehose',
        region: 'us-east-1',
        delivery_stream: 'logs',
        Retry_Limit: 'no_limits',
      });
    },
    `doubles lines: ${optionsOf(1)}.Name two-outputs`,
  ],
  [
    'an output that gives up',
    () => {
      const { options } = web.logConfiguration;
      Object.assign(options, { Name: 'kinesis_firehose', region: 'us-east-1', delivery_stream: 'logs' });
    },
    `loses lines: ${optionsOf(1)}.Retry_Limit retries`,
    `doubles lines: ${optionsOf(1)}.Name two-outputs`,
  ],
  [
    'an option of the Docker driver',
    () => (web.logConfiguration.options['fluentd-buffer-limit'] = '8192'),
    `does not start: ${optionsOf(1)}["fluentd-buffer-limit"] log-option`,
  ],
  [
    'options of no output',
    () => {
      delete web.logConfiguration.options.Name;
      web.logConfiguration.options.region = 'us-east-1';
    },
    `does not start: ${optionsOf(1)}.region log-option`,
  ],
  [
    'a pattern',
    () => (web.logConfiguration.options['exclude-pattern'] = 'GET /health'),
    `advice: ${optionsOf(1)}["exclude-pattern"] pattern`,
  ],
  [
    'an image too old',
    () => (router.image = `${stock}:3.1.1`),
    'does not start: containerDefinitions[0].image image-age',
  ],
  ['a tag that moves', () => (router.image = `${stock}:stable`), 'advice: containerDefinitions[0].image image'],
  [
    'a health check with nc',
    () => (router.healthCheck.command = ['CMD-SHELL', 'echo 1 | nc 127.0.0.1 8877 || exit 1']),
    'does not start: containerDefinitions[0].healthCheck.command health-check',
  ],
  [
    'files for the init image in another one',
    () => router.environment.push({ name: 'aws_fluent_bit_init_s3_1', value: 'arn:aws:s3:::b/a.conf' }),
    'loses lines: containerDefinitions[0].image init-image',
  ],
  [
    'a variable that is missing',
    () => (router.environment = router.environment.filter(({ name }) => name !== 'FIRESPLIT_STREAM')),
    'loses lines: containerDefinitions[0].environment variable',
  ],
  [
    'metadata turned off',
    () => (router.firelensConfiguration.options['enable-ecs-log-metadata'] = 'yes'),
    `advice: ${fireLensOptions}["enable-ecs-log-metadata"] metadata`,
  ],
  [
    'a misspelt option of FireLens',
    () => (router.firelensConfiguration.options['enable-ecs-log-metadta'] = 'true'),
    `advice: ${fireLensOptions}["enable-ecs-log-metadta"] firelens-option`,
  ],
  [
    'a configuration in S3 on Fargate',
    () => (router.firelensConfiguration.options['config-file-type'] = 's3'),
    `does not start: ${fireLensOptions}["config-file-type"] config-file`,
  ],
  [
    'half of a configuration file',
    () => delete router.firelensConfiguration.options['config-file-type'],
    `does not start: ${fireLensOptions}["config-file-type"] config-file`,
  ],
  [
    "ECS's own file",
    () => (router.firelensConfiguration.options['config-file-value'] = '/fluent-bit/etc/fluent-bit.conf'),
    `does not start: ${fireLensOptions}["config-file-value"] config-file`,
    `advice: ${fireLensOptions}["config-file-value"] configuration`,
  ],
  [
    'the variable of the configuration, which no command writes',
    () => {
      delete (router as Partial<Container>).entryPoint;
      delete (router as Partial<Container>).command;
    },
    `does not start: ${fireLensOptions}["config-file-value"] configuration`,
  ],
  [
    'the variable of the configuration, which the command writes elsewhere',
    () => (router.firelensConfiguration.options['config-file-value'] = '/etc/extra.conf'),
    `does not start: ${fireLensOptions}["config-file-value"] configuration`,
  ],
  [
    'the file of the configuration, which nothing brings',
    () => Object.assign(router, { environment: withoutConf(router), entryPoint: [], command: [] }),
    `does not start: ${fireLensOptions}["config-file-value"] configuration`,
  ],
  [
    'the variable of the configuration, which ECS does not include',
    () => (router.firelensConfiguration.options = {}),
    `loses lines: ${fireLensOptions} configuration`,
    `loses lines: ${optionsOf(1)}.Name no-output`,
  ],
  [
    'a configuration on a volume',
    () => {
      Object.assign(router, { environment: withoutConf(router), entryPoint: [], command: [] });
      (router.mountPoints as object[]).push({ sourceVolume: 'efs', containerPath: '/firesplit', readOnly: true });
    },
    `advice: ${fireLensOptions}["config-file-value"] configuration`,
  ],
  [
    'Fluentd',
    () => (router.firelensConfiguration.type = 'fluentd'),
    'does not start: containerDefinitions[0].firelensConfiguration.type firelens-type',
  ],
  ['another user', () => (router.user = '1000:1000'), 'does not start: containerDefinitions[0].user user'],
  [
    'an open port',
    () => (router.portMappings = [{ containerPort: 24224 }]),
    'advice: containerDefinitions[0].portMappings port',
  ],
  ['no restart', () => delete router.restartPolicy, 'advice: containerDefinitions[0].restartPolicy restart-policy'],
  [
    'nowhere to write',
    () => Object.assign(router, { readonlyRootFilesystem: true, mountPoints: [] }),
    'does not start: containerDefinitions[0].readonlyRootFilesystem read-only',
  ],
  [
    'a place for lines, and none for the configuration and the health check',
    () => (router.readonlyRootFilesystem = true),
    'does not start: containerDefinitions[0].readonlyRootFilesystem read-only',
  ],
  ['a place for all that is written', () => readOnlyWith('/var/log/firesplit', '/firesplit', '/tmp')],
  [
    'no place for the health check',
    () => readOnlyWith('/var/log/firesplit', '/firesplit'),
    'does not start: containerDefinitions[0].readonlyRootFilesystem read-only',
  ],
  [
    'a place for the health check that may not be written to',
    () => {
      readOnlyWith('/var/log/firesplit', '/firesplit', '/tmp');
      Object.assign((router.mountPoints as object[])[2] ?? {}, { readOnly: true });
    },
    'does not start: containerDefinitions[0].readonlyRootFilesystem read-only',
  ],
  ['a second service with as much memory', () => addService(224, 0), 'does not start: memory task-memory'],
  [
    'a second service with as large a buffer',
    () => {
      web.memory = 112;
      addService(112, 65_537);
    },
    `loses lines: ${optionsOf(2)}["log-driver-buffer-limit"] driver-buffer`,
  ],
  [
    'a second service, memory and buffer shared',
    () => {
      web.memory = 112;
      web.logConfiguration.options['log-driver-buffer-limit'] = '32768';
      addService(112, 32_768);
    },
  ],
  ['a size that Fargate does not have', () => (definition.memory = '768'), 'does not start: memory fargate-size'],
  ['no size', () => delete definition.cpu, 'does not start: cpu fargate-size'],
  ['another network mode', () => (definition.networkMode = 'bridge'), 'does not start: networkMode network-mode'],
  [
    'network mode bridge on EC2',
    () => Object.assign(definition, { networkMode: 'bridge', requiresCompatibilities: ['EC2'] }),
    'advice: networkMode network-mode',
  ],
  [
    'no network',
    () => Object.assign(definition, { networkMode: 'none', requiresCompatibilities: ['EC2'] }),
    'loses lines: networkMode network-mode',
  ],
  ['no task role', () => delete definition.taskRoleArn, 'loses lines: taskRoleArn task-role'],
  ['no execution role', () => delete definition.executionRoleArn, 'does not start: executionRoleArn execution-role'],
  [
    'a sidecar that logs nowhere',
    () => (definition.containerDefinitions as object[]).push({ name: 'proxy', image: 'envoy' }),
    'loses lines: containerDefinitions[2].logConfiguration other-way',
  ],
  [
    'a sidecar that logs to CloudWatch',
    () =>
      (definition.containerDefinitions as object[]).push({ name: 'proxy', logConfiguration: { logDriver: 'awslogs' } }),
    'advice: containerDefinitions[2].logConfiguration other-way',
  ],
  [
    'a second router',
    () => (definition.containerDefinitions as object[]).push({ ...router, name: 'other' }),
    'does not start: containerDefinitions[2].firelensConfiguration router',
    'does not start: memory task-memory',
    'advice: containerDefinitions[2].logConfiguration other-way',
  ],
  [
    'no router',
    () => (definition.containerDefinitions as object[]).shift(),
    'does not start: containerDefinitions[0].logConfiguration.logDriver router',
  ],
  [
    'no FireLens at all',
    () => Object.assign(definition, { containerDefinitions: [{ name: 'web', image: 'nginx' }] }),
    'loses lines: containerDefinitions router',
  ],
  [
    'a router without a configuration',
    () => {
      router.firelensConfiguration.options = {};
      router.environment = [];
    },
    'loses lines: containerDefinitions[0].firelensConfiguration.options configuration',
    `loses lines: ${optionsOf(1)}.Name no-output`,
  ],
];

function withoutConf({ environment }: Container) {
  return environment.filter(({ name }) => name !== 'FIRESPLIT_CONF');
}

function readOnlyWith(...folders: string[]): void {
  router.readonlyRootFilesystem = true;
  router.mountPoints = folders.map((containerPath) => ({ sourceVolume: 'volume', containerPath }));
}

function addService(memory: number, lines: number): void {
  const options = { ...web.logConfiguration.options, 'log-driver-buffer-limit': String(lines) };
  const logConfiguration = { ...web.logConfiguration, options };
  definition.containerDefinitions.push({ ...web, name: 'other', memory, logConfiguration });
}

describe('a definition with', () => {
  it.each(broken)('%s', (_, how, ...findings) => {
    how();
    expect(check().sort()).toEqual([...findings].sort());
  });
});

describe('the configuration', () => {
  const conf = shipped.conf;

  it('is that of the init image’s object and of the image of infra/fluent-bit', () => {
    expect(check(printed('init'))).toEqual([]);
    const custom = printed('custom');
    delete custom.containerDefinitions[0].stopTimeout;
    expect(check(custom)).toEqual(['loses lines: containerDefinitions[0].stopTimeout stop-timeout']);
  });

  it('is asked for when it is another one', () => {
    router.environment = withoutConf(router);
    router.firelensConfiguration.options['config-file-value'] = '/own.conf';
    delete router.stopTimeout;
    expect(check()).toEqual([
      'advice: containerDefinitions[0].stopTimeout stop-timeout',
      `advice: ${fireLensOptions}["config-file-value"] configuration`,
    ]);
    router.stopTimeout = 120;
    expect(check(definition, { conf })).toEqual([]);
  });

  it.each([
    ['retries', /Retry_Limit.*/i, 'Retry_Limit 5', `loses lines: ${fireLensOptions} retries`],
    ['storage', /^.*storage\.type.*\n/gim, '', `loses lines: ${fireLensOptions} storage`],
    ['storage of the inputs', /^.*storage\.inherit.*\n/gim, '', `loses lines: ${fireLensOptions} storage`],
    ['storage, inherited by none', /(storage\.inherit +)on/i, '$1off', `loses lines: ${fireLensOptions} storage`],
    [
      'the end',
      /^.*backlog.*$/im,
      '$&\nstorage.backlog.flush_on_shutdown on',
      `loses lines: ${fireLensOptions} flush-on-shutdown`,
    ],
    [
      'split lines',
      /^\[OUTPUT\]/m,
      '[FILTER]\nName Multiline\nMatch *-firelens-*\nmode partial_message\n$&',
      `loses lines: ${fireLensOptions} multiline`,
    ],
    [
      'stack traces',
      /^\[OUTPUT\]/m,
      '[FILTER]\nName multiline\nMatch_Regex ^web-firelens-\nmultiline.parser java\n$&',
      `loses lines: ${fireLensOptions} multiline`,
    ],
    ['storage.path', /storage\.path.*/i, '', `does not start: ${fireLensOptions} storage`],
    [
      'HTTP server',
      /HTTP_Server.*/i,
      'HTTP_Server Off',
      'does not start: containerDefinitions[0].healthCheck.command health-check',
    ],
    ['match', /^(\s+Match\s+)\S+$/gm, '$1other-firelens-*', `loses lines: ${optionsOf(1)}.Name no-output`],
    [
      'chunks in memory',
      /max_chunks_up.*/i,
      'max_chunks_up 256',
      'advice: containerDefinitions[0].memoryReservation router-memory',
    ],
  ])('that is wrong about %s is found', (_, what, instead, finding) => {
    expect(check(definition, { conf: conf.replace(what, instead) })).toEqual([finding]);
  });

  it('that keeps on disk what its filters hold, and not what the inputs read, is found', () => {
    const older = `[SERVICE]
    Grace 30
    storage.path /var/log/firesplit/
    HTTP_Server On
[FILTER]
    Name multiline
    Match *-firelens-*
    mode partial_message
    emitter_storage.type filesystem
${conf.slice(conf.indexOf('[OUTPUT]'))}`;
    expect(check(definition, { conf: older }).filter((each) => each.startsWith('loses lines'))).toEqual([
      `loses lines: ${fireLensOptions} storage`,
      `loses lines: ${fireLensOptions} multiline`,
    ]);
  });

  it.each([
    [5, [`loses lines: containerDefinitions[0].stopTimeout stop-timeout`]],
    [6, []],
  ])('that names no Grace has 5 s of it: stopTimeout %i', (stopTimeout, findings) => {
    const [router, ...others] = definition.containerDefinitions;
    const quick = { ...definition, containerDefinitions: [{ ...router, stopTimeout }, ...others] };
    expect(check(quick, { conf: conf.replace(/^ *Grace.*$/m, '') })).toEqual(findings);
  });

  it.each([
    ['filters', '[FILTER]\nName multiline\nMatch internal.*'],
    ['filters with a pattern that can not be read', '[FILTER]\nName multiline\nMatch_Regex (?<'],
    ['outputs', '[OUTPUT]\nName stdout\nMatch internal.*'],
    ['outputs to nowhere', '[OUTPUT]\nName NULL\nMatch *'],
  ])('may have %s for other lines', (_, other) => {
    expect(check(definition, { conf: `${conf}\n${other}` })).toEqual([]);
  });

  it('that sends twice by itself is found', () => {
    const output = conf.slice(conf.indexOf('[OUTPUT]'));
    expect(check(definition, { conf: `${conf}\n${output}` })).toEqual([
      `doubles lines: ${fireLensOptions} two-outputs`,
    ]);
  });
});

describe('the policy of the task role', () => {
  it('must allow what the router does', () => {
    expect(check(definition, { policy: taskPolicy(defaultOptions) })).toEqual([]);
    const other = taskPolicy({ ...defaultOptions, stream: 'other' });
    expect(check(definition, { policy: other })).toEqual(['loses lines: taskRoleArn permission']);
    expect(check(printed('init'), { policy: taskPolicy(defaultOptions) })).toEqual([
      'loses lines: taskRoleArn permission',
      'loses lines: taskRoleArn permission',
    ]);
    expect(check(definition, { policy: 'none' })).toEqual(['loses lines: taskRoleArn permission']);
  });
});

describe('the stream that the policy must allow', () => {
  const policy = taskPolicy(defaultOptions);
  const withStream = (stream: string) => shipped.conf.replace(/(delivery_stream +).*/, `$1${stream}`);

  it.each([
    ['of the configuration', 'logs', []],
    ['of the configuration, and another one', 'audit', ['loses lines: taskRoleArn permission']],
    ['in part from the environment', `\${KIND}s`, []],
  ])('is that %s', (_, stream, findings) => {
    router.environment = withoutConf(router).filter(({ name }) => name !== 'FIRESPLIT_STREAM');
    router.environment.push({ name: 'KIND', value: 'log' });
    expect(check(definition, { policy, conf: withStream(stream) })).toEqual(findings);
  });

  it('is that of the log options', () => {
    const options = {
      Name: 'kinesis_firehose',
      region: 'us-east-1',
      delivery_stream: 'audit',
      Retry_Limit: 'no_limits',
    };
    Object.assign(web.logConfiguration.options, options);
    expect(check(definition, { policy })).toContain('loses lines: taskRoleArn permission');
  });
});

describe('checkTaskDefinition', () => {
  it('reads what ECS describes and a list of containers alone, and names places in them', () => {
    router.essential = false;
    expect(check({ taskDefinition: definition, tags: [] })).toEqual([
      'loses lines: taskDefinition.containerDefinitions[0].essential essential',
    ]);
    expect(check(definition.containerDefinitions)).toContain('loses lines: [0].essential essential');
  });

  it.each(['ec2-task-definition', 'ec2-router'])('does not judge %s, which has the router of a host', async (name) => {
    const ofHost = JSON.parse(await readFile(`infra/ecs/${name}.json`, 'utf8'));
    expect(check(ofHost)).toEqual(['advice: containerDefinitions[0].logConfiguration router']);
  });

  it('asks for FireLens where a Fluent Bit is beside a service that does not log to it', () => {
    const { firelensConfiguration: _, ...sidecar } = router;
    const service = { ...web, logConfiguration: { logDriver: 'json-file' } };
    expect(check([sidecar, service])[0]).toMatch(/^loses lines: .* router$/);
  });

  it('reads sizes with units', () => {
    expect(check({ ...definition, cpu: '.25 vCPU', memory: '0.5 GB' })).toEqual([]);
    expect(check({ ...definition, cpu: '1 vCPU', memory: '1GB' })).toContain('does not start: memory fargate-size');
  });

  it('puts what is grave first', () => {
    delete router.restartPolicy;
    router.essential = false;
    expect(check()).toEqual([
      'loses lines: containerDefinitions[0].essential essential',
      'advice: containerDefinitions[0].restartPolicy restart-policy',
    ]);
  });

  it('never throws, whatever the JSON, the policy and the configuration', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.string(), (json, policy, conf) => {
        checkTaskDefinition(json, { shipped, lineBytes: 1, policy, conf });
      }),
    );
  });

  it('never throws when any part of a definition is anything else', () => {
    const policy = taskPolicy({ ...defaultOptions, image: 'init' });
    for (const image of ['stock', 'init'] as const) {
      const whole = { definition: printed(image), policy };
      fc.assert(
        fc.property(fc.constantFrom(...placesOf(whole)), fc.jsonValue(), (place, value) => {
          const { definition: json, policy: given } = replaced(whole, place, value) as typeof whole;
          checkTaskDefinition(json, { shipped, lineBytes: 1024, policy: given });
        }),
        { numRuns: 500 },
      );
    }
  });
});

type Place = readonly (string | number)[];

function placesOf(value: unknown, above: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [above];
  const keys = Array.isArray(value) ? value.map((_, at) => at) : Object.keys(value);
  const below = keys.flatMap((key) => placesOf((value as Record<string | number, unknown>)[key], [...above, key]));
  return above.length === 0 ? below : [above, ...below];
}

function replaced(value: unknown, [step, ...rest]: Place, by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value)) return value.map((each, at) => (at === step ? replaced(each, rest, by) : each));
  const fields = value as Record<string, unknown>;
  return { ...fields, [step]: replaced(fields[step], rest, by) };
}
