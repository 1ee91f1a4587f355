import { parseObject } from '../../../shared/parse/json/object.js';
import type { Redactor } from '../../../shared/redact/redactor.js';

/** A line as it is stored: JSON by its keys, anything else as a message. */
export function redactLine(redactor: Redactor, line: string): string {
  const object = line.startsWith('{') ? parseObject(line) : undefined;
  if (object === undefined) {
    const row = { message: line };
    redactor.redactRow(row, []);
    return row.message;
  }
  const entries = Object.entries(object);
  const clean = redactor.redactRow({}, entries);
  return clean === entries ? line : JSON.stringify(Object.fromEntries(clean));
}
