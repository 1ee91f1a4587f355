import type { Path } from './finding.js';

/** A task definition as far as it can be read: what is missing or of another type is undefined. */
export interface Task {
  readonly path: Path;
  readonly containers: readonly Container[];
  readonly isFargate: boolean;
  readonly networkMode: string | undefined;
  /** CPU units. */
  readonly cpu: number | undefined;
  /** MiB. */
  readonly memory: number | undefined;
  readonly hasTaskRole: boolean;
  readonly hasExecutionRole: boolean;
}

export interface Container {
  readonly path: Path;
  readonly name: string;
  readonly image: string | undefined;
  readonly isEssential: boolean;
  readonly user: string | undefined;
  /** MiB: the hard limit, and the soft one. */
  readonly memory: number | undefined;
  readonly memoryReservation: number | undefined;
  /** Seconds. */
  readonly stopTimeout: number | undefined;
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  readonly dependsOn: readonly { readonly container: string | undefined; readonly condition: string | undefined }[];
  /** Its environment, secrets included: their values are undefined. */
  readonly environment: ReadonlyMap<string, string | undefined>;
  /** Where volumes are mounted, and those of them and of tmpfs that the container may write to. */
  readonly mountedFolders: readonly string[];
  readonly writableFolders: readonly string[];
  readonly ports: readonly number[];
  readonly isReadOnly: boolean;
  readonly restarts: boolean;
  readonly healthCommand: readonly string[] | undefined;
  readonly logDriver: string | undefined;
  readonly logOptions: ReadonlyMap<string, string>;
  /** Undefined for containers that are no router. */
  readonly fireLens: { readonly type: string | undefined; readonly options: ReadonlyMap<string, string> } | undefined;
}

/**
 * Reads what a team has in its repository or what `aws ecs describe-task-definition` prints, also the list of containers alone.
 * Never throws; undefined when there is nothing of a task definition in it.
 */
export function readTask(json: unknown): Task | undefined {
  if (Array.isArray(json)) return readParts({}, [], json, []);
  const outer = recordOf(json);
  const [fields, path]: [Fields, Path] = isRecord(outer.taskDefinition)
    ? [recordOf(outer.taskDefinition), ['taskDefinition']]
    : [outer, []];
  if (!Array.isArray(fields.containerDefinitions)) return undefined;
  return readParts(fields, path, fields.containerDefinitions, ['containerDefinitions']);
}

/** Whether a path is a folder or something in it. */
export function isBelow(path: string, folder: string): boolean {
  const ended = (text: string) => (text.endsWith('/') ? text : `${text}/`);
  return ended(path).startsWith(ended(folder));
}

type Fields = Readonly<Record<string, unknown>>;

function readParts(fields: Fields, path: Path, containers: readonly unknown[], below: Path): Task {
  // What ECS describes says where a definition may run that requires nothing.
  const compatibilities = listOf(fields.requiresCompatibilities ?? fields.compatibilities);
  return {
    path,
    containers: containers.map((container, at) => readContainer(recordOf(container), [...path, ...below, at])),
    isFargate: compatibilities.includes('FARGATE'),
    networkMode: textOf(fields.networkMode),
    cpu: unitsOf(fields.cpu, 1024),
    memory: unitsOf(fields.memory, 1024),
    hasTaskRole: Boolean(textOf(fields.taskRoleArn)),
    hasExecutionRole: Boolean(textOf(fields.executionRoleArn)),
  };
}

function readContainer(fields: Fields, path: Path): Container {
  const log = recordOf(fields.logConfiguration);
  const fireLens = recordOf(fields.firelensConfiguration);
  const mounts = listOf(fields.mountPoints);
  return {
    path,
    name: textOf(fields.name) ?? '',
    image: textOf(fields.image),
    isEssential: fields.essential !== false,
    user: textOf(fields.user),
    memory: numberOf(fields.memory),
    memoryReservation: numberOf(fields.memoryReservation),
    stopTimeout: numberOf(fields.stopTimeout),
    entryPoint: textsOf(fields.entryPoint),
    command: textsOf(fields.command),
    dependsOn: listOf(fields.dependsOn).map((each) => {
      const { containerName, condition } = recordOf(each);
      return { container: textOf(containerName), condition: textOf(condition) };
    }),
    environment: new Map([...namedValues(fields.environment), ...namedValues(fields.secrets)]),
    mountedFolders: foldersOf(mounts),
    writableFolders: foldersOf([
      ...mounts.filter((mount) => recordOf(mount).readOnly !== true),
      ...listOf(recordOf(fields.linuxParameters).tmpfs),
    ]),
    ports: listOf(fields.portMappings).flatMap((each) => numberOf(recordOf(each).containerPort) ?? []),
    isReadOnly: fields.readonlyRootFilesystem === true,
    restarts: recordOf(fields.restartPolicy).enabled === true,
    healthCommand: isRecord(fields.healthCheck) ? textsOf(recordOf(fields.healthCheck).command) : undefined,
    logDriver: textOf(log.logDriver),
    logOptions: textMap(log.options, log.secretOptions),
    fireLens: isRecord(fields.firelensConfiguration)
      ? { type: textOf(fireLens.type), options: textMap(fireLens.options, undefined) }
      : undefined,
  };
}

function foldersOf(mounts: readonly unknown[]): string[] {
  return mounts.flatMap((mount) => textOf(recordOf(mount).containerPath) ?? []);
}

/** `256` and `"256"`, and of a task also `".25 vCPU"` and `"2 GB"`. */
function unitsOf(value: unknown, perUnit: number): number | undefined {
  const [, amount, unit] = /^\s*(\d*\.?\d+)\s*(vcpu|gb)?\s*$/i.exec(textOf(value) ?? '') ?? [];
  if (amount === undefined) return undefined;
  return unit === undefined ? Number(amount) : Number(amount) * perUnit;
}

function numberOf(value: unknown): number | undefined {
  const text = textOf(value);
  const number = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function textOf(value: unknown): string | undefined {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

function textsOf(value: unknown): string[] {
  return listOf(value).flatMap((each) => textOf(each) ?? []);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Options of a driver or a router; those that are secrets have no value here. */
function textMap(options: unknown, secrets: unknown): Map<string, string> {
  const plain = Object.entries(recordOf(options)).map(([key, value]) => [key, textOf(value) ?? ''] as const);
  return new Map([...namedValues(secrets).map(([name]) => [name, ''] as const), ...plain]);
}

function namedValues(list: unknown): (readonly [string, string | undefined])[] {
  return listOf(list).flatMap((each) => {
    const { name, value } = recordOf(each);
    const key = textOf(name);
    return key === undefined ? [] : [[key, textOf(value)] as const];
  });
}

function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
