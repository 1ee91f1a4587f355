import type { Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';
import { levelAtStart } from '../../head/levelAtStart.js';

/** Anything else: the whole line is the message, with the level it states at its start, if any. */
export const plainText = {
  name: 'plain-text',
  samples: [
    { of: 'any program', line: 'listening on :8080' },
    { of: 'any program, with a level', line: '[ERROR] disk full' },
    { of: 'logrus, on a terminal', line: 'ERRO[0012] disk full                                    volume=data' },
    { of: 'nginx, before its log is open', line: 'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address in use)' },
    { of: 'winston, simple', line: 'warn: stock low' },
    {
      of: 'Node.js, `console.error` with an error',
      line: 'order 7 failed: Error: no stock\n    at reserve (file:///app/stock.mjs:4:9)',
    },
  ],
  parse(line: string): Parsed {
    return toEntry({ level: levelAtStart(line.trimStart()), message: line });
  },
} satisfies TextFormat;
