import { toEntry } from '../entry.js';
import type { TextFormat } from '../format.js';
import type { Parsed } from '../parsed.js';

/** Anything else: the whole line is the message, with the level it states at its start, if any. */
export const plainText = {
  name: 'plain-text',
  samples: [
    { of: 'any program', line: 'listening on :8080' },
    { of: 'any program, with a level', line: '[ERROR] disk full' },
    {
      of: 'Node.js, `console.error` with an error',
      line: 'order 7 failed: Error: no stock\n    at reserve (file:///app/stock.mjs:4:9)',
    },
  ],
  parse(line: string): Parsed {
    return toEntry({ level: leading.exec(line)?.[1], message: line });
  },
} satisfies TextFormat;

const leading = /^\[?(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL|PANIC)(?:\[\d+\])?\]?(?::|\s|$)/;
