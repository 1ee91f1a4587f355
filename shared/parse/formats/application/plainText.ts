import type { Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';

/** Anything else: the whole line is the message, with the level it states at its start, if any. */
export const plainText = {
  name: 'plain-text',
  samples: [
    { of: 'any program', line: 'listening on :8080' },
    { of: 'any program, with a level', line: '[ERROR] disk full' },
    { of: 'winston, simple', line: 'warn: stock low' },
    {
      of: 'Node.js, `console.error` with an error',
      line: 'order 7 failed: Error: no stock\n    at reserve (file:///app/stock.mjs:4:9)',
    },
  ],
  parse(line: string): Parsed {
    const [, capitals, small] = leading.exec(line) ?? [];
    return toEntry({ level: capitals ?? small, message: line });
  },
} satisfies TextFormat;

/** Small letters need a colon or brackets: `error budgets are fine` states no level. */
const leading =
  /^(?:\[?(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL|PANIC)(?:\[\d+\])?\]?(?::|\s|$)|\[?(trace|debug|info|warn|warning|error|fatal)(?:\]|:)(?:\s|$))/;
