import {
  AlreadyExistsException,
  ConcurrentModificationException,
  CreateTableCommand,
  EntityNotFoundException,
  GetTableCommand,
  GlueClient,
  type TableInput,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { columnsOfView, definitionIn, viewText } from '../../shared/athena/views.js';
import type { Catalog } from '../../shared/compact/ports.js';
import type { LogType } from '../../shared/line/schema/index.js';

/** Views as Athena keeps them: Glue tables of this database, named after their types. */
export function glueCatalog(database: string, client = new GlueClient({})): Catalog {
  return {
    async read(type) {
      try {
        const { Table } = await client.send(new GetTableCommand({ DatabaseName: database, Name: type }));
        // What is no view of ours is replaced.
        return { definition: definitionIn(Table?.ViewOriginalText ?? ''), version: Table?.VersionId ?? '' };
      } catch (error) {
        if (error instanceof EntityNotFoundException) return undefined;
        throw error;
      }
    },
    async write(type, definition, version) {
      const input = { DatabaseName: database, TableInput: viewTable(type, definition) };
      try {
        if (version === undefined) await client.send(new CreateTableCommand(input));
        // A version for every window would soon be as many as Glue keeps.
        else await client.send(new UpdateTableCommand({ ...input, VersionId: version, SkipArchive: true }));
        return true;
      } catch (error) {
        if (error instanceof AlreadyExistsException || error instanceof ConcurrentModificationException) return false;
        throw error;
      }
    },
  };
}

function viewTable(type: LogType, definition: string): TableInput {
  return {
    Name: type,
    TableType: 'VIRTUAL_VIEW',
    Parameters: { presto_view: 'true', comment: 'Presto View' },
    ViewOriginalText: viewText(definition),
    ViewExpandedText: '/* Presto View */',
    PartitionKeys: [],
    StorageDescriptor: {
      Columns: Object.entries(columnsOfView(type)).map(([Name, column]) => ({ Name, Type: column.type })),
      Location: '',
      SerdeInfo: {},
    },
  };
}
