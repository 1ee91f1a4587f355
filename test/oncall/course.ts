import { type NotifiedAlert, simulate } from '../../shared/alerts/simulation/simulate.js';
import { RecordReader } from '../../shared/record/read.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import { compileRules, type RuleSet } from '../../shared/rules/matching/match.js';
import { compilePolicy } from '../../shared/treatment/policy.js';
import type { Incident } from './incidents.js';
import { type LogLine, quietMinute, statedTime } from './traffic.js';

const minuteMs = 60_000;
/** Minutes before the incident, in which the errors that there always are become known, and of the incident. */
const before = 20;
const during = 30;

/** What people heard of an incident, and whether it is what they must hear. */
export interface Course {
  readonly incident: Incident;
  readonly lines: number;
  /** The message that must come, if it came. */
  readonly first?: { readonly minutes: number; readonly severity: string };
  /** Messages since its beginning, a digest being one. */
  readonly messages: number;
  /** What was told, each rule and key once. */
  readonly told: readonly string[];
  readonly passed: boolean;
}

/**
 * Lets an incident pass by the rules: its lines go through the real reader, in one invocation a minute, which comes when
 * the minute is over, as Firehose buffers them; what is told is decided by the code that is deployed.
 */
export async function runCourse(incident: Incident, rules: readonly Rule[]): Promise<Course> {
  const start = Date.UTC(2026, 0, 5, 9);
  const begin = start + before * minuteMs;
  const set = compileRules(rules);
  const reader = new RecordReader(compilePolicy());
  let lines = 0;
  function* invocations() {
    for (let minute = 0; minute < before + during; minute++) {
      const quiet = quietMinute(minute);
      const logged = minute < before ? quiet : incident.change(quiet, minute - before);
      lines += logged.length;
      yield invocation(logged, start + minute * minuteMs, reader, set);
    }
  }
  const alerts: NotifiedAlert[] = [];
  let messages = 0;
  for await (const each of simulate(rules, undefined, invocations(), { from: start, to: begin + during * minuteMs })) {
    if (each.at < begin) continue;
    if (each.kind === 'alert') alerts.push(each);
    if (each.kind === 'digest' || !each.digested) messages++;
  }
  const { tell, most } = incident;
  const wanted = alerts.find(({ alert }) => alert.rule === tell?.rule && alert.key === tell.key);
  const first = wanted && { minutes: (wanted.at - begin) / minuteMs, severity: wanted.alert.settings.severity };
  const told = [...new Set(alerts.map(({ alert }) => `${alert.rule} ${alert.key}`))];
  const isTold = tell
    ? first !== undefined && first.severity === tell.severity && first.minutes <= tell.within
    : alerts.every(({ alert }) => alert.settings.severity === 'info');
  return { incident, lines, ...(first ? { first } : {}), messages, told, passed: isTold && messages <= most };
}

/** A minute's lines, evenly spread over it, as one record. */
function invocation(lines: readonly LogLine[], minute: number, reader: RecordReader, rules: RuleSet) {
  const collector = rules.collector();
  const { access } = collector;
  const reading = reader.begin({
    row: () => undefined,
    entry: (type, row) => collector.observe(type, row),
    access,
    blank: () => undefined,
  });
  const sent = lines.flatMap(({ service, task, text }, index) => {
    const time = new Date(minute + Math.floor((index * minuteMs) / lines.length));
    const origin = { container_name: service, ecs_task_arn: task, source: 'stdout', time: time.toISOString() };
    const now = text.replace(statedTime, accessLogTime(time));
    return now.split('\n').map((log) => JSON.stringify({ ...origin, log }));
  });
  const data = Buffer.from(sent.join('\n')).toString('base64');
  reading.read({ recordId: `${minute}`, approximateArrivalTimestamp: minute + minuteMs, data });
  reading.end();
  return { at: minute + minuteMs, signals: collector.signals(), failures: collector.failures() };
}

/** Written `05/Jan/2026:09:00:00 +0000`. */
function accessLogTime(time: Date): string {
  const [, day, month, year, clock] = /, (\d+) (\w+) (\d+) (\S+)/.exec(time.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}
