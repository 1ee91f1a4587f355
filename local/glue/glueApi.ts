import { AwsError, validationError } from '../aws/awsError.js';
import { type CatalogTable, type CatalogTables, readTables, writeTables } from './tableFile.js';

type Json = { readonly [member: string]: unknown };

/**
 * What functions/compact asks of Glue: views that are made, read and changed if they are still the version that was read.
 *
 * @see https://docs.aws.amazon.com/glue/latest/webapi/API_UpdateTable.html
 */
export class GlueApi {
  /** One change at a time: each reads the file and writes it. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly data: string) {}

  /** @throws AwsError with the code of AWS. */
  async handle(operation: string, input: Json): Promise<Json> {
    switch (operation) {
      case 'GetTable':
        return this.table(input);
      case 'CreateTable':
        return this.change(input, (table) => {
          if (table) throw new AwsError('AlreadyExistsException', 'Table already exists.');
          return 1;
        });
      case 'UpdateTable':
        return this.change(input, (table) => {
          if (!table) throw notFound(nameOf(input));
          const { VersionId: version } = input;
          if (version !== undefined && version !== String(table.version)) {
            throw new AwsError(
              'ConcurrentModificationException',
              'Update table failed due to concurrent modifications.',
            );
          }
          return table.version + 1;
        });
      default:
        throw new AwsError('UnknownOperationException', `The local Glue keeps views, and knows no ${operation}.`);
    }
  }

  private async table(input: Json): Promise<Json> {
    const table = (await readTables(this.data))[keyOf(input, input.Name)];
    if (!table) throw notFound(String(input.Name));
    return { Table: { ...table.input, DatabaseName: input.DatabaseName, VersionId: String(table.version) } };
  }

  /** @param versionOf the next version of the table that is there, or an error */
  private change(input: Json, versionOf: (table: CatalogTable | undefined) => number): Promise<Json> {
    const key = keyOf(input, nameOf(input));
    const work = async () => {
      const tables: CatalogTables = await readTables(this.data);
      const version = versionOf(tables[key]);
      await writeTables(this.data, { ...tables, [key]: { input: input.TableInput as Json, version } });
      return {};
    };
    const result = this.last.then(work, work);
    this.last = result.catch(() => undefined);
    return result;
  }
}

function nameOf({ TableInput: table }: Json): string {
  return String((table as Json | undefined)?.Name ?? '');
}

function keyOf({ DatabaseName: database }: Json, name: unknown): string {
  if (typeof database !== 'string' || typeof name !== 'string' || name === '') {
    throw validationError(['DatabaseName and the name of a table must not be null']);
  }
  return `${database}.${name}`;
}

function notFound(name: string): AwsError {
  return new AwsError('EntityNotFoundException', `Entity Not Found: table ${name}`);
}
