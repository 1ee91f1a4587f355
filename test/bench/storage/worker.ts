import type { Infra } from '../../../local/infra/infra.js';
import type { WindowLength } from '../../../shared/compact/windows.js';
import { measureAlone } from '../alone.js';

/** What storage.bench.ts is started with. */
export interface WorkerRequest {
  /** The time that it is for the worker, ms since the epoch. */
  readonly now: number;
}

/** What a worker of functions/compact did with all that had landed, and what the next one did, which found nothing to do. */
export interface WorkerSample {
  readonly rows: number;
  readonly duplicates: number;
  readonly jobs: readonly JobSample[];
  readonly whole: RunSample;
  readonly idle: RunSample;
  /** Of the process, in bytes. */
  readonly peakBytes: number;
  /** The definition of the view that it left. */
  readonly view: string;
}

/** What the engine did with the objects of one manifest. */
export interface JobSample extends Effort {
  readonly landedBytes: number;
  readonly objects: number;
}

export interface RunSample extends Effort {
  /** As S3 bills them. */
  readonly requests: { readonly get: number; readonly putOrList: number };
}

export interface Effort {
  /** Of all threads. */
  readonly cpuMs: number;
  readonly elapsedMs: number;
}

/** The function as it is deployed, but for its window. */
export interface DeployedWorker {
  readonly memoryMb: number;
  /** Lambda gives one for each 1,769 MB: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
  readonly vcpus: number;
  run(s3: string, bucket: string, window: WindowLength, request: WorkerRequest): Promise<WorkerSample>;
}

/** @throws InfraError when the files of infra/ can't be read */
export function deployedWorker(infra: Infra): DeployedWorker {
  const { settings } = infra.functionSettings('compact');
  const environment = Object.fromEntries(
    Object.entries(Object(settings.environment)).map(([name, value]) => [name, String(value)]),
  );
  const memoryMb = Number(settings.memorySize);
  return {
    memoryMb,
    vcpus: Math.round(memoryMb / 1769),
    run: (s3, bucket, window, request) =>
      measureAlone<WorkerSample>('storage', request, {
        ...environment,
        LOGS_BUCKET: bucket,
        WINDOW: window,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'bench',
        AWS_SECRET_ACCESS_KEY: 'bench',
        AWS_ENDPOINT_URL_S3: s3,
      }),
  };
}

export async function effortOf<T>(work: () => Promise<T>): Promise<[T, Effort]> {
  const [cpu, begun] = [process.cpuUsage(), performance.now()];
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  return [result, { cpuMs: (user + system) / 1000, elapsedMs: performance.now() - begun }];
}
