import { compileLogFormat, type StatedLogFormat } from '../../shared/treatment/logFormat/logFormat.js';

/** A line read by a server's log format, as it is compared; undefined when the format leaves it to the next one. */
export function readBy(format: StatedLogFormat, line: string | Readonly<Record<string, unknown>>) {
  const parsed = compileLogFormat(format).parse(line);
  if (!parsed) return undefined;
  const { time, columns, fields } = parsed;
  const at = time === undefined ? {} : { time: new Date(time).toISOString() };
  return { ...at, columns, fields: Object.fromEntries(fields) };
}

/** What is wrong with a log format; undefined when nothing is. */
export function refusal(format: StatedLogFormat): string | undefined {
  try {
    compileLogFormat(format);
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}
