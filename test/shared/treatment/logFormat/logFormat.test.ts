import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { apacheDirectives } from '../../../../shared/treatment/logFormat/apache.js';
import {
  compileLogFormat,
  LogFormatError,
  type StatedLogFormat,
} from '../../../../shared/treatment/logFormat/logFormat.js';
import { nginxVariables } from '../../../../shared/treatment/logFormat/nginx.js';
import { isLinear } from '../../../helpers/linear.js';
import { readBy } from '../../../helpers/logFormats.js';

describe('compileLogFormat', () => {
  const texts = fc.array(
    fc.string({ unit: 'grapheme' }).filter((text) => !['', '-', '""'].includes(text)),
    { minLength: 1, maxLength: 5 },
  );

  it.each<[escaping: string, escaped: (text: string) => string, format: (names: readonly string[]) => StatedLogFormat]>(
    [
      ['nginx escapes them', hexEscaped, (names) => ({ nginx: quoted(names.map((name) => `$${name}`)) })],
      [
        'nginx escapes them for JSON',
        (text) => JSON.stringify(text).slice(1, -1),
        (names) => ({ nginx: `log_format a escape=json '${quoted(names.map((name) => `$${name}`))}';` }),
      ],
      ['Apache escapes them', cEscaped, (names) => ({ apache: quoted(names.map((name) => `%{${name}}n`)) })],
    ],
  )('gives texts in quotes back as they were when %s', (_name, escaped, format) => {
    fc.assert(
      fc.property(texts, (values) => {
        const names = values.map((_, at) => `v${at}`);
        const fields = Object.fromEntries(values.map((value, at) => [`v${at}`, value]));
        expect(readBy(format(names), quoted(values.map(escaped)))).toEqual({ columns: {}, fields });
      }),
    );
  });

  const numbers = {
    $status: fc.integer({ min: 100, max: 599 }).map(String),
    $request_length: fc.nat().map(String),
    $gzip_ratio: fc.integer({ min: 100, max: 9999 }).map((ratio) => (ratio / 100).toFixed(2)),
    $upstream_addr: lists(
      fc.oneof(
        fc.ipV4().map((address) => `${address}:80`),
        fc.ipV6().map((address) => `[${address}]:80`),
      ),
    ),
    $upstream_status: lists(fc.integer({ min: 100, max: 599 }).map(String)),
    $upstream_response_time: lists(fc.nat({ max: 99_999 }).map((ms) => (ms / 1000).toFixed(3))),
    $http_x_forwarded_for: fc.array(fc.ipV6(), { minLength: 2, maxLength: 3 }).map((all) => all.join(', ')),
    $my_word: fc.stringMatching(/^[a-z]{1,8}$/),
  };

  it('gives values without quotes back as they were, whatever their order and what stands between them', () => {
    const value = fc.constantFrom(...(Object.keys(numbers) as (keyof typeof numbers)[]));
    const layout = fc.uniqueArray(value, { minLength: 1 }).chain((names) =>
      fc.record({
        names: fc.constant(names),
        texts: fc.tuple(...names.map((name) => numbers[name])),
        between: fc.constantFrom(' ', '\t', '|', ' - ', '] ['),
      }),
    );
    fc.assert(
      fc.property(layout, ({ names, texts, between }) => {
        const found = readBy({ nginx: names.join(between) }, texts.join(between));
        const { status, client_ip } = { ...found?.columns } as { status?: number; client_ip?: string };
        const shown = new Map(Object.entries({ status, ...found?.fields }).map(([key, text]) => [key, String(text)]));
        for (const [at, name] of names.entries()) {
          const text = texts[at] ?? '';
          const key = name === '$http_x_forwarded_for' ? 'x_forwarded_for' : name.slice(1);
          const isNumber = /^\d+\.\d+$/.test(text);
          expect(shown.get(key)).toBe(isNumber ? String(Number(text)) : text);
          if (key === 'x_forwarded_for') expect(client_ip).toBe(text.slice(0, text.indexOf(',')));
        }
      }),
    );
  });

  it('refuses a format or reads its own sample, and any line without an exception', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...[...nginxVariables.keys()].map((name) => `$${name}`),
        '$foo',
        ' ',
        '"',
        '\t',
        '{"a":',
        '}',
        "'",
        ';',
      ),
      fc.constantFrom(
        ...[...apacheDirectives.keys()].map((letter) => `%{a}${letter}`),
        '%t',
        '%{%F}t',
        '%{msec_frac}t',
        '%%',
      ),
      fc.string({ maxLength: 3 }),
    );
    const format = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    const server = fc.constantFrom('nginx', 'apache');
    fc.assert(
      fc.property(format, server, fc.string({ unit: 'binary' }), (text, name, line) => {
        const stated = name === 'nginx' ? { nginx: text } : { apache: text };
        try {
          const { parse, sample } = compileLogFormat(stated);
          expect(parse(sample)?.type).toBe('access');
          parse(line);
          parse(sample.slice(0, line.length));
        } catch (error) {
          expect(error).toBeInstanceOf(LogFormatError);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('reads a sample of each variable of nginx and each directive of Apache', () => {
    for (const variable of nginxVariables.keys()) {
      expect(compileLogFormat({ nginx: `a $${variable} [$${variable}] "$${variable}"` }).sample).toContain('"');
    }
    for (const [letter, { needs }] of apacheDirectives) {
      const directive = `%${needs === undefined ? '' : `{${needs}}`}${letter}`;
      expect(compileLogFormat({ apache: `a ${directive} [${directive}] "${directive}"` }).sample).toContain('"');
    }
  });

  it('takes time in proportion to the line, whatever repeats in it', () => {
    const formats = [
      '$a $b $c $status $http_x_forwarded_for',
      '$a $upstream_addr $upstream_status $b|$c',
      '"$a" "$b" $c "$d"',
      '$uri$is_args$args $a $uri$is_args$args $status',
      '{"a":"$a","b":$b}',
    ].map((nginx) => compileLogFormat({ nginx }).parse);
    for (const parse of formats) {
      for (const piece of [
        ' ',
        'a',
        'a ',
        '"',
        '\\',
        '\\"',
        '1, ',
        '1 : ',
        '-, ',
        '[::1], ',
        '" "',
        '200 ',
        '?',
        '{"a":',
        '|',
      ]) {
        expect({ piece, linear: isLinear((size) => parse(piece.repeat(size)), 50_000) }).toEqual({
          piece,
          linear: true,
        });
      }
    }
  });
});

function quoted(texts: readonly string[]): string {
  return texts.map((text) => `"${text}"`).join(' ');
}

/** As nginx does by default. */
function hexEscaped(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => (byte < 32 || byte > 126 || byte === 34 || byte === 92 ? hex(byte) : String.fromCharCode(byte)))
    .join('');
}

/** As Apache does. */
function cEscaped(text: string): string {
  const named = new Map([
    [34, '\\"'],
    [92, '\\\\'],
    [10, '\\n'],
    [13, '\\r'],
    [9, '\\t'],
    [8, '\\b'],
    [11, '\\v'],
  ]);
  return [...Buffer.from(text)]
    .map((byte) => named.get(byte) ?? (byte < 32 || byte > 126 ? hex(byte) : String.fromCharCode(byte)))
    .join('');
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function lists(item: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(item, fc.array(fc.tuple(fc.constantFrom(', ', ' : '), fc.oneof(item, fc.constant('-'))), { maxLength: 3 }))
    .map(([first, others]) => first + others.flat().join(''));
}
