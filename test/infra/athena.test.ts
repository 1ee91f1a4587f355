import { beforeAll, describe, expect, it } from '@jest/globals';
import { logTypes, partitionColumns, tables } from '../../shared/schema/index.js';
import { packageService, properties, type Template } from './package.js';

interface Table {
  TableInput: {
    Name: string;
    Parameters: Record<string, unknown>;
    PartitionKeys: { Name: string; Type: string }[];
    StorageDescriptor: {
      Location: unknown;
      Columns: { Name: string; Type: string; Comment: string }[];
      SerdeInfo: { SerializationLibrary: string };
    };
  };
}

const glueTypes = { timestamp: 'timestamp', string: 'string', int: 'int', bigint: 'bigint', double: 'double' };
let template: Template;

beforeAll(async () => {
  ({ template } = await packageService([]));
}, 60_000);

function tableNamed(name: string): Table['TableInput'] {
  const found = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Glue::Table')
    .map(({ Properties }) => (Properties as Table).TableInput)
    .find(({ Name }) => Name === name);
  if (!found) throw new Error(`no Glue table named ${name}`);
  return found;
}

describe.each(logTypes)('the Glue table %s', (type) => {
  it('has the columns of the schema, in their order', () => {
    expect(tableNamed(type).StorageDescriptor.Columns.map(({ Name, Type }) => [Name, Type])).toEqual(
      Object.entries(tables[type]).map(([name, column]) => [name, glueTypes[column.type]]),
    );
  });

  it('keeps within the length of a Glue comment', () => {
    // https://docs.aws.amazon.com/glue/latest/webapi/API_Column.html
    for (const { Comment } of tableNamed(type).StorageDescriptor.Columns)
      expect(Comment.length).toBeLessThanOrEqual(255);
  });

  it('projects every partition column onto the prefix that the stream writes', () => {
    const { PartitionKeys, Parameters, StorageDescriptor } = tableNamed(type);
    expect(PartitionKeys.map(({ Name, Type }) => [Name, Type])).toEqual(
      partitionColumns.map((name) => [name, 'string']),
    );
    expect(Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.type.type': 'enum',
      'projection.type.values': type,
      'projection.dt.type': 'date',
      'projection.dt.format': 'yyyy-MM-dd',
      'projection.hour.type': 'integer',
      'projection.hour.range': '0,23',
      'projection.hour.digits': '2',
      'storage.location.template': {
        'Fn::Sub': `s3://\${LogsBucket}/logs/${partitionColumns.map((name) => `${name}=\${!${name}}/`).join('')}`,
      },
    });
    expect(StorageDescriptor.Location).toEqual({ 'Fn::Sub': `s3://\${LogsBucket}/logs/type=${type}/` });
    expect(StorageDescriptor.SerdeInfo.SerializationLibrary).toBe('org.openx.data.jsonserde.JsonSerDe');
  });

  it('looks back as far as the bucket keeps lines', () => {
    const { LifecycleConfiguration } = properties<{
      LifecycleConfiguration: { Rules: { Prefix?: string; ExpirationInDays?: number }[] };
    }>(template, 'LogsBucket');
    const days = LifecycleConfiguration.Rules.find(({ Prefix }) => Prefix === 'logs/')?.ExpirationInDays;
    expect(tableNamed(type).Parameters['projection.dt.range']).toBe(`NOW-${days}DAYS,NOW+1DAYS`);
  });
});
