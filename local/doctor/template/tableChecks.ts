import type { Finding } from '../finding.js';
import { type Checks, fail, listOf, mapOf, ofType, type Resource, type Subject, warn } from './subject.js';
import { textOf } from './template.js';

const guide = 'https://docs.aws.amazon.com/athena/latest/ug';
const naming = `${guide}/tables-databases-columns-names.html`;
const projection = `${guide}/partition-projection-supported-types.html`;
const setUp = `${guide}/partition-projection-setting-up.html`;

/** A name that Athena takes without quotes; Glue keeps names in lower case. */
const plainName = /^[a-z_][a-z0-9_]{0,254}$/;

/** The types of columns: https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
const columnType =
  /^(boolean|tinyint|smallint|int|integer|bigint|float|double|string|binary|date|timestamp|char\(\d+\)|varchar\(\d+\)|decimal\(\d+(,\s*\d+)?\)|array<.+>|map<.+>|struct<.+>)$/;

/** Databases, tables and their partition projection: what Glue refuses, and what only a query would find out. */
export const tableChecks: Checks = (subject) => [
  ...ofType(subject, 'AWS::Glue::Database').flatMap(({ id, properties }) =>
    misnamed(subject, id, 'DatabaseInput.Name', mapOf(properties.DatabaseInput).Name),
  ),
  ...ofType(subject, 'AWS::Glue::Table').flatMap((table) => ofTable(subject, table)),
];

function misnamed(subject: Subject, id: string, way: string, name: unknown): Finding[] {
  if (typeof name !== 'string' || name.includes('${') || plainName.test(name)) return [];
  return [
    fail(subject, id, way, {
      problem: `Glue keeps names in lower case, and Athena takes ${JSON.stringify(name)} only in quotes`,
      remedy: `write ${
        name
          .toLowerCase()
          .replace(/[^a-z0-9_]/g, '_')
          .replace(/^(?=\d)/, '_') || 'a word in lower case'
      }`,
      source: naming,
    }),
  ];
}

function ofTable(subject: Subject, { id, properties }: Resource): Finding[] {
  const input = mapOf(properties.TableInput);
  const keys = listOf(input.PartitionKeys).map(mapOf);
  const storage = mapOf(input.StorageDescriptor);
  const columns = listOf(storage.Columns).map(mapOf);
  const named = [
    ...columns.map((column, index) => ({ ...column, way: `TableInput.StorageDescriptor.Columns[${index}]` })),
    ...keys.map((key, index) => ({ ...key, way: `TableInput.PartitionKeys[${index}]` })),
  ] as readonly { readonly way: string; readonly Name?: unknown; readonly Type?: unknown }[];
  const names = named.map(({ Name }) => textOf(Name).toLowerCase());
  return [
    ...misnamed(subject, id, 'TableInput.Name', input.Name),
    ...named.flatMap(({ way, Name }) => misnamed(subject, id, `${way}.Name`, Name)),
    ...named
      .filter((_, index) => names.indexOf(names[index] ?? '') < index)
      .map(({ way, Name }) =>
        fail(subject, id, way, {
          problem: `${textOf(Name)} is there twice: HIVE_INVALID_METADATA for every query`,
          remedy: 'take one of them out; a partition key is no column',
          source: `${guide}/troubleshooting-athena.html`,
        }),
      ),
    ...named
      .filter(({ Type }) => !columnType.test(textOf(Type)))
      .map(({ way, Name, Type }) =>
        fail(subject, id, `${way}.Type`, {
          problem: `${JSON.stringify(Type)} of ${textOf(Name)} is no type that Athena knows`,
          remedy: 'write string, int, bigint, double, timestamp or another of its types',
          source: `${guide}/data-types.html`,
        }),
      ),
    ...badLocation(subject, id, 'TableInput.StorageDescriptor.Location', storage.Location),
    ...ofProjection(
      subject,
      id,
      mapOf(input.Parameters),
      keys.map(({ Name }) => textOf(Name)),
    ),
  ];
}

function badLocation(subject: Subject, id: string, way: string, location: unknown): Finding[] {
  if (typeof location !== 'string' || /^s3:\/\/.+\/$/.test(location)) return [];
  return [
    fail(subject, id, way, {
      problem: `${location} is no folder: Athena reads s3://BUCKET/FOLDER/ with the slash at its end`,
      remedy: `write ${location.startsWith('s3://') ? `${location}/` : `s3://…/`}`,
      source: `${guide}/tables-location-format.html`,
    }),
  ];
}

type Parameters = Readonly<Record<string, unknown>>;

function ofProjection(subject: Subject, id: string, parameters: Parameters, keys: readonly string[]): Finding[] {
  if (textOf(parameters['projection.enabled']).toLowerCase() !== 'true') {
    if (keys.length === 0) return [];
    return [
      warn(subject, id, 'TableInput.Parameters', {
        problem:
          'it has partition keys, and projection is not enabled: no row is found until somebody registers partitions',
        remedy: 'write projection.enabled: "true"',
        source: setUp,
      }),
    ];
  }
  const configured = Object.keys(parameters).flatMap((key) => key.match(/^projection\.(.+)\.type$/)?.[1] ?? []);
  return [
    ...keys.flatMap((key) => ofKey(subject, id, key, parameters)),
    ...configured
      .filter((key) => !keys.includes(key))
      .map((key) =>
        fail(subject, id, `TableInput.Parameters.projection.${key}.type`, {
          problem: `${key} is no partition key of the table: every query fails`,
          remedy: keys.length > 0 ? `the keys are ${keys.join(', ')}` : 'give the table the key',
          source: setUp,
        }),
      ),
    ...ofTemplate(subject, id, parameters['storage.location.template'], keys),
  ];
}

function ofKey(subject: Subject, id: string, key: string, parameters: Parameters): Finding[] {
  const property = (name: string) => {
    const value = parameters[`projection.${key}.${name}`];
    return value === undefined ? undefined : textOf(value).trim();
  };
  const broken = (name: string, problem: string, remedy: string) => [
    fail(subject, id, `TableInput.Parameters.projection.${key}.${name}`, { problem, remedy, source: projection }),
  ];
  const type = property('type')?.toLowerCase();
  switch (type) {
    case 'enum':
      return property('values')
        ? []
        : broken('values', 'an enum without values: every query fails', 'list them with commas');
    case 'integer':
      return /^-?\d+\s*,\s*-?\d+$/.test(property('range') ?? '')
        ? []
        : broken('range', `${property('range') ?? 'no range'}: every query fails`, 'write two whole numbers, as 0,23');
    case 'date':
      return ofDate(property, broken);
    case 'injected':
      return [];
    default:
      return broken(
        'type',
        type === undefined
          ? `the partition key ${key} has none: every query fails`
          : `${type} is none that Athena knows`,
        'write enum, integer, date or injected',
      );
  }
}

const units = /^(YEARS|MONTHS|WEEKS|DAYS|HOURS|MINUTES|SECONDS|MILLISECONDS)$/i;

function ofDate(
  property: (name: string) => string | undefined,
  broken: (name: string, problem: string, remedy: string) => Finding[],
): Finding[] {
  const [format, range, interval, unit] = ['format', 'range', 'interval', 'interval.unit'].map(property);
  if (!format) return broken('format', 'a date without a format: every query fails', 'write one, as yyyy-MM-dd');
  const ends = (range ?? '').split(',').map((end) => end.trim());
  const relative = /^NOW(\s*[+-]\s*\d+\s*(YEARS?|MONTHS?|WEEKS?|DAYS?|HOURS?|MINUTES?|SECONDS?))?$/i;
  if (ends.length !== 2 || ends.some((end) => !relative.test(end) && !/^\d/.test(end))) {
    return broken('range', `${range ?? 'no range'}: every query fails`, 'write two ends, as NOW-30DAYS,NOW');
  }
  if (unit !== undefined && !units.test(unit)) {
    return broken('interval.unit', `${unit} is none that Athena knows`, 'write DAYS, HOURS or another plural');
  }
  if (interval !== undefined && !/^[1-9]\d*$/.test(interval)) {
    return broken('interval', `${interval} is no whole number above 0`, 'write 1');
  }
  // Of days and months it is 1 when it isn't stated; of anything finer it has to be.
  const isFine = /[HhKkmsS]/.test(format.replace(/'[^']*'/g, ''));
  if (isFine && (interval === undefined || unit === undefined)) {
    return broken(
      'interval',
      `${format} is finer than days and there is no interval with its unit`,
      'write 1 and HOURS',
    );
  }
  return [];
}

function ofTemplate(subject: Subject, id: string, template: unknown, keys: readonly string[]): Finding[] {
  const way = 'TableInput.Parameters.storage.location.template';
  if (template === undefined) return [];
  const used = [...textOf(template).matchAll(/\$\{([^}]+)\}/g)].map(([, name = '']) => name);
  const unknown = used.find((name) => !keys.includes(name) && !name.includes('.') && !isResource(subject, name));
  const told = (problem: string, remedy: string) => [fail(subject, id, way, { problem, remedy, source: setUp })];
  const unused = keys.filter((key) => !used.includes(key));
  if (unused.length > 0) {
    return told(
      `it does not name the partition key ${unused.join(', ')}: every query fails`,
      `put \${!${unused[0]}} into it`,
    );
  }
  if (unknown !== undefined) return told(`${unknown} is no partition key`, `the keys are ${keys.join(', ')}`);
  return badLocation(subject, id, way, template);
}

function isResource({ template }: Subject, name: string): boolean {
  return name in template.Resources;
}
