import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { EntryRow } from '../../../shared/line/schema/index.js';
import { clockRule } from '../../../shared/rules/clockRule.js';
import type { ParsedRules } from '../../../shared/rules/language/loadRules.js';
import { compileRules, type RuleSet } from '../../../shared/rules/matching/match.js';
import { streamRule } from '../../../shared/rules/streamRule.js';
import { T0 } from '../../helpers/alerts.js';
import { shippedRules } from '../../helpers/shippedRules.js';

let parsed: ParsedRules;
let looking: RuleSet;
beforeAll(async () => {
  parsed = await shippedRules();
  // Those that go by what a line says; the others count whatever comes.
  looking = compileRules(parsed.rules.filter(({ where }) => ['message', 'level', 'any'].some((key) => key in where)));
});

function seenBy(row: Partial<EntryRow>): string[] {
  const collector = looking.collector();
  collector.observe('error', { ts: T0, service: 'pay', ...row });
  return collector.signals().map(({ rule }) => rule);
}

describe('the rules that ship', () => {
  it.each<[string, Partial<EntryRow>, string[]]>([
    ['a fatal line', { level: 'fatal', message: 'cannot go on' }, ['fatal-line']],
    [
      'a fatal line about an exception',
      { level: 'fatal', message: 'uncaught exception' },
      ['fatal-line', 'unhandled-exception'],
    ],
    ['the JVM', { level: 'error', message: 'java.lang.OutOfMemoryError: Java heap space' }, ['out-of-memory']],
    [
      'Node',
      { message: 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory' },
      ['out-of-memory'],
    ],
    ['Python', { level: 'error', message: 'MemoryError' }, ['out-of-memory']],
    [
      'nginx',
      { level: 'error', message: '*1 connect() failed (111: Connection refused) while connecting to upstream' },
      ['upstream-down'],
    ],
    [
      'a crash',
      { level: 'error', message: 'Exception in thread "main" java.lang.NullPointerException' },
      ['unhandled-exception'],
    ],
    ['an expired certificate', { level: 'error', message: 'request failed: certificate has expired' }, ['certificate']],
    ['a rejection', { level: 'error', message: 'Unhandled promise rejection: x' }, ['unhandled-exception']],
    ['Go', { level: 'error', message: 'panic: runtime error: index out of range' }, ['unhandled-exception']],
    [
      'a declined payment',
      { level: 'error', message: 'payment declined order=1 reason=do_not_honor' },
      ['payment-declined'],
    ],
    ['a proxy without a server', { message: 'backend shop has no server available!' }, ['upstream-down']],
    ['a process that failed', { message: 'Process exited with code 137' }, ['crash-loop']],
    ['a process that ended', { message: 'Process exited with code 0' }, []],
    ['a worker that was killed', { message: 'worker process 31 was terminated by signal 9' }, ['crash-loop']],
    ['a deployment', { message: 'Process exited with code 143' }, []],
    ['npm', { message: 'npm ERR! code ELIFECYCLE' }, ['crash-loop']],
    ['Spring Boot', { message: 'Started ShopApplication in 2.31 seconds (process running for 2.7)' }, ['restart-loop']],
    ['uvicorn', { message: 'Application startup complete.' }, ['restart-loop']],
    ['gunicorn', { message: '[7] [INFO] Booting worker with pid: 7' }, ['restart-loop']],
    ['Node', { message: 'cart is listening' }, ['restart-loop']],
    ['somebody who listens', { message: 'customer asked us to listen more' }, []],
    ['an ordinary error', { level: 'error', message: 'timeout after 300 ms' }, []],
    ['a room', { level: 'info', message: 'no room left in the zoom call' }, []],
    ['a handled exception', { level: 'error', message: 'handled exception: retrying' }, []],
  ])('%s', (_name, row, expected) => {
    expect(seenBy(row).sort()).toEqual([...expected].sort());
  });

  it('are without problems, each with a page about it and with tests of what it tells and what it does not mind', async () => {
    expect(parsed.problems).toEqual([]);
    const pages = (await readdir('docs/runbooks')).map((name) => `docs/runbooks/${name}`);
    for (const { name, runbook } of parsed.rules) {
      expect(runbook).toBe(`docs/runbooks/${name}.md`);
      expect(pages).toContain(runbook);
      const expected = parsed.tests.get(name)?.map(({ expect: alerts }) => alerts.length > 0);
      expect([name, expected?.includes(true), expected?.includes(false)]).toEqual([name, true, true]);
    }
    // And those about what is told of the stream itself.
    expect(pages).toHaveLength(parsed.rules.length + 2);
    expect(pages).toEqual(expect.arrayContaining([streamRule.runbook, clockRule.runbook]));
  });
});
