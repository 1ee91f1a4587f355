import { MemoryStateStore } from '../../shared/alerts/simulation/memoryStore.js';
import { type Invocation, type Notified, simulate } from '../../shared/alerts/simulation/simulate.js';
import { KeyStates } from '../../shared/alerts/state/keyStates.js';
import { titleOf } from '../../shared/alerts/title.js';
import { severities } from '../../shared/conditions/ruleSettings.js';
import { RecordReader } from '../../shared/record/read.js';
import type { AlertsConfig } from '../../shared/rules/language/alertsConfig.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import { compileRules, type RuleSet } from '../../shared/rules/matching/match.js';
import { compilePolicy } from '../../shared/treatment/policy.js';
import { dated } from './dated.js';
import { type Incident, minuteOf } from './incidents/incident.js';
import { dayMs, type LogLine, minuteMs } from './lines.js';
import { type Company, shop } from './services.js';
import { quietMinute } from './traffic.js';

/** Midnight of the first day, a Monday. */
const firstDay = Date.UTC(2026, 0, 5);

/** Minutes after an incident, in which it may be told to be over. */
const after = 45;

/** What people hear of a day on which nothing happens, and what it costs to know that. */
export interface QuietDay {
  readonly lines: number;
  /** Writes of what is remembered, for each service and invocation. */
  readonly writes: number;
  /** A digest is one. */
  readonly messages: number;
  /** What was told, each rule and key once. */
  readonly told: readonly string[];
  /** The messages, each with the minute of the time in which it came. */
  readonly heard: readonly string[];
}

/** What people heard of an incident, and whether it is what they must hear. */
export interface Course {
  readonly incident: Incident;
  /** The message that must come, if it came. */
  readonly first?: { readonly rule: string; readonly minutes: number; readonly severity: string };
  /** Messages since its beginning, a digest being one. */
  readonly messages: number;
  readonly told: readonly string[];
  /** The messages, each with the minute of the incident in which it came. */
  readonly heard: readonly string[];
  readonly passed: boolean;
}

/**
 * A time of quiet days, and incidents on the day after them, each from what the alert function remembers by then.
 *
 * The lines go through the real reader, in one invocation a minute, which comes when the minute is over, as Firehose
 * buffers them; what is told is decided by the code that is deployed.
 */
export class OnCall {
  private readonly reader = new RecordReader(compilePolicy());
  private readonly set: RuleSet;
  private readonly store = new CountingStore();
  /** Up to when it is quiet in the store. */
  private now: number;

  /** @param from when the rules are deployed; midnight of the first day when absent. */
  constructor(
    private readonly rules: readonly Rule[],
    private readonly config: AlertsConfig | undefined,
    private readonly company: Company = shop,
    from = firstDay,
  ) {
    this.set = compileRules(rules);
    this.now = from;
  }

  /** Lets a quiet time pass, up to a time of the third day or to the end of a day. */
  async quietUntil(until: number): Promise<QuietDay> {
    let lines = 0;
    const [begin, saved] = [this.now, this.store.saved];
    const heard = await this.hear(this.store, this.now, until, (at) => {
      const quiet = quietMinute(this.company, at);
      lines += quiet.length;
      return quiet;
    });
    this.now = until;
    const writes = (this.store.saved - saved) / (this.company.services.length * ((until - begin) / minuteMs));
    return {
      lines,
      writes,
      messages: heard.length - digested(heard),
      told: toldIn(heard),
      heard: heard.flatMap((each) => messageOf(each, begin)),
    };
  }

  /** The end of a day, the first being 1. */
  endOf(day: number): number {
    return firstDay + day * dayMs;
  }

  /** When an incident begins, ms since the epoch. They are to be run in this order. */
  beginOf({ from = '11:20' }: Incident): number {
    const [hours = 0, minutes = 0] = from.split(':').map(Number);
    return this.endOf(2) + (hours * 60 + minutes) * minuteMs;
  }

  async run(incident: Incident): Promise<Course> {
    const begin = this.beginOf(incident);
    if (begin > this.now) await this.quietUntil(begin);
    const { lasts = 30, tell, most } = incident;
    const heard = await this.hear(this.store.copy(), begin, begin + (lasts + after) * minuteMs, (at) => {
      const [quiet, number] = [quietMinute(this.company, at), (at - begin) / minuteMs];
      return number < lasts ? incident.change(minuteOf(quiet, number, at)) : quiet;
    });
    const alerts = heard.flatMap((each) => (each.kind === 'alert' ? [each] : []));
    const wanted = alerts.find(
      ({ alert, alert: { rule, key, settings } }) =>
        (tell?.alert.test(`${rule} ${key}`) || tell?.alert.test(titleOf(alert))) &&
        severities.indexOf(settings.severity) >= severities.indexOf(tell.severity),
    );
    const first = wanted && {
      rule: wanted.alert.rule,
      minutes: Math.ceil((wanted.at - begin) / minuteMs),
      severity: wanted.alert.settings.severity,
    };
    const messages = heard.length - digested(heard);
    const isTold = tell
      ? first !== undefined && first.minutes <= tell.within
      : alerts.every(({ alert }) => alert.settings.severity === 'info');
    return {
      incident,
      ...(first ? { first } : {}),
      messages,
      told: toldIn(heard),
      heard: heard.flatMap((each) => messageOf(each, begin)),
      passed: isTold && messages <= most,
    };
  }

  private async hear(
    store: MemoryStateStore,
    from: number,
    to: number,
    linesOf: (at: number) => readonly LogLine[],
  ): Promise<Notified[]> {
    const heard: Notified[] = [];
    for await (const each of simulate(
      this.rules,
      this.config,
      this.invocations(from, to, linesOf),
      { from, to },
      // As they are deployed, so that writes are those of the table.
      new KeyStates(store, () => from),
    ))
      heard.push(each);
    return heard;
  }

  private *invocations(from: number, to: number, linesOf: (at: number) => readonly LogLine[]): Generator<Invocation> {
    let held: LogLine[] = [];
    for (let at = from; at < to; at += minuteMs) {
      const [come, wait] = [[] as LogLine[], [] as LogLine[]];
      const end = at + minuteMs;
      for (const line of [...held, ...linesOf(at)]) ((line.arrives ?? line.at) < end ? come : wait).push(line);
      held = wait;
      if (come.length > 0) yield this.invocation(come, end);
    }
  }

  private invocation(lines: readonly LogLine[], at: number): Invocation {
    const collector = this.set.collector();
    const reading = this.reader.begin({
      row: () => undefined,
      entry: (type, row) => collector.observe(type, row),
      access: collector.access,
      blank: () => undefined,
    });
    const data = Buffer.from(lines.map(sent).join('\n')).toString('base64');
    reading.read({ recordId: `${at}`, approximateArrivalTimestamp: at, data });
    reading.end();
    return { at, signals: collector.signals(), failures: collector.failures() };
  }
}

/** Counts what is written. */
class CountingStore extends MemoryStateStore {
  saved = 0;

  override save(...what: Parameters<MemoryStateStore['save']>): Promise<boolean> {
    this.saved++;
    return super.save(...what);
  }
}

/** As the log router of ECS sends it. */
function sent({ service, task, revision, at, text, skew = 0 }: LogLine): string {
  const time = at + skew;
  const origin = {
    container_name: service,
    ecs_task_arn: task,
    ecs_task_definition: revision,
    source: 'stdout',
    time: new Date(time).toISOString(),
  };
  return dated(text, time)
    .split('\n')
    .map((log) => JSON.stringify({ ...origin, log }))
    .join('\n');
}

function messageOf(heard: Notified, begin: number): string[] {
  const minute = `${Math.ceil((heard.at - begin) / minuteMs)} min`;
  if (heard.kind === 'digest') {
    const { members = [], alerts, resolved = 0 } = heard.digest;
    const named = members.map(({ over, title }) => `${over ? 'over: ' : ''}${title}`).join(', ');
    return [`${minute}: ${alerts} alerts, ${resolved} over: ${named}`];
  }
  if (heard.digested) return [];
  return [`${minute}: ${heard.alert.notice.kind === 'resolved' ? 'over: ' : ''}${heard.title}`];
}

function digested(heard: readonly Notified[]): number {
  return heard.filter((each) => each.kind === 'alert' && each.digested).length;
}

function toldIn(heard: readonly Notified[]): string[] {
  return [...new Set(heard.flatMap((each) => (each.kind === 'alert' ? [`${each.alert.rule} ${each.alert.key}`] : [])))];
}
