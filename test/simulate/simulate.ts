import type { Notifier, SweepPorts } from '../../shared/alerts/ports.js';
import { ruleBook } from '../../shared/alerts/ruleBook.js';
import { readAlertId } from '../../shared/alerts/state/ids.js';
import { keyPrefix } from '../../shared/alerts/state/keyItem.js';
import { parallelSaves } from '../../shared/alerts/state/update.js';
import { sweep } from '../../shared/alerts/sweep.js';
import { canarySent, deployed } from '../../shared/cost/traffic.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import { compileRules } from '../../shared/rules/matching/match.js';
import { randomFrom } from '../oncall/random.js';
import { AlertFunction, type FunctionCounts, Instance } from './alertFunction.js';
import { busyness } from './day.js';
import { Fleet } from './fleet.js';
import { Hours } from './hours.js';
import { MessageContents } from './messageContents.js';
import { Probes } from './probes.js';
import { type ProbeKind, probeTimes } from './probeTimes.js';
import { SignalQueue } from './queue.js';
import { flushedBy, type Load, type Setting } from './setting.js';
import { SlackRoom } from './slackRoom.js';
import { Stream, type StreamCounts, tick } from './stream.js';
import { AlertsTable, type TableCounts } from './table.js';
import { Transform, type TransformCounts } from './transform.js';
import { VirtualTime } from './virtualTime.js';

const [second, minute, hour] = [1000, 60_000, 3_600_000];

const { bufferBytes, bufferSeconds } = deployed.transform;

/** Midnight before a working day. */
const midnight = Date.UTC(2026, 0, 5);

/** What a day is simulated of. */
export interface Day {
  readonly load: Load;
  readonly setting: Setting;
  readonly rules: readonly Rule[];
  /** The hour of the day at which it begins, UTC, and hours that pass; those of a whole day when absent. */
  readonly from?: number;
  readonly hours?: number;
  /** Keys that are really decided on, about: those of more services are counted with those of services like them. */
  readonly decisions?: number;
  readonly outage?: Outage | undefined;
  readonly seed?: number;
}

/** Something that is away for a while, from when half of the hours have passed. */
export interface Outage {
  readonly of: 'alert' | 'slack';
  /** Milliseconds. */
  readonly lasts: number;
}

/** What a day came to, of one of the deployments. */
export interface Simulated {
  readonly load: Load;
  readonly setting: Setting;
  readonly from: number;
  readonly hours: number;
  readonly outage: Outage | undefined;
  /** Services that are shown to the rules, and how many each stands for. */
  readonly shown: number;
  readonly weight: number;
  readonly stream: StreamCounts;
  readonly transform: TransformCounts;
  readonly queue: {
    readonly requests: number;
    readonly sent: number;
    readonly most: number;
    readonly dead: number;
    readonly left: number;
  };
  readonly alert: FunctionCounts;
  readonly sweep: FunctionCounts;
  readonly table: TableCounts & { readonly sizes: readonly number[] };
  readonly slack: { readonly messages: number; readonly throttled: number };
  /** Milliseconds from a line to the people who are told of it, ascending. */
  readonly told: Readonly<Record<ProbeKind, readonly number[]>>;
  /** Such lines, and those that nobody was told of. */
  readonly probes: number;
  readonly untold: number;
  /** Milliseconds from the first line of a message to when its keys are counted, ascending. */
  readonly counted: readonly number[];
  readonly byHour: Hours;
}

/** Lets a day pass on virtual time, and what is under way at its end come to its end. */
export async function simulateDay({
  load: whole,
  setting,
  rules,
  from = 0,
  hours = 24,
  decisions = 300_000,
  outage,
  seed = 1,
}: Day): Promise<Simulated> {
  const load = shareOf(whole, setting.deployments);
  const random = randomFrom(seed);
  const start = midnight + from * hour;
  const time = new VirtualTime(start);
  const end = start + hours * hour;
  const begin = start + (hours / 2) * hour;
  const isDown = (of: Outage['of']) => (at: number) => outage?.of === of && at >= begin && at < begin + outage.lasts;

  const flushed = flushedBy(load, setting.flush);
  const fleet = new Fleet(load, shownFor(load, setting, hours, decisions), randomFrom(seed + 1));
  const contents = new MessageContents();
  const probes = new Probes(probeTimes(start, hours, setting.flush, random), setting.flush, random, contents);
  const weightOf = (id: string) => fleet.weightOf(keyOf(id));
  const table = new AlertsTable(time, weightOf, contents);
  const slack = new SlackRoom(time, isDown('slack'), (post) => probes.hear(post, time.now()));
  const queue = new SignalQueue(time, setting.queue);
  const book = ruleBook(rules);
  const byHour = new Hours(start, hours);
  const counted: number[] = [];
  const instance = (of: 'alert' | 'sweep') =>
    new Instance(time, setting[of], of, table, slack as Notifier, weightOf, fleet.weight);
  const alert = new AlertFunction(
    time,
    setting,
    queue,
    book,
    () => instance('alert'),
    isDown('alert'),
    (messages, took) => {
      byHour.work(time.now(), took);
      for (const { written } of messages) {
        counted.push(time.now() - written);
        byHour.lag(time.now(), time.now() - written);
      }
    },
  );
  const transform = new Transform(time, setting, compileRules(rules), fleet, probes, queue, random);
  const stream: Stream = new Stream(
    time,
    { quotaMiB: setting.quotaMiB, bufferBytes, bufferInterval: bufferSeconds * second },
    (invocation) => transform.run(invocation, stream),
  );

  let written = 0;
  const flush = () => {
    const now = time.now();
    const records = now < end ? flushed.records * busyness(now) : 0;
    const canaries = now < end ? flushed.canaries : 0;
    const bytes = records * flushed.bytes + canaries * canarySent;
    const { counts } = stream;
    const { rawBytes: before, throttled } = counts;
    stream.take({ at: now, records, canaries, bytes, rawBytes: records * flushed.rawBytes });
    byHour.second(now, {
      rawBytes: counts.rawBytes - before,
      throttled: counts.throttled - throttled,
      queued: queue.length,
      writeUnits: table.counts.writeUnits - written,
    });
    written = table.counts.writeUnits;
    if (now < end || stream.behind > 0) time.at(now + tick, flush);
  };
  const swept: FunctionCounts = { invocations: 0, busy: 0, timeouts: 0 };
  const sweeper = instance('sweep');
  const sweepOnce = async () => {
    swept.invocations++;
    const { took, result } = await sweeper.invoke((ports) => sweep(book, { ...ports, ...nothingRefused }));
    swept.busy += took;
    if (!result) swept.timeouts++;
  };
  const sweepEach = () => {
    void sweepOnce();
    time.at(time.now() + minute, sweepEach);
  };
  time.at(start, flush);
  time.at(start + minute, sweepEach);

  await time.runUntil(end);
  // What is under way comes to its end, or is set aside after as many attempts as the queue makes.
  for (let waits = 0; waits < settleMinutes && !(queue.isEmpty && stream.behind <= 0 && probes.untold === 0); waits++) {
    await time.runUntil(time.now() + minute);
  }
  if (probes.unsent > 0) throw new Error(`${probes.unsent} lines that people must be told of were never sent`);
  return {
    load,
    setting,
    from,
    hours,
    outage,
    shown: fleet.shown.length,
    weight: fleet.weight,
    stream: stream.counts,
    transform: transform.counts,
    queue: {
      requests: queue.requests,
      sent: queue.sent,
      most: queue.mostVisible,
      dead: queue.dead.length,
      left: queue.length,
    },
    alert: alert.counts,
    sweep: swept,
    table: { ...table.counts, sizes: table.sizes() },
    slack: { messages: slack.messages, throttled: slack.throttled },
    told: {
      alone: probes.lags('alone'),
      'in a row': probes.lags('in a row'),
      'in a storm': probes.lags('in a storm'),
    },
    probes: probes.all.length,
    untold: probes.untold,
    counted: counted.sort((a, b) => a - b),
    byHour,
  };
}

/** How long what is under way at the end of the day may go on, minutes. */
const settleMinutes = 240;

/** Nothing is refused by the simulated queue. */
const nothingRefused: Pick<SweepPorts, 'queue' | 'refused'> = {
  queue: { send: async () => undefined },
  refused: { list: async () => [], read: async () => undefined, remove: async () => undefined },
};

function shareOf({ gbPerDay, services, containers }: Load, deployments: number): Load {
  return {
    gbPerDay: gbPerDay / deployments,
    services: Math.ceil(services / deployments),
    containers: Math.ceil(containers / deployments),
  };
}

/** Services that may be shown to the rules for about so many decisions; a few are, whatever it takes. */
function shownFor(load: Load, { flush }: Setting, hours: number, decisions: number): number {
  const { records, bytes } = flushedBy(load, flush);
  const perSecond = Math.max(1 / bufferSeconds, (records * bytes) / bufferBytes);
  const services = new Fleet(load, load.services, randomFrom(1)).servicesIn(records / perSecond);
  const whole = services * perSecond * hours * 3600 * keysOfService;
  const least = Math.max(leastShown, Math.ceil(load.services / mostWeight));
  return Math.max(least, Math.floor((load.services * decisions) / whole));
}

const leastShown = 6;
/** As many keys as the alert function has under way at a time: of more, time would pass in pieces that nobody works in. */
const mostWeight = parallelSaves;
/** Keys of a service in an invocation, about, by the default rules. */
const keysOfService = 4;

/** The key of a state, or of the item of one; no key has an empty name. */
function keyOf(id: string): string {
  return readAlertId(id)?.key ?? (id.startsWith(keyPrefix) ? id.slice(keyPrefix.length) : '');
}
