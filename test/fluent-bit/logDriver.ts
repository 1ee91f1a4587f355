import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { setImmediate as immediate, setTimeout as pause } from 'node:timers/promises';
import { type ForwardRecord, forwardMessage } from './forward.js';

/** Bytes at which the container runtime splits a line. */
const PART_BYTES = 16_384;

export interface Container {
  readonly name: string;
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** The task's id, of which the tag is made. */
  readonly task: string;
}

/**
 * A stand-in of Docker's fluentd log driver, which ECS sets up as `awsfirelens`: one connection a container, a queue
 * that is bounded by a number of events, one write at a time, no acknowledgements. What the kernel has taken counts as sent,
 * so a router that dies takes with it what it has not read from the socket.
 *
 * @see https://github.com/moby/moby/blob/master/daemon/logger/fluentd/fluentd.go
 */
export class LogDriver {
  /** Events that found the queue full. */
  dropped = 0;
  private readonly queue: Uint8Array[] = [];
  /** Index of the first event that the kernel has not taken. */
  private next = 0;
  private socket: Socket | undefined;
  private splitLines = 0;
  private pumping: Promise<void> | undefined;

  constructor(
    private readonly container: Container,
    private readonly router: NetConnectOpts,
    /** `log-driver-buffer-limit`: events. */
    private readonly limit = 1_048_576,
  ) {}

  /** A line that the container wrote, without its line break. */
  log(source: 'stdout' | 'stderr', line: string, lines: 'split' | 'whole' = 'split'): void {
    const bytes = Buffer.from(line);
    if (lines === 'whole' || bytes.length <= PART_BYTES) {
      this.enqueue(source, line, {});
      return;
    }
    const id = `${this.container.id.slice(0, 52)}${String(++this.splitLines).padStart(12, '0')}`;
    const count = Math.ceil(bytes.length / PART_BYTES);
    for (let ordinal = 1; ordinal <= count; ordinal++) {
      const part = bytes.subarray((ordinal - 1) * PART_BYTES, ordinal * PART_BYTES);
      this.enqueue(source, part.toString(), {
        partial_message: 'true',
        partial_id: id,
        partial_ordinal: String(ordinal),
        partial_last: String(ordinal === count),
      });
    }
  }

  /** Events that wait for the kernel. */
  get waiting(): number {
    return this.queue.length - this.next;
  }

  /** The container has ended: what is queued goes out, then the connection is closed. */
  async close(): Promise<void> {
    await this.pumping;
    this.socket?.end();
  }

  private enqueue(source: string, log: string, partial: ForwardRecord): void {
    if (this.waiting >= this.limit) {
      this.dropped++;
      return;
    }
    const { name, id, task } = this.container;
    this.queue.push(
      forwardMessage(`${name}-firelens-${task}`, now(), {
        container_id: id,
        container_name: name,
        source,
        log,
        ...partial,
      }),
    );
    this.pumping ??= this.pump().finally(() => {
      this.pumping = undefined;
    });
  }

  private async pump(): Promise<void> {
    for (let attempt = 0; this.waiting > 0; ) {
      try {
        this.socket ??= await connected(this.router);
        await written(this.socket, this.queue[this.next] as Uint8Array);
        this.next++;
        attempt = 0;
        if (this.next % TAKEN_AT_ONCE === 0) await immediate();
        if (this.next === TAKEN_TOGETHER) {
          this.queue.splice(0, this.next);
          this.next = 0;
        }
      } catch {
        // The driver sends the same message again over a new connection.
        this.socket?.destroy();
        this.socket = undefined;
        await pause(Math.min(RETRY_WAIT * RETRY_GROWTH ** attempt++, MAX_RETRY_WAIT));
      }
    }
  }
}

/** Sent events leave the queue in so many at a time: taking them one by one from a long queue is slow. */
const TAKEN_TOGETHER = 1024;

/** After so many events that the kernel took at once, whoever else has work gets a turn. */
const TAKEN_AT_ONCE = 64;

/** Of the driver: ms. */
const RETRY_WAIT = 1000;
const RETRY_GROWTH = 1.5;
const MAX_RETRY_WAIT = 60_000;

/** Nanoseconds; the clock of Node counts milliseconds, and no two lines of a driver have the same time. */
function now(): bigint {
  return clockOffset + process.hrtime.bigint();
}

const clockOffset = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();

function connected(router: NetConnectOpts): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(router, () => resolve(socket));
    socket.on('error', reject);
  });
}

/** Resolves once the kernel has taken it; where it does so at once, which it mostly does, there is nothing to wait for. */
function written(socket: Socket, message: Uint8Array): Promise<void> | undefined {
  socket.write(message);
  if (socket.writableLength === 0 && !socket.destroyed) return undefined;
  return new Promise((resolve, reject) => {
    socket.once('close', reject);
    socket.write('', (error) => {
      socket.off('close', reject);
      if (error) reject(error);
      else resolve();
    });
  });
}
