import { isAbsolute, relative } from 'node:path';
import pc from 'picocolors';
import { counted } from '../../../shared/text/wording.js';
import type { Stack } from '../../stack/stack.js';

export interface BannerOptions {
  readonly version: string;
  readonly config: string;
  readonly rules: string;
  /** Whether the stream takes its time as AWS does. */
  readonly asAws: boolean;
  /** Whether rows are forwarded to the intake of this machine. */
  readonly forwards?: boolean;
  readonly color: boolean;
}

/** What a person who starts `up` needs: the addresses, what holds, and what to type next. At most 80 characters wide. */
export function banner(
  { urls, data, ca, stream, queryableWithin }: Pick<Stack, 'urls' | 'data' | 'ca' | 'stream' | 'queryableWithin'>,
  { version, config, rules, asAws, forwards = false, color }: BannerOptions,
): string {
  const paint = pc.createColors(color);
  // One more for the function.
  const seconds = Math.ceil(queryableWithin / 1000) + 1;
  const facts = [
    ['Firehose API', urls.firehose, `stream ${stream}`],
    ['  over TLS', urls.firehoseTls, `trust ${near(ca)}`],
    ['Slack inbox', urls.slack, ''],
    ...(forwards ? [['log intake', urls.intake, 'what is forwarded'] as const] : []),
    ['console', urls.console, 'what AWS would bill'],
    ['data', near(data), 'ready.json has the token'],
    ['configuration', near(config), 'read again on change'],
    ['rules', near(rules), 'likewise'],
    ['queryable', `within ${counted(seconds, 'second')}`, asAws ? 'as in AWS' : 'as in AWS: --as-aws'],
  ] as const;
  const flag = near(data) === '.firesplit' || process.env.FIRESPLIT_DATA ? '' : ` --data ${near(data)}`;
  return [
    '',
    `  ${paint.bold(`${paint.green('●')} firesplit ${version} is up`)}  ${paint.dim('Ctrl-C stops it, nothing gets lost')}`,
    '',
    ...facts.map(([name, value, note]) => {
      const shown = value.startsWith('http') ? paint.cyan(value) : value;
      const start = `    ${paint.dim(name.padEnd(NAMES))} ${shown}`;
      if (note === '') return start;
      const gap = VALUES - value.length;
      const fits = NAMES + 5 + Math.max(VALUES, value.length) + 2 + note.length <= WIDTH;
      return `${start}${fits ? ' '.repeat(Math.max(0, gap) + 2) : `\n${' '.repeat(NAMES + 5)}`}${paint.dim(note)}`;
    }),
    '',
    `  ${paint.bold('Next, in another terminal')}`,
    '',
    `    npx firesplit send${flag} access.log`,
    `    npx firesplit tail${flag}`,
    `    npx firesplit query${flag} "SELECT ts, service, message FROM error"`,
    '',
  ].join('\n');
}

const WIDTH = 80;
const NAMES = 13;
/** Characters of a usual address with its path. */
const VALUES = 27;

/** A path as one would type it: from here if it lies below. */
function near(path: string): string {
  const way = relative(process.cwd(), path);
  return way === '' || way.startsWith('..') || isAbsolute(way) ? path : way;
}
