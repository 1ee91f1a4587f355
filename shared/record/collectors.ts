import type { OriginColumns } from '../line/origin.js';
import { isObject, type JsonObject } from '../parse/json/object.js';

/** A program that puts a line into a record together with what it knows of who wrote it. */
export interface Collector {
  /** Where the record has the line. */
  readonly line: string;
  /** Where it may say when it read the line: the first is believed. */
  readonly times: readonly string[];
  /** Keys that only repeat what others say. */
  readonly repeats?: readonly string[];
  /** Whether a record is one of its. */
  readonly wrote: (record: JsonObject) => boolean;
  /** Who says what: for each column the places that may name it, of which the first that does is believed. */
  readonly says: Readonly<Record<keyof OriginColumns, readonly Saying[]>>;
}

/** A place in a record, and how its text names a column. */
interface Saying {
  readonly path: readonly [key: string, ...rest: string[]];
  readonly read?: ((value: unknown, record: JsonObject) => string | undefined) | undefined;
  /**
   * An operator's own word, which stands beside a whole line: where a parser of the collector has spread the line over the record, a
   * key of that name is the line's.
   */
  readonly isStated?: true;
  /** It says more than the column does: it stays among the row's `fields`. */
  readonly isKept?: true;
}

/** What was believed, and the keys of the record that are no news any more. */
export interface Said {
  readonly columns: OriginColumns;
  readonly used: ReadonlySet<string>;
}

/** Reads the columns. @param isWhole the record has its line in one piece */
export function saidBy({ says, repeats }: Collector, record: JsonObject, isWhole: boolean): Said {
  return said(says, record, isWhole, {}, repeats);
}

/** The columns that the attributes of an OTLP resource name, where the record around it named none. */
export function saidByResource(attributes: JsonObject, known: OriginColumns): Said {
  return said(resource, attributes, true, known);
}

function said(
  says: Collector['says'],
  record: JsonObject,
  isWhole: boolean,
  known: OriginColumns,
  repeats: readonly string[] = [],
): Said {
  const columns: { -readonly [K in keyof OriginColumns]: OriginColumns[K] } = { ...known };
  const used = new Set<string>(repeats);
  for (const column of originColumns) {
    for (const { path, read = text, isStated, isKept } of says[column]) {
      if (columns[column] !== undefined || (isStated && !isWhole)) continue;
      // What is left of `/` is no name.
      columns[column] = read(valueAt(record, path), record) || undefined;
      if (columns[column] !== undefined && path.length === 1 && !isKept) used.add(path[0]);
    }
  }
  return { columns, used };
}

const originColumns = ['service', 'source', 'task', 'cluster'] as const;

/** The collector whose record this is; undefined for a line that came as it is. */
export function collectorOf(record: JsonObject): Collector | undefined {
  return collectors.find(({ wrote }) => wrote(record));
}

/** Keys that a collector adds, and no line has. */
export function isCollectorKey(key: string): boolean {
  return collectorKey.test(key);
}

const collectorKey =
  /^(?:container_|ecs_|ec2_|partial_|com\.docker\.|com\.amazonaws\.ecs\.|(?:kubernetes|logtag|log\.file\.path|log\.iostream|host\.name|service\.instance\.id|source_type)$)/;

const filePath = 'log.file.path';

const usualTimes = ['time', 'date', '@timestamp'] as const;

/** What the shipped configurations set, where the rows are to say something else than what is found. */
const stated = { service: say('service.name'), cluster: say('cluster') } as const;

/** Filter `kubernetes` of Fluent Bit: https://docs.fluentbit.io/manual/pipeline/filters/kubernetes */
const kubernetes: Collector = {
  line: 'log',
  times: usualTimes,
  repeats: [filePath],
  wrote: ({ kubernetes }) => isObject(kubernetes) && typeof kubernetes.pod_name === 'string',
  says: {
    service: [
      stated.service,
      // https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
      { path: ['kubernetes', 'labels', 'app.kubernetes.io/name'] },
      { path: ['kubernetes', 'labels', 'app'] },
      {
        path: ['kubernetes', 'ownerReferences'],
        read: (owners, record) => workload(firstName(owners), valueAt(record, ['kubernetes', 'labels'])),
      },
      { path: ['kubernetes', 'container_name'] },
    ],
    source: [{ path: ['stream'] }],
    task: [{ path: ['kubernetes', 'pod_name'] }],
    cluster: [stated.cluster],
  },
};

/** The same container as long as the API server can't be asked about its pod: the name of its file has the pod's. */
const podFiles: Collector = {
  line: 'log',
  times: usualTimes,
  wrote: (record) => podOf(record[filePath]) !== undefined,
  says: {
    service: [
      stated.service,
      // A pod of a Deployment is web-6d4cf56db6-x7k2p, of a DaemonSet web-x7k2p, of a StatefulSet web-0.
      {
        path: [filePath],
        isKept: true,
        read: (path) => podOf(path)?.replace(/(?:-[bcdf-hj-np-tv-xz\d]{6,10})?-(?:[a-z\d]{5}|\d+)$/, ''),
      },
    ],
    source: [{ path: ['stream'] }],
    task: [{ path: [filePath], read: podOf, isKept: true }],
    cluster: [stated.cluster],
  },
};

/**
 * FireLens (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html) and Docker's log driver `fluentd`
 * (https://docs.docker.com/engine/logging/drivers/fluentd/), whose option `labels` adds labels of the container: those of Docker
 * Compose, or of the ECS agent on EC2.
 */
const containers: Collector = {
  line: 'log',
  times: usualTimes,
  wrote: (record) =>
    Object.hasOwn(record, 'container_name') ||
    Object.hasOwn(record, 'container_id') ||
    Object.hasOwn(record, 'ecs_task_arn'),
  says: {
    service: [
      stated.service,
      { path: ['com.docker.compose.service'] },
      { path: ['com.amazonaws.ecs.container-name'] },
      { path: ['container_name'], read: withoutSlash },
    ],
    source: [{ path: ['source'] }],
    task: [
      { path: ['ecs_task_arn'], read: lastSegment },
      { path: ['com.amazonaws.ecs.task-arn'], read: lastSegment },
      { path: ['container_name'], read: (name, record) => (composed(record) ? withoutSlash(name) : undefined) },
    ],
    cluster: [
      stated.cluster,
      { path: ['ecs_cluster'] },
      { path: ['com.amazonaws.ecs.cluster'], read: lastSegment },
      { path: ['com.docker.compose.project'] },
    ],
  },
};

/** Input `systemd` of Fluent Bit: https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html */
const journal: Collector = {
  line: 'MESSAGE',
  times: usualTimes,
  wrote: (record) => Object.hasOwn(record, 'MESSAGE') && Object.hasOwn(record, '_TRANSPORT'),
  says: {
    service: [
      stated.service,
      { path: ['CONTAINER_NAME'] },
      { path: ['_SYSTEMD_UNIT'], read: unitName, isKept: true },
      { path: ['SYSLOG_IDENTIFIER'] },
    ],
    source: [],
    task: [{ path: ['_HOSTNAME'] }],
    cluster: [stated.cluster],
  },
};

/**
 * A line and who wrote it by the names of OpenTelemetry's conventions: the input `tail` of Fluent Bit with `Path_Key log.file.path`, and
 * programs that send by themselves. https://opentelemetry.io/docs/specs/semconv/resource/
 */
const named: Collector = {
  line: 'log',
  times: usualTimes,
  wrote: ({ log, [filePath]: path, 'service.name': service }) => isText(log) && (isText(path) || isText(service)),
  says: {
    service: [stated.service, { path: [filePath], read: fileName, isKept: true }],
    source: [{ path: ['log.iostream'] }],
    task: [{ path: ['service.instance.id'] }, { path: ['host.name'] }],
    cluster: [stated.cluster],
  },
};

/** What Vector's sources say of themselves, of those that say who wrote a line. */
const vectorSources: ReadonlySet<unknown> = new Set(['docker_logs', 'kubernetes_logs', 'file', 'journald']);

/** Sources of Vector: https://vector.dev/docs/reference/configuration/sources/ */
const vector: Collector = {
  line: 'message',
  times: ['timestamp', ...usualTimes],
  wrote: ({ source_type, message }) => vectorSources.has(source_type) && isText(message),
  says: {
    service: [
      stated.service,
      { path: ['kubernetes', 'pod_labels', 'app.kubernetes.io/name'] },
      { path: ['kubernetes', 'pod_labels', 'app'] },
      {
        path: ['kubernetes', 'pod_owner'],
        read: (owner, record) => workload(lastSegment(owner), valueAt(record, ['kubernetes', 'pod_labels'])),
      },
      { path: ['kubernetes', 'container_name'] },
      { path: ['label', 'com.docker.compose.service'] },
      { path: ['container_name'], read: withoutSlash },
      { path: ['_SYSTEMD_UNIT'], read: unitName, isKept: true },
      { path: ['file'], read: fileName, isKept: true },
    ],
    source: [{ path: ['stream'] }],
    task: [{ path: ['kubernetes', 'pod_name'] }, { path: ['container_name'], read: withoutSlash }, { path: ['host'] }],
    cluster: [stated.cluster, { path: ['label', 'com.docker.compose.project'] }],
  },
};

/** https://opentelemetry.io/docs/specs/semconv/resource/ */
const resource: Collector['says'] = {
  service: [{ path: ['service.name'] }],
  source: [],
  task: [
    { path: ['k8s.pod.name'] },
    { path: ['aws.ecs.task.arn'], read: lastSegment },
    { path: ['service.instance.id'] },
    { path: ['container.id'] },
    { path: ['host.name'] },
  ],
  cluster: [{ path: ['k8s.cluster.name'] }, { path: ['aws.ecs.cluster.arn'], read: lastSegment }],
};

/**
 * Vector first: its sources use names of the others. Then Kubernetes: with `Merge_Log` its filter spreads a line's own keys over the
 * record, and one of them may be called `container_name`.
 */
const collectors: readonly Collector[] = [vector, kubernetes, containers, podFiles, journal, named];

function say(key: string): Saying {
  return { path: [key], isStated: true };
}

function valueAt(record: JsonObject, path: Saying['path']): unknown {
  let value: unknown = record;
  for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function text(value: unknown): string | undefined {
  return isText(value) ? value : undefined;
}

/** Docker names a container `/name`, FireLens `name`. */
function withoutSlash(name: unknown): string | undefined {
  if (!isText(name)) return undefined;
  return name.startsWith('/') ? name.slice(1) : name;
}

/** Of an ARN, or of `Deployment/web`. */
function lastSegment(arn: unknown): string | undefined {
  return isText(arn) ? arn.slice(arn.lastIndexOf('/') + 1) : undefined;
}

function composed(record: JsonObject): boolean {
  return Object.hasOwn(record, 'com.docker.compose.service');
}

/** An owner's name; the Deployment's behind a ReplicaSet, whose name is that one and the pod's label `pod-template-hash`. */
function workload(owner: unknown, labels: unknown): string | undefined {
  if (!isText(owner)) return undefined;
  const hash = isObject(labels) ? labels['pod-template-hash'] : undefined;
  return isText(hash) && owner.endsWith(`-${hash}`) ? owner.slice(0, -hash.length - 1) : owner;
}

function firstName(owners: unknown): unknown {
  const [owner] = Array.isArray(owners) ? owners : [];
  return isObject(owner) ? owner.name : undefined;
}

/** `/var/log/containers/POD_NAMESPACE_CONTAINER-ID.log` */
function podOf(path: unknown): string | undefined {
  return isText(path) ? /\/containers\/([^_/]+)_[^_/]+_[^/]+-[\da-f]{64}\.log$/.exec(path)?.[1] : undefined;
}

/** `shop@2.service` is an instance of the unit shop. */
function unitName(unit: unknown): string | undefined {
  const [, name] = isText(unit) ? (/^([^@]+)(?:@.*)?\.(?:service|socket|timer|mount)$/.exec(unit) ?? []) : [];
  return name;
}

/** `/var/log/nginx/access.log` is of nginx, `/var/log/shop.log` and `/srv/shop/logs/shop.1.log` of shop. */
function fileName(path: unknown): string | undefined {
  if (!isText(path)) return undefined;
  const [name = '', folder = ''] = path.split(/[/\\]/).reverse();
  return folder === '' || /^logs?$/.test(folder) ? name.split('.')[0] || undefined : folder;
}
