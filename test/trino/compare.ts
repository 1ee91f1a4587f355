import type { Database } from '../../local/query/database.js';
import type { TrinoAnswer } from './client.js';

type LaptopAnswer = { readonly refused: string } | { readonly rows: readonly (readonly unknown[])[] };

export async function askLaptop(database: Database, sql: string): Promise<LaptopAnswer> {
  return database.query(sql).catch((error: unknown) => ({ refused: String(error).split('\n')[0] ?? '' }));
}

/** What each says, where they differ; undefined when both refuse, or have the same rows. */
export function difference(trino: TrinoAnswer, laptop: LaptopAnswer, anyOrder = false): string | undefined {
  if ('refused' in trino && 'refused' in laptop) return undefined;
  if (!('refused' in trino) && !('refused' in laptop) && sameRows(trino, laptop.rows, anyOrder)) return undefined;
  return `  Trino:  ${shown(trino)}\n  laptop: ${shown(laptop)}`;
}

function shown(answer: LaptopAnswer): string {
  if ('refused' in answer) return `refuses: ${answer.refused}`;
  return answer.rows
    .slice(0, 8)
    .map((row) => JSON.stringify(row))
    .join(' ')
    .slice(0, 600);
}

/** Rows of both engines as texts that are equal when the values are. */
function sameRows(
  trino: Extract<TrinoAnswer, { rows: unknown }>,
  ours: readonly (readonly unknown[])[],
  anyOrder: boolean,
): boolean {
  const theirs = trino.rows.map((row) => row.map((value, at) => plainText(value, trino.columns[at]?.type ?? '')));
  const mine = ours.map((row) => row.map((value, at) => plainText(value, trino.columns[at]?.type ?? '')));
  const [a, b] = [theirs, mine].map((rows) => rows.map((row) => JSON.stringify(row)));
  return JSON.stringify(anyOrder ? a?.sort() : a) === JSON.stringify(anyOrder ? b?.sort() : b);
}

/** Numbers to twelve digits, whatever type shows them; maps by their keys. */
function plainText(value: unknown, type: string): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((each) => plainText(each, elementType(type)));
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([key, each]) => [key, plainText(each, elementType(type))])
      .sort();
  }
  if (/^(tinyint|smallint|integer|bigint|double|real|decimal)/.test(type)) return numberText(value);
  if (type === 'json') return plainText(JSON.parse(String(value)), '');
  return typeof value === 'number' ? numberText(value) : String(value);
}

function numberText(value: unknown): string {
  const number = Number(value);
  return Number.isInteger(number) && !Number.isSafeInteger(number)
    ? String(value)
    : Number(number.toPrecision(12)).toString();
}

function elementType(type: string): string {
  return /^(?:array|map)\((?:.*, )?(.+)\)$/.exec(type)?.[1] ?? '';
}
