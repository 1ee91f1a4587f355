import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws/awsError.js';
import type { Row } from '../query/answer.js';
import { openDatabase } from '../query/database.js';

type Json = { readonly [member: string]: unknown };

interface Execution {
  readonly state: 'RUNNING' | 'SUCCEEDED' | 'FAILED';
  readonly reason?: string;
  readonly columns?: readonly string[];
  readonly rows?: readonly Row[];
}

/** Queries whose answers are kept, the latest. */
const maxKept = 20;

/** Rows of a page. */
const pageRows = 1000;

/**
 * What functions/cost asks of Athena: questions about what the data folder holds, which DuckDB answers as `firesplit query` has it.
 *
 * @see https://docs.aws.amazon.com/athena/latest/APIReference/Welcome.html
 */
export class AthenaApi {
  private readonly executions = new Map<string, Execution>();

  constructor(private readonly data: string) {}

  /** @throws AwsError with the code of AWS. */
  async handle(operation: string, input: Json): Promise<Json> {
    switch (operation) {
      case 'StartQueryExecution':
        return this.start(String(input.QueryString));
      case 'GetQueryExecution': {
        const { state, reason } = this.find(input);
        const status = { State: state, ...(reason === undefined ? {} : { StateChangeReason: reason }) };
        return { QueryExecution: { QueryExecutionId: input.QueryExecutionId, Status: status, Statistics: {} } };
      }
      case 'GetQueryResults':
        return pageOf(this.find(input), Number(input.NextToken ?? 0));
      case 'StopQueryExecution':
        // A laptop's lines are few: it soon ends by itself.
        return {};
      default:
        throw new AwsError('UnknownOperationException', `The local Athena runs queries, and knows no ${operation}.`);
    }
  }

  private start(sql: string): Json {
    const id = randomUUID();
    this.executions.set(id, { state: 'RUNNING' });
    for (const oldest of [...this.executions.keys()].slice(0, -maxKept)) this.executions.delete(oldest);
    void this.run(sql).then((execution) => this.executions.set(id, execution));
    return { QueryExecutionId: id };
  }

  private async run(sql: string): Promise<Execution> {
    try {
      const database = await openDatabase(this.data);
      try {
        return { state: 'SUCCEEDED', ...(await database.query(sql)) };
      } finally {
        database.close();
      }
    } catch (error) {
      return { state: 'FAILED', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  private find({ QueryExecutionId: id }: Json): Execution {
    const execution = this.executions.get(String(id));
    if (!execution) throw new AwsError('InvalidRequestException', `QueryExecution ${id} was not found`);
    return execution;
  }
}

/** The names of the columns stand in front of the first row. */
function pageOf({ columns = [], rows = [], state }: Execution, from: number): Json {
  if (state !== 'SUCCEEDED') throw new AwsError('InvalidRequestException', `Query has not yet finished: ${state}`);
  const all: readonly Row[] = [columns, ...rows];
  const next = from + pageRows;
  return {
    ResultSet: {
      Rows: all.slice(from, next).map((row) => ({ Data: row.map(cell) })),
      ResultSetMetadata: { ColumnInfo: columns.map((Name, at) => ({ Name, Type: typeOf(rows, at) })) },
    },
    ...(next < all.length ? { NextToken: String(next) } : {}),
  };
}

function cell(value: unknown): Json {
  if (value === null || value === undefined) return {};
  return { VarCharValue: typeof value === 'object' ? JSON.stringify(value) : String(value) };
}

/** As far as values tell it: clients only want to know what is a number. */
function typeOf(rows: readonly Row[], at: number): string {
  const value = rows.find((row) => row[at] !== null)?.[at];
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value !== 'number') return 'varchar';
  return rows.every((row) => Number.isInteger(row[at] ?? 0)) ? 'bigint' : 'double';
}
