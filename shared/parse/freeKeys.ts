import { accessJson } from './formats/access/accessJson.js';
import { applicationJson } from './formats/application/applicationJson.js';

/**
 * Whether no format of JSON objects makes anything of a string under this key, whatever it says: it goes to `fields`.
 * The formats themselves are asked, once for each key, with a value of every kind that one of them understands.
 */
export function isFreeKey(key: string): boolean {
  if (accessJson.parse({ method: 'GET', path: '/', [key]: '200' })) return false;
  return values.every((value) => {
    // With a process id `name` is the logger's.
    const { time, columns, fields } = applicationJson.parse({ pid: 7, [key]: value });
    return time === undefined && Object.keys(columns).length === 0 && fields.some(([name]) => name === key);
  });
}

const values = [
  'text',
  'text\nof two lines',
  'error',
  '2026-11-22T16:41:02Z',
  '4bf92f3577b34da6a3ce929d0e0e4736',
  '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
];
