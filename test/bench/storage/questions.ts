import type { Database } from '../../../local/query/database.js';
import { dayBeside } from '../../../shared/compact/windows.js';
import { dayStart } from './land.js';

export const day = new Date(dayStart).toISOString().slice(0, 10);

/** What people ask of a day's access lines. */
export interface Question {
  readonly name: string;
  /** What is selected, and what follows the conditions. */
  readonly select: string;
  readonly end: string;
  /** Columns that must have a value; row groups that can't have it are passed over. */
  readonly equal: Readonly<Record<string, string>>;
  readonly also?: string;
  /** No line of it arrived before this hour. */
  readonly arrivedFrom: string;
}

/** The questions, of values that the day has. */
export async function questionsOf(database: Database): Promise<readonly Question[]> {
  const one = async (sql: string) => String((await database.query(sql)).rows[0]?.[0]);
  const service = await one(
    `SELECT service FROM access WHERE status >= 500 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`,
  );
  const id = await one(`SELECT max(request_id) FROM access WHERE dt = '${day}'`);
  const arrivedFrom = `${dayBeside(day, -1)}-23`;
  return [
    {
      name: 'requests by status, an hour',
      select: 'status, count(*)',
      equal: { hour: '14' },
      end: 'GROUP BY status',
      arrivedFrom: `${day}-13`,
    },
    {
      name: 'errors of one service, a day',
      select: 'ts, method, path, status, duration_ms',
      equal: { service },
      also: 'status >= 500',
      end: 'ORDER BY ts',
      arrivedFrom,
    },
    {
      name: 'p95 by path of one service, a day',
      select: 'path, count(*), approx_percentile(duration_ms, 0.95)',
      equal: { service },
      end: 'GROUP BY path ORDER BY 3 DESC LIMIT 20',
      arrivedFrom,
    },
    {
      name: 'one request id, a day',
      select: 'ts, service, method, path, status',
      equal: { request_id: id },
      end: 'ORDER BY ts',
      arrivedFrom,
    },
    {
      name: 'requests, errors and bytes by service, a day',
      select: 'service, count(*), count_if(status >= 500), sum(bytes)',
      equal: {},
      end: 'GROUP BY service',
      arrivedFrom,
    },
  ];
}

export function sqlOf({ select, equal, also, end, arrivedFrom }: Question): string {
  const conditions = [
    ...Object.entries({ dt: day, ...equal }).map(([name, value]) => `${name} = '${value}'`),
    `arrived >= '${arrivedFrom}'`,
    ...(also ? [also] : []),
  ];
  return `SELECT ${select} FROM access WHERE ${conditions.join(' AND ')} ${end}`;
}
