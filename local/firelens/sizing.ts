import { ecs, fluentBit } from '../../shared/limits.js';
import { type ConfSection, serviceSetting, sizeOf } from './conf.js';

const MiB = 1024 * 1024;

/** A task's memory is shared out in steps of so many MiB. */
const stepMiB = 32;
/** A chunk that is being sent is in memory as it was read, and as what is made of it: RSS went up by 4 MB for each that was up. */
const copies = 2;
/** The highest RSS in docs/no-loss.md, in MB, and the chunks up of that run: all of them waited for an answer (`silent` with --full). */
const highest = { rss: 179, chunksUp: 40 };
/** What Fluent Bit itself takes, in MiB: what that RSS is above its chunks, up to the next step. */
const processMiB = roundUp(mebibytes(highest.rss * 1e6 - copies * highest.chunksUp * fluentBit.maxChunkBytes));
/** Of the task's memory, what the log drivers may hold while the router does not read. */
const driverShare = 1 / 8;

/** How the memory of a task is shared, in MiB. */
export interface Sizing {
  readonly router: RouterMemory;
  readonly driver: DriverMemory;
  /** What is left for the service. */
  readonly service: number;
}

export interface RouterMemory {
  readonly chunksUp: number;
  readonly chunks: number;
  readonly backlog: number;
  readonly process: number;
  /** The sum of these, rounded up. */
  readonly total: number;
}

interface DriverMemory {
  readonly total: number;
  readonly lineBytes: number;
  /** `log-driver-buffer-limit` */
  readonly lines: number;
}

/**
 * @param memory of the task in MiB
 * @param lineBytes of an average line
 */
export function sizeTask(memory: number, lineBytes: number, conf: readonly ConfSection[]): Sizing {
  const router = routerMemory(conf);
  const total = Math.floor(memory * driverShare);
  const lines = Math.min(Math.floor((total * MiB) / lineBytes), ecs.driverBufferLines.below - 1);
  return { router, driver: { total, lineBytes, lines }, service: memory - router.total - total };
}

/** What a router with that configuration needs in order to keep its promise: chunks up, backlog, and itself. */
export function routerMemory(conf: readonly ConfSection[]): RouterMemory {
  const chunksUp = Number(serviceSetting(conf, 'storage.max_chunks_up') ?? fluentBit.defaultChunksUp);
  const chunks = mebibytes(copies * chunksUp * fluentBit.maxChunkBytes);
  const backlog = mebibytes(sizeOf(serviceSetting(conf, 'storage.backlog.mem_limit')) ?? fluentBit.defaultBacklogBytes);
  const total = roundUp(chunks + backlog + processMiB);
  return { chunksUp, chunks, backlog, process: processMiB, total };
}

/** The arithmetic in words, a line for each share. */
export function sizingLines(memory: number, { router, driver, service }: Sizing): string[] {
  return [
    `router ${router.total} MiB: ${router.chunksUp} chunks up of 2 MB, twice while they are sent (${router.chunks}) + backlog ${router.backlog} + Fluent Bit itself ${router.process}, rounded up`,
    `log driver ${driver.total} MiB, an eighth of the task: ${driver.lines} lines of ${driver.lineBytes} bytes`,
    `service ${service} MiB: what is left of ${memory}`,
  ];
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / MiB);
}

function roundUp(mebibytes: number): number {
  return Math.ceil(mebibytes / stepMiB) * stepMiB;
}
