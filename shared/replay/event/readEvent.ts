import { alertModes } from '../../record/label.js';
import { compileShape, type ShapeWords } from '../../yaml/jsonSchema.js';
import { readTime } from './readTime.js';
import { type ReplayEvent, type StatedEvent, statedEvent, type Wanted } from './replayEvent.js';
import { replayEventSchema, replayIdSchema } from './schema.js';

/** What is wrong with an event, and one that would do. */
export interface RefusedEvent {
  readonly problems: readonly string[];
  readonly example: StatedEvent;
}

/**
 * Reads an event as somebody wrote it into the Test tab of the console: an unknown key, a misspelled word or a time that is
 * none is told with what may stand there.
 *
 * @param now ms since the epoch, for the times of the example
 */
export function readEvent(event: unknown, now: number): ReplayEvent | RefusedEvent {
  if (event === null || typeof event !== 'object' || Array.isArray(event)) {
    return refused(['the event must be a JSON object'], exampleFor({}, now));
  }
  const stated = event as Stated;
  if ('status' in stated) return readIdEvent('status', stated);
  if ('cancel' in stated) return readIdEvent('cancel', stated);
  const problems = [...checkEvent(stated).map(({ message }) => message)];
  // What is wrong in itself is no reason to say more of it.
  if (problems.length === 0) problems.push(...contradictions(stated, now));
  if (problems.length > 0) return refused(problems, exampleFor(stated, now));
  return { ask: stated.dryRun === false ? 'start' : 'survey', wanted: wantedOf(stated, now) };
}

interface Stated extends Partial<Omit<Wanted, 'from' | 'to'>> {
  readonly from?: string;
  readonly to?: string;
  readonly dryRun?: boolean;
}

const words: ShapeWords = {
  name: (path) => (path.length === 0 ? 'the event' : undefined),
  keyNoun: () => 'key',
  alsoAllowed: () => '; or one of these alone: status, cancel',
  patternAdvice: () => '',
  mistyped: (path, value) =>
    path.at(-1) === 'dryRun' || path.at(-1) === 'again'
      ? `${path.at(-1)} is ${JSON.stringify(value)}; it must be true or false, without quotes`
      : undefined,
};

const checkEvent = compileShape(replayEventSchema, words);

/** What the schema can't say. */
function contradictions({ source, prefix, keys, from, to, errorCode }: Stated, now: number): string[] {
  const problems = [...timeProblems('from', from, now), ...timeProblems('to', to, now)];
  const [start, end] = [from, to].map((text) => (text === undefined ? undefined : readTime(text, now)));
  if (start !== undefined && end !== undefined && start >= end) {
    problems.push(`from is ${from}, which is not before to, ${to}`);
  }
  if (prefix !== undefined && keys !== undefined)
    problems.push('prefix and keys are both given; leave one of them out');
  if (source === 'import' && prefix === undefined && keys === undefined) {
    problems.push('import needs a prefix or keys: which objects hold the lines?');
  }
  if (errorCode !== undefined && source !== 'failed') {
    problems.push(`errorCode is given, and only records of failed have one, not those of ${source}; leave it out`);
  }
  return problems;
}

function timeProblems(name: string, text: string | undefined, now: number): string[] {
  if (text === undefined || readTime(text, now) !== undefined) return [];
  const examples = '"2026-11-28T14:00Z", a day such as "2026-11-28", "today", or "2h ago"';
  return [`${name} is ${JSON.stringify(text)}; write a time such as ${examples}`];
}

function wantedOf({ dryRun: _, from, to, ...rest }: Stated, now: number): Wanted {
  return {
    ...(rest as Pick<Wanted, 'source'> & Partial<Wanted>),
    from: from === undefined ? undefined : readTime(from, now),
    to: to === undefined ? undefined : readTime(to, now),
    alerts: rest.alerts ?? 'off',
    again: rest.again ?? false,
  };
}

function readIdEvent(ask: 'status' | 'cancel', stated: Stated): ReplayEvent | RefusedEvent {
  const problems = compileShape(replayIdSchema(ask), words)(stated).map(({ message }) => message);
  const id = (stated as Readonly<Record<string, unknown>>)[ask];
  if (problems.length === 0 && typeof id === 'string' && replayId.test(id)) return { ask, id };
  if (problems.length === 0)
    problems.push(`${JSON.stringify(id)} names no replay; the answer that began it has its name`);
  return refused(problems, { [ask]: '2026-11-28-1412-k3x9' });
}

/** As `newReplayId` makes them. */
const replayId = /^[\w-]{1,64}$/;

function refused(problems: readonly string[], example: StatedEvent): RefusedEvent {
  return { problems, example };
}

/** What was most likely meant, with what is right of the event. */
function exampleFor({ source, alerts }: Stated, now: number): StatedEvent {
  const known = replayEventSchema.properties.source.enum.find((each) => each === source) ?? 'failed';
  const hour = 3_600_000;
  const period = { from: Math.floor(now / hour) * hour - hour, to: Math.floor(now / hour) * hour };
  return statedEvent(
    {
      source: known,
      ...(known === 'import' ? { prefix: 's3://my-load-balancer-logs/AWSLogs/' } : period),
      alerts: alertModes.find((each) => each === alerts) ?? 'off',
      again: false,
    },
    true,
  );
}
