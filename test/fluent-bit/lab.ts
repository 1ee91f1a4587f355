import { mkdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerCertificate } from '../../local/aws/certificates.js';
import { RecordingEndpoint } from './endpoint.js';
import { cellsOf, markedLine } from './lines.js';
import { LogDriver } from './logDriver.js';
import type { Recording } from './recording.js';
import { Router } from './router.js';
import { type Tally, tally } from './tally.js';

export interface LabOptions {
  readonly fluentBit: string;
  readonly folder: string;
  readonly certificate: ServerCertificate;
  readonly settings?: Readonly<Record<string, string>> | undefined;
  readonly stepsClock?: boolean | undefined;
}

/** What containers write. */
export interface Load {
  readonly containers: number;
  readonly lineBytes: number;
  /** Bytes a second of all containers together. */
  readonly rate: number;
  readonly seconds: number;
}

export interface Outcome extends Tally {
  /** Events that a driver's queue had no room for. */
  readonly lostInDriver: number;
  /** Lines that Fluent Bit says it dropped. */
  readonly droppedByRouter: number;
  readonly retries: number;
  /** The most that there were at a time. */
  readonly chunks: number;
  readonly memory: number;
  readonly disk: number;
  /** What the scenario found out besides. */
  readonly note: string;
}

/** Containers with their log drivers, a router and an endpoint, for one scenario. */
export class Lab {
  note = '';
  private readonly drivers: LogDriver[] = [];
  private readonly lines: number[] = [];
  private cells = 1;
  private readonly peak = { chunks: 0, memory: 0, disk: 0 };
  private lostInDriver = 0;
  /** Of the routers that were restarted. */
  private dropped = 0;
  private retries = 0;
  private last = { dropped: 0, retries: 0 };

  private constructor(
    readonly router: Router,
    readonly endpoint: RecordingEndpoint,
  ) {}

  static async open({ folder, certificate, ...options }: LabOptions): Promise<Lab> {
    await mkdir(folder, { recursive: true });
    const endpoint = await RecordingEndpoint.open(certificate);
    const { caFile } = certificate;
    const router = await Router.prepare({ ...options, folder, port: endpoint.port, caFile });
    const lab = new Lab(router, endpoint);
    await router.start();
    return lab;
  }

  /**
   * Lets containers write, evenly over the time. Every other one reaches the router by TCP.
   *
   * @param lines `whole` as a program sends them that speaks the forward protocol itself: no runtime splits them
   */
  async write(load: Load, firstContainer = 0, lines: 'split' | 'whole' = 'split'): Promise<void> {
    const { containers, lineBytes, rate, seconds } = load;
    this.cells = Math.max(this.cells, cellsOf(lineBytes));
    const total = Math.max(containers, Math.round((rate * seconds) / lineBytes));
    const start = Date.now();
    for (let written = 0, nextLook = start; written < total; ) {
      const now = Date.now();
      const due = Math.min(total, Math.ceil((total * (now - start)) / (seconds * 1000)));
      for (; written < due; written++) this.writeLine(firstContainer + (written % containers), lineBytes, lines);
      if (now >= nextLook) {
        await this.look();
        nextLook = now + 500;
      }
      await pause(20);
    }
  }

  /** All that is queued at the drivers goes to the router, and the containers end. */
  async endContainers(): Promise<void> {
    await Promise.all(this.drivers.map((driver) => driver.close()));
    this.drivers.length = 0;
  }

  /** Waits until the router holds nothing. */
  async drain(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_LOOKS; ) {
      const isEmpty = (await this.look()) === 0 && this.drivers.every(({ waiting }) => waiting === 0);
      quiet = isEmpty ? quiet + 1 : 0;
      await pause(200);
    }
  }

  async restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.stop(signal);
    await this.router.start();
  }

  /** @returns seconds that it took */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number> {
    await this.look();
    this.dropped += this.last.dropped;
    this.retries += this.last.retries;
    this.last = { dropped: 0, retries: 0 };
    return this.router.end(signal);
  }

  async outcome(): Promise<Outcome> {
    await this.look();
    // The last canary waits for a flush.
    await this.router.end('SIGTERM');
    const { written, accepted } = this.recording;
    return {
      ...(await tally(written, accepted)),
      lostInDriver: this.lostInDriver,
      droppedByRouter: this.dropped + this.last.dropped,
      retries: this.retries + this.last.retries,
      ...this.peak,
      note: this.note,
    };
  }

  get recording(): Recording {
    const written = this.lines.map((lines, container) => ({ container, lines, cells: this.cells }));
    return { written, accepted: this.endpoint.accepted };
  }

  async close(): Promise<void> {
    await this.router.end('SIGKILL');
    await this.endpoint.close();
  }

  private writeLine(container: number, bytes: number, lines: 'split' | 'whole'): void {
    const driver = this.drivers[container] ?? this.startContainer(container);
    const line = this.lines[container] ?? 0;
    this.lines[container] = line + 1;
    const before = driver.dropped;
    driver.log('stdout', markedLine(container, line, bytes), lines);
    this.lostInDriver += driver.dropped - before;
  }

  private startContainer(container: number): LogDriver {
    const driver = new LogDriver(
      {
        name: `web-${container}`,
        id: container.toString(16).padStart(64, '7'),
        task: '0123456789abcdef0123456789abcdef',
      },
      container % 2 === 0 ? this.router.socket : this.router.tcp,
    );
    this.drivers[container] = driver;
    return driver;
  }

  /** @returns how many chunks the router has */
  private async look(): Promise<number> {
    this.last = (await this.router.metrics()) ?? this.last;
    const { memory, chunks, disk } = await this.router.size();
    this.peak.memory = Math.max(this.peak.memory, memory);
    this.peak.chunks = Math.max(this.peak.chunks, chunks);
    this.peak.disk = Math.max(this.peak.disk, disk);
    return chunks;
  }
}

/** 200 ms apart: on a busy machine lines stay in the kernel's buffers for a while, of which no count tells. */
const QUIET_LOOKS = 10;
