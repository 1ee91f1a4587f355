import type { AccessColumns, Fields, Parsed } from '../../line/parsed.js';
import { firstAddress, withoutPort } from '../../parse/values/address.js';
import { scaleToMilliseconds } from '../../parse/values/duration.js';
import { putNumber } from '../../parse/values/number.js';
import { splitRequest, splitTarget } from '../../parse/values/request.js';
import type { Target, Value } from './value.js';

/** The columns of a line, and which of its values are in them. */
interface FilledColumns {
  readonly time: number | undefined;
  readonly columns: AccessColumns;
  /** Numbers that their column can't hold, under its name. */
  readonly fields: Fields;
  readonly isTaken: readonly boolean[];
}

/** Compiles which value is for which column: reads the texts of the values in their order, undefined for none. */
export function compileColumns(
  values: readonly Value[],
): (texts: readonly (string | undefined)[], decode: (text: string) => string) => FilledColumns {
  const order = values
    .flatMap(({ target }, at) => (target ? [{ target, at }] : []))
    .sort((a, b) => a.target.rank - b.target.rank);
  return (texts, decode) => {
    const columns: AccessColumns = {};
    const fields: Fields = [];
    const isTaken = values.map(() => false);
    let time: number | undefined;
    for (const { target, at } of order) {
      const text = texts[at];
      if (text === undefined || isNone(text)) continue;
      if (target.column !== 'time') isTaken[at] = take(target, text, columns, fields, decode);
      else if (time === undefined) {
        time = target.read(text);
        isTaken[at] = time !== undefined;
      }
    }
    return { time, columns, fields, isTaken };
  };
}

/** @param others what is in no column */
export function accessLine({ time, columns, fields }: FilledColumns, others: Fields): Parsed {
  return { type: 'access', time, columns, fields: [...fields, ...others] };
}

/** What servers write for a value that there is not, or that is empty. */
export function isNone(text: string): boolean {
  return text === '' || text === '-' || text === '""';
}

/** Whether the value is in its column now, and nothing of it is lost. */
function take(
  target: Exclude<Target, { column: 'time' }>,
  text: string,
  columns: AccessColumns,
  fields: Fields,
  decode: (text: string) => string,
): boolean {
  switch (target.column) {
    case 'request':
      if (columns.path !== undefined || columns.method !== undefined) return false;
      Object.assign(columns, splitRequest(text, decode));
      return true;
    case 'target':
      if (columns.path !== undefined) return false;
      Object.assign(columns, splitTarget(text, decode));
      return true;
    case 'client_ip':
      if (columns.client_ip !== undefined) return false;
      columns.client_ip = withoutPort(text);
      if (columns.client_ip !== text && port.test(text)) fields.push(['client_port', Number(port.exec(text)?.[1])]);
      return true;
    case 'clients':
      if (columns.client_ip !== undefined) return false;
      columns.client_ip = firstAddress(text);
      return columns.client_ip === text;
    case 'status':
    case 'bytes':
      if (isFilled(target.column, columns, fields)) return false;
      putNumber(columns, fields, target.column, text);
      return true;
    case 'duration_ms':
      if (isFilled('duration_ms', columns, fields)) return false;
      putNumber(columns, fields, 'duration_ms', text, (value) => scaleToMilliseconds(value, target.unit));
      return true;
    default: {
      if (columns[target.column] !== undefined) return false;
      const value = target.column === 'query' && text.startsWith('?') ? text.slice(1) : text;
      if (value !== '') columns[target.column] = decode(value);
      return true;
    }
  }
}

/** Also with a number that the column can't hold. */
function isFilled(column: 'status' | 'bytes' | 'duration_ms', columns: AccessColumns, fields: Fields): boolean {
  return columns[column] !== undefined || fields.some(([key]) => key === column);
}

const port = /:(\d{1,5})$/;
