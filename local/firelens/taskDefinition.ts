import { ecs, fluentBit } from '../../shared/limits.js';
import { type ConfSection, compactConf, parseConf, serviceSetting } from './conf.js';
import { flushFor, withFlush } from './flush.js';
import { healthCheck } from './healthCheck.js';
import { checkOptions, partitionOf, type RouterOptions, routerBucket, routerName } from './routerOptions.js';
import { confFolder, confKey, confPath, type ShippedRouter } from './shippedRouter.js';
import { type Sizing, sizeTask } from './sizing.js';

/** Seconds beside `Grace` until ECS kills the router: Fluent Bit has to notice the signal and to close its files. */
const afterGrace = 30;

/**
 * A task on Fargate whose service sends its lines to the stream: the router, the service's container and what both need, as
 * `RegisterTaskDefinition` takes it (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html).
 *
 * @throws Error when an option can't be, or when the task has too little memory for the router
 */
export function taskDefinition(options: RouterOptions, shipped: ShippedRouter) {
  checkOptions(options);
  const { service, cpu, memory, arch, region, account } = options;
  const own = { ...shipped, conf: configured(shipped.conf, options) };
  const conf = parseConf(own.conf);
  const sizing = sizeTask(memory, options.lineBytes, conf);
  if (sizing.service < 64) {
    throw new Error(
      `--memory ${memory}: the router needs ${sizing.router.total} MiB and the log driver ${sizing.driver.total}, which leaves ${sizing.service} for ${service}; give the task more.`,
    );
  }
  const role = `arn:${partitionOf(region)}:iam::${account}:role/${service}`;
  const definition = {
    family: service,
    networkMode: 'awsvpc' as const,
    requiresCompatibilities: ['FARGATE' as const],
    runtimePlatform: {
      cpuArchitecture: arch === 'arm64' ? ('ARM64' as const) : ('X86_64' as const),
      operatingSystemFamily: 'LINUX' as const,
    },
    cpu: String(cpu),
    memory: String(memory),
    executionRoleArn: `${role}-execution`,
    taskRoleArn: `${role}-task`,
    containerDefinitions: [router(options, own, conf, sizing), serviceContainer(options, sizing)],
    volumes: [{ name: bufferVolume }],
  };
  return { definition, sizing };
}

/** The shipped configuration with what the options say of it. */
function configured(shipped: string, { bytesPerSecond, senderRole }: RouterOptions): string {
  const conf = bytesPerSecond === undefined ? shipped : withFlush(shipped, flushFor(bytesPerSecond));
  return senderRole === undefined ? conf : conf.replace(/^( *)delivery_stream .*$/m, `$&\n$1role_arn ${senderRole}`);
}

function router(options: RouterOptions, shipped: ShippedRouter, conf: readonly ConfSection[], { router }: Sizing) {
  const { service, region } = options;
  return {
    name: routerName,
    image: imageOf(options, shipped),
    essential: true,
    // A crash of Fluent Bit alone leaves the task and its disk: it goes on with what is stored there.
    restartPolicy: { enabled: true, restartAttemptPeriod: ecs.minRestartPeriod },
    user: '0',
    memoryReservation: router.total,
    stopTimeout: stopTimeoutFor(conf),
    ...(options.image === 'stock' ? writesItsConf : {}),
    environment: environment(options, shipped),
    mountPoints: [{ sourceVolume: bufferVolume, containerPath: bufferFolder(conf) }],
    firelensConfiguration: {
      type: 'fluentbit' as const,
      options: {
        'enable-ecs-log-metadata': 'true',
        ...(options.image === 'init' ? {} : { 'config-file-type': 'file', 'config-file-value': confPath }),
      },
    },
    healthCheck: healthCheck(serviceSetting(conf, 'http_port') ?? '2020'),
    logConfiguration: {
      logDriver: 'awslogs' as const,
      options: {
        'awslogs-group': routerLogGroup(service),
        'awslogs-region': region,
        'awslogs-stream-prefix': 'log-router',
        mode: 'non-blocking',
      },
    },
  };
}

/** The log group of the router's own log; it must exist, since the execution role may not create any. */
export function routerLogGroup(service: string): string {
  return `/ecs/${service}/log-router`;
}

function serviceContainer({ service, serviceImage }: RouterOptions, sizing: Sizing) {
  return {
    name: service,
    image: serviceImage,
    essential: true,
    // A limit of its own: when the service takes too much, the kernel ends the service and not the router.
    memory: sizing.service,
    dependsOn: [{ containerName: routerName, condition: 'HEALTHY' as const }],
    logConfiguration: {
      logDriver: 'awsfirelens' as const,
      options: { Name: 'null', 'log-driver-buffer-limit': String(sizing.driver.lines) },
    },
  };
}

function imageOf({ image, imageUri, account, region }: RouterOptions, { repository, version }: ShippedRouter): string {
  if (image === 'custom') return imageUri ?? `${account}.dkr.ecr.${region}.amazonaws.com/firesplit-log-router:1`;
  return `${repository}:${image === 'init' ? 'init-' : ''}${version}`;
}

/** Longer than `Grace`, as far as Fargate allows. */
function stopTimeoutFor(conf: readonly ConfSection[]): number {
  const grace = Number(serviceSetting(conf, 'grace') ?? fluentBit.defaultGrace);
  return Math.min(grace + afterGrace, ecs.stopTimeout.maxFargate);
}

/** The variable that holds the configuration of the stock image. */
export const confVariable = 'FIRESPLIT_CONF';

/**
 * AWS's image starts with its configuration written by the shell: it has bash and coreutils
 * (https://github.com/aws/aws-for-fluent-bit/pull/1026). `exec` makes Fluent Bit the process that gets SIGTERM.
 */
const writesItsConf = {
  entryPoint: ['/bin/sh', '-c'],
  command: [`mkdir -p ${confFolder} && printf '%s\\n' "$${confVariable}" > ${confPath} && exec /bin/sh /entrypoint.sh`],
};

function environment(options: RouterOptions, { conf }: ShippedRouter) {
  const { image, region, stream } = options;
  const both = [
    { name: 'AWS_REGION', value: region },
    { name: 'FIRESPLIT_STREAM', value: stream },
  ];
  switch (image) {
    case 'stock':
      return [...both, { name: confVariable, value: compactConf(conf) }];
    case 'init':
      return [
        ...both,
        {
          name: 'aws_fluent_bit_init_s3_1',
          value: `arn:${partitionOf(region)}:s3:::${routerBucket(options)}/${confKey}`,
        },
      ];
    case 'custom':
      return both;
  }
}

/** Where lines wait for Firehose: a volume of the task, which outlives the container. */
function bufferFolder(conf: readonly ConfSection[]): string {
  return serviceSetting(conf, 'storage.path') ?? '/var/log/firesplit/';
}

const bufferVolume = 'log_router_buffer';
