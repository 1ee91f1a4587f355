import type { TextFormat } from '../format.js';
import { isError, parseLevel } from '../level.js';
import type { Parsed } from '../parsed.js';

/** Anything else: the whole line is the message, with the level it states at its start, if any. */
export const plainText = {
  name: 'plain-text',
  samples: [
    { of: 'any program', line: 'listening on :8080' },
    { of: 'any program, with a level', line: '[ERROR] disk full' },
  ],
  parse(line: string): Parsed {
    const level = parseLevel(leading.exec(line)?.[1]);
    return {
      type: isError(level) ? 'error' : 'app',
      columns: level ? { level, message: line } : { message: line },
      fields: [],
    };
  },
} satisfies TextFormat;

const leading = /^\[?(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL|PANIC)\]?(?::|\s|$)/;
