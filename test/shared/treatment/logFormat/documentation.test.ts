import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { apacheDirectives } from '../../../../shared/treatment/logFormat/apache.js';
import { compileLogFormat, type StatedLogFormat } from '../../../../shared/treatment/logFormat/logFormat.js';
import { nginxVariables } from '../../../../shared/treatment/logFormat/nginx.js';

const page = await readFile('docs/config.md', 'utf8');

describe('docs/config.md', () => {
  const columns = tableAfter('| Column | nginx | Apache |');

  it.each(columns)('names values that fill the column %s', (column, nginx = '', apache = '') => {
    for (const value of codesIn(nginx)) expect([value, ...filledBy({ nginx: value })]).toContain(column);
    for (const value of codesIn(apache)) expect([value, ...filledBy({ apache: value })]).toContain(column);
  });

  it.each(columns)('names the preferred value of the column %s first', (_column, nginx = '', apache = '') => {
    const ranks = [
      codesIn(nginx).map((value) => nginxVariables.get(value.slice(1))?.target?.rank ?? 0),
      codesIn(apache).map((value) => apacheDirective(value)?.target?.rank ?? 0),
    ];
    for (const each of ranks) expect(each).toEqual(each.toSorted((a, b) => a - b));
  });

  it('names each variable of nginx that fills a column', () => {
    const named = columns.flatMap(([, nginx = '']) => codesIn(nginx));
    const filling = [...nginxVariables].flatMap(([name, { target }]) => (target ? [`$${name}`] : []));
    expect([...new Set(named)].sort()).toEqual(filling.sort());
  });

  it.each(tableAfter('| Apache | Field |'))('tells that %s are the fields %s', (directives, fields = '') => {
    expect(codesIn(directives).map((directive) => apacheDirective(directive)?.field)).toEqual(fields.split(', '));
  });
});

/** The cells of a table's rows, without its head. */
function tableAfter(head: string): [string, ...string[]][] {
  const [, rows = ''] = page.split(`${head}\n`);
  return rows
    .slice(0, rows.indexOf('\n\n'))
    .split('\n')
    .slice(1)
    .map((row) => {
      const [first = '', ...others] = row.slice(2, -2).split(' | ');
      return [first, ...others];
    });
}

function codesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

function filledBy(format: StatedLogFormat): string[] {
  const { parse, sample } = compileLogFormat(format);
  const { time, columns = {} } = parse(sample) ?? {};
  return [...(time === undefined ? [] : ['time']), ...Object.keys(columns)];
}

function apacheDirective(directive: string) {
  const [, argument = '', letter = ''] = /^%>?(?:\{(.*)\})?(.+)$/.exec(directive) ?? [];
  return apacheDirectives.get(letter)?.of(argument, directive);
}
