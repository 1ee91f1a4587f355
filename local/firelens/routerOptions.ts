import { bucketOf } from '../../shared/deploy/names.js';
import { ecs, firehose } from '../../shared/limits.js';
import { canaryService } from '../../shared/record/canary.js';

/** How the router gets its configuration. */
export const routerImages = ['stock', 'init', 'custom'] as const;
export type RouterImage = (typeof routerImages)[number];

export const architectures = ['arm64', 'amd64'] as const;
type Architecture = (typeof architectures)[number];

/** What `firesplit firelens` is asked for. */
export interface RouterOptions {
  /** Name of the service's container, which becomes the column `service`. */
  readonly service: string;
  readonly serviceImage: string;
  /** CPU units of the task; 1,024 are one processor. */
  readonly cpu: number;
  /** Memory of the task, in MiB. */
  readonly memory: number;
  readonly arch: Architecture;
  readonly stream: string;
  readonly region: string;
  readonly account: string;
  readonly image: RouterImage;
  /** Of the custom image. */
  readonly imageUri?: string;
  /** Stage of the deployment whose bucket has the files of the init image. */
  readonly stage: string;
  /** The bucket, when the parameters of the deployment name one. */
  readonly bucket?: string;
  /** Bytes of an average line, which the driver's buffer is counted in. */
  readonly lineBytes: number;
  /** Bytes of lines that the container logs in a second, by which `Flush` goes; as shipped when absent. */
  readonly bytesPerSecond?: number;
  /** Role of the stream's account that the router takes on, when that is another account than the task's. */
  readonly senderRole?: string;
}

/** What `firesplit firelens` takes when nothing is said; the account is the one of AWS's own examples. */
export const defaultOptions: RouterOptions = {
  service: 'web',
  serviceImage: 'public.ecr.aws/nginx/nginx:1.29',
  cpu: 256,
  memory: 512,
  arch: 'arm64',
  stream: 'logs',
  region: 'us-east-1',
  account: '111122223333',
  image: 'stock',
  stage: 'prod',
  lineBytes: 1024,
};

/** @throws Error that says which option ECS, Fargate or Firehose would refuse, and what they take */
export function checkOptions(options: RouterOptions): void {
  const { service, cpu, memory, stream, region, account, lineBytes, bytesPerSecond, senderRole, image } = options;
  if (!/^[\w-]{1,255}$/.test(service)) {
    throw new Error(`--service ${service}: a container's name is up to 255 letters, digits, hyphens and underscores.`);
  }
  if (service === routerName)
    throw new Error(`--service ${service} is the router's own name; name the service's container.`);
  if (service === canaryService)
    throw new Error(`--service ${service} is the name of the router's canary; name the service's container.`);
  if (!firehose.streamName.test(stream)) {
    throw new Error(`--stream ${stream}: a stream's name is up to 64 letters, digits, dots, hyphens and underscores.`);
  }
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) throw new Error(`--region ${region}: write it like us-east-1.`);
  if (!/^\d{12}$/.test(account)) throw new Error(`--account ${account}: an account has 12 digits.`);
  if (!(lineBytes >= 1)) throw new Error(`--line-bytes ${lineBytes}: name the bytes of an average line, such as 1024.`);
  if (bytesPerSecond !== undefined && image !== 'stock') {
    throw new Error(
      `--bytes-per-second ${bytesPerSecond}: the router of --image ${image} has its Flush from infra/fluent-bit/extra.conf, for all services; change it there, or take --image stock.`,
    );
  }
  if (senderRole !== undefined && !/^arn:[\w-]+:iam::\d{12}:role\/[\w./-]+$/.test(senderRole)) {
    throw new Error(
      `--sender-role ${senderRole}: write it like arn:aws:iam::111122223333:role/firesplit-sender, with no sign that an address would have to escape: Fluent Bit does not.`,
    );
  }
  if (senderRole !== undefined && image !== 'stock') {
    throw new Error(
      `--sender-role ${senderRole}: the router of --image ${image} has its role_arn from infra/fluent-bit/extra.conf; write it there, or take --image stock.`,
    );
  }
  const mistake = fargateMistake(cpu, memory);
  if (mistake !== undefined) throw new Error(`--cpu ${cpu} --memory ${memory}: ${mistake}`);
}

/** Why Fargate would not take the size; undefined when it does. */
export function fargateMistake(cpu: number, memory: number): string | undefined {
  const allowed = ecs.fargateMemory[cpu];
  if (allowed === undefined) {
    return `Fargate has no task of ${cpu} CPU units; it takes ${Object.keys(ecs.fargateMemory).join(', ')}.`;
  }
  if (allowed.includes(memory)) return undefined;
  return `Fargate has no task of ${cpu} CPU units with ${memory} MiB; with them it takes ${listed(allowed)} MiB.`;
}

/** The container of Fluent Bit. */
export const routerName = 'log_router';

/** The bucket that the init image reads. */
export function routerBucket(options: RouterOptions): string {
  return options.bucket ?? bucketOf(options);
}

export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** All of a few, else the first two and the last. */
function listed(sizes: readonly number[]): string {
  return sizes.length <= 4 ? sizes.join(', ') : `${sizes.slice(0, 2).join(', ')} … ${sizes.at(-1)}`;
}
