import { unknownOrigin } from '../line/origin.js';
import { openEnvelope } from '../record/envelope.js';

/** Who sends a line that comes without a collector's record around it. */
export interface Sender {
  readonly service: string;
  readonly source: string;
}

/** Lines as a record of the stream holds them. */
export interface Delivered {
  /** NDJSON. */
  readonly data: string;
  /** When the collector read lines, by its record: ms since the epoch. */
  readonly times: ReadonlySet<number>;
  /** How the collector names what the columns of the origin hold; undefined when no line came in a collector's record. */
  readonly keys: CollectorKeys | undefined;
}

type CollectorKeys = Readonly<Record<'service' | 'source' | 'task' | 'cluster' | 'time', string>>;

/** Each line in the FireLens record of its sender; one that is a collector's record already stays as it is. */
export function deliveredAs(text: string, { service, source }: Sender): Delivered {
  const times = new Set<number>();
  let keys: CollectorKeys | undefined;
  const records = text.split(/\r?\n/).map((line) => {
    const events = openEnvelope(line);
    const [first] = events;
    if (first?.origin === unknownOrigin) return JSON.stringify({ container_name: service, source, log: line });
    keys = first?.origin.extra.some(([key]) => key === 'log_group') ? cloudWatchKeys : fireLensKeys;
    for (const { time } of events) if (time !== undefined) times.add(time);
    return line;
  });
  return { data: records.join('\n'), times, keys };
}

const fireLensKeys = {
  service: 'container_name',
  source: 'source',
  task: 'ecs_task_arn',
  cluster: 'ecs_cluster',
  time: 'time',
};
const cloudWatchKeys = { ...fireLensKeys, service: 'logGroup', time: 'timestamp' };
