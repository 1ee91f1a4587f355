import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Mood } from './endpoint.js';
import type { Lab, Load, Outcome } from './lab.js';

/** What befalls a router: a row of the table in docs/no-loss.md. */
export interface Scenario {
  readonly name: string;
  /** What happens, at the size that was asked for. */
  readonly what: string;
  /** Settings of extra.conf that are made smaller to see their end. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether the router's clock steps, for which a C compiler is needed. */
  readonly stepsClock?: true;
  run(lab: Lab): Promise<void>;
  /** Whether the outcome is what docs/no-loss.md says. Without it, no line may be lost, and none may stand twice. */
  readonly isAsSaid?: (outcome: Outcome) => boolean;
}

const MB = 1_000_000;
/** Seconds. */
const HOUR = 3600;
/** Bytes. */
const LINE = 450;

/**
 * How long and how much: `full` is what docs/no-loss.md promises, `short` takes a quarter of an hour in all, `tiny` is for fixtures.
 * `line` has the bytes of a line of the burst: Fluent Bit reads so many lines a second, whatever their length.
 */
const sizes = {
  tiny: { outage: 15, burst: 0.03, line: LINE, quiet: 12, slow: 12, trials: 2, longLines: 0.1 },
  short: { outage: 15, burst: 2, line: LINE, quiet: 30, slow: 30, trials: 20, longLines: 1 },
  full: { outage: 60, burst: 20, line: 1250, quiet: 600, slow: 3600, trials: 20, longLines: 1 },
} as const;

export type Size = keyof typeof sizes;

export function scenarios(size: Size): readonly Scenario[] {
  const { outage, burst, line, quiet, slow, trials, longLines } = sizes[size];
  const steady = Math.min(burst, 1);
  return [
    {
      name: 'burst',
      what: `${burst} MB/s for ${outage} s, two containers`,
      run: steadily({ containers: 2, lineBytes: line, rate: burst * MB, seconds: outage }),
    },
    ...(
      [
        ['down', 'connections refused'],
        ['silent', 'takes requests, answers none'],
        ['failing', 'answers 500'],
      ] as const
    ).map(([mood, how]) => ({
      name: mood,
      what: `endpoint away ${outage} s (${how}), ${burst} MB/s`,
      run: during(mood, { containers: 2, lineBytes: line, rate: burst * MB, seconds: outage }),
    })),
    {
      name: 'long-outage',
      what: `endpoint down ${slow} s, 0.5 MB/s`,
      run: during('down', { containers: 4, lineBytes: LINE, rate: 0.5 * MB, seconds: slow }),
    },
    {
      name: 'quiet-10',
      what: `endpoint down ${quiet} s, ten containers at a line a second`,
      run: during('down', { containers: 10, lineBytes: LINE, rate: 10 * LINE, seconds: quiet }),
    },
    {
      name: 'quiet-200',
      what: `endpoint down ${quiet} s, 200 containers at a line a second`,
      run: during('down', { containers: 200, lineBytes: LINE, rate: 200 * LINE, seconds: quiet }),
    },
    {
      name: 'throttling',
      what: `two of five records refused for ${outage} s, ${steady} MB/s`,
      run: during('throttling', { containers: 4, lineBytes: LINE, rate: steady * MB, seconds: outage }),
    },
    {
      name: 'forgetful',
      what: `two of five answers lost for ${outage} s, ${steady} MB/s`,
      run: during('forgetful', { containers: 4, lineBytes: LINE, rate: steady * MB, seconds: outage }),
      isAsSaid: ({ lost, doubled, doubledByName }) => lost === 0 && doubled === doubledByName,
    },
    {
      name: 'sigterm',
      what: `SIGTERM within 1 s of the last line, ${trials} times`,
      async run(lab) {
        for (let trial = 0; trial < trials; trial++) {
          await lab.write({ containers: 2, lineBytes: LINE, rate: 100 * LINE, seconds: 0.5 }, 2 * trial);
          await pause(randomInt(1000));
          await lab.endContainers();
          await lab.restart('SIGTERM');
        }
        await lab.drain();
      },
    },
    {
      name: 'sigterm-backlog',
      what: `SIGTERM as the endpoint is back after ${outage} s at ${burst} MB/s; the disk is gone`,
      async run(lab) {
        await lab.endpoint.become('down');
        await lab.write({ containers: 2, lineBytes: line, rate: burst * MB, seconds: outage });
        await lab.endContainers();
        await lab.endpoint.become('up');
        lab.note = `ended after ${(await lab.stop('SIGTERM')).toFixed(0)} s`;
      },
    },
    {
      name: 'sigterm-down',
      what: 'SIGTERM while the endpoint is down, then a start on the same disk',
      async run(lab) {
        await lab.endpoint.become('down');
        await lab.write({ containers: 4, lineBytes: LINE, rate: MB, seconds: 5 });
        await lab.endContainers();
        lab.note = `ended after ${(await lab.stop('SIGTERM')).toFixed(0)} s`;
        await lab.router.start();
        await lab.endpoint.become('up');
        await lab.drain();
      },
    },
    {
      name: 'sigkill-idle',
      what: `SIGKILL within 1 s of the last line, then a start on the same disk, ${trials} times`,
      async run(lab) {
        for (let trial = 0; trial < trials; trial++) {
          await lab.write({ containers: 2, lineBytes: LINE, rate: 100 * LINE, seconds: 0.5 }, 2 * trial);
          await lab.endContainers();
          await pause(50 + randomInt(950));
          await lab.restart('SIGKILL');
        }
        await lab.drain();
      },
      isAsSaid: ({ lost, doubled, doubledByName }) => lost === 0 && doubled === doubledByName,
    },
    {
      name: 'sigkill-busy',
      what: 'SIGKILL while containers write 1 MB/s, then a start on the same disk, 10 times',
      // Each run is that short.
      settings: { Interval_Sec: '1' },
      async run(lab) {
        const writing = lab.write({ containers: 4, lineBytes: LINE, rate: MB, seconds: 30 });
        for (let kill = 0; kill < 10; kill++) {
          await pause(1000 + randomInt(1000));
          await lab.restart('SIGKILL');
        }
        await writing;
        await lab.drain();
      },
      // What the router has not read from the kernel goes with it: less than half a second of lines for each kill.
      isAsSaid: ({ lost, doubled, doubledByName }) => lost <= 10 * 1000 && doubled === doubledByName,
    },
    ...(
      [
        ['16 KB', 20_000, 500],
        ['300 KB', 307_200, 50],
        ['2 MB', 2_097_152, 20],
        ['50 MB', 52_428_800, 1],
      ] as const
    )
      .map(([lineSize, lineBytes, all]) => ({ lineSize, lineBytes, count: Math.ceil(all * longLines) }))
      .map(({ lineSize, lineBytes, count }) => ({
        name: `line-${lineSize.replace(' ', '').toLowerCase()}`,
        what: `${count} lines of ${lineSize}`,
        run: steadily({ containers: 1, lineBytes, rate: (count * lineBytes) / 10, seconds: 10 }),
      })),
    {
      name: 'clock',
      what: `endpoint down, the router's clock goes 2 h ahead; up, 30 s back, at ${steady} MB/s`,
      stepsClock: true,
      async run(lab) {
        const steps = [
          ['up', 0],
          ['down', 2 * HOUR],
          ['up', 2 * HOUR - 30],
        ] as const;
        for (const [mood, seconds] of steps) {
          await lab.endpoint.become(mood);
          await lab.router.stepClock(seconds);
          await lab.write({ containers: 4, lineBytes: LINE, rate: steady * MB, seconds: 15 });
        }
        await lab.endContainers();
        await drained(lab);
      },
    },
    {
      name: 'canary',
      what: 'a container at a line a second: two of five answers lost for 12 s, SIGKILL, a start on the same disk',
      settings: { Interval_Sec: '1', Grace: '6' },
      async run(lab) {
        await lab.endpoint.become('forgetful');
        await lab.write({ containers: 1, lineBytes: LINE, rate: LINE, seconds: 12 });
        await lab.endpoint.become('up');
        await lab.endContainers();
        await lab.drain();
        await lab.restart('SIGKILL');
        await lab.write({ containers: 1, lineBytes: LINE, rate: LINE, seconds: 8 }, 1);
        await lab.endContainers();
        await lab.drain();
      },
      isAsSaid: ({ lost, doubled, doubledByName, canaries }) =>
        lost === 0 && doubled === doubledByName && canaries.runs === 2 && canaries.missing === 0,
    },
    {
      name: 'record-2mb',
      what: `${Math.ceil(20 * longLines)} records of 2 MB by a program that speaks the forward protocol itself`,
      async run(lab) {
        await lab.write({ containers: 1, lineBytes: 2_097_152, rate: 4_194_304, seconds: 10 * longLines }, 0, 'whole');
        await lab.endContainers();
        await lab.drain();
      },
    },
    {
      name: 'disk-limit',
      what: 'endpoint down, four times the disk limit of 20 MB',
      settings: { 'storage.total_limit_size': '20M' },
      run: during('down', { containers: 4, lineBytes: LINE, rate: 2 * MB, seconds: 20 }),
      // Its counter is a chunk or two off, either way.
      isAsSaid: ({ lost, droppedByRouter }) => lost > 0 && droppedByRouter > 0.8 * lost,
    },
  ];
}

function steadily(load: Load): Scenario['run'] {
  return async (lab) => {
    await lab.write(load);
    await lab.endContainers();
    await lab.drain();
  };
}

/** The endpoint is not itself while the containers write; then it is up again. */
function during(mood: Mood, load: Load): Scenario['run'] {
  return async (lab) => {
    await lab.endpoint.become(mood);
    await lab.write(load);
    await lab.endContainers();
    await lab.endpoint.become('up');
    await drained(lab);
  };
}

/** Waits until the router holds nothing, and notes how long that took. */
async function drained(lab: Lab): Promise<void> {
  const start = Date.now();
  await lab.drain();
  lab.note = `delivered ${((Date.now() - start) / 1000).toFixed(0)} s later`;
}
