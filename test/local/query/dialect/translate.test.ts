import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Catalog, translate } from '../../../../local/query/dialect/index.js';
import { SqlError } from '../../../../local/query/dialect/sqlError.js';
import { bigint, double, integer, timestamp, varchar } from '../../../../local/query/dialect/types.js';

const catalog: Catalog = new Map([
  [
    'access',
    [
      { name: 'ts', type: timestamp },
      { name: 'path', type: varchar },
      { name: 'status', type: integer },
      { name: 'bytes', type: bigint },
      { name: 'duration_ms', type: double },
      { name: 'dt', type: varchar },
      { name: 'hour', type: varchar },
      { name: 'fields', type: varchar },
    ],
  ],
]);

describe('says where a query is wrong, and what to write instead', () => {
  it.each([
    [
      'SELECT 1 FROM access WHERE hour = 8',
      "line 1:33: Cannot apply operator: varchar = integer; hour is text: write '08'",
    ],
    ["SELECT 1 FROM access WHERE dt >= date '2026-11-22'", "dt is text: write '2026-11-22'"],
    ["SELECT 1 FROM access WHERE status = '500'", 'status is a number: write 500 without quotes'],
    ["SELECT 1 FROM access WHERE ts > '2026-11-22'", "write timestamp '2026-11-22'"],
    [
      'SELECT lower(path) AS p FROM access GROUP BY p',
      'can only stand in ORDER BY: repeat the value, or write its number',
    ],
    ['SELECT stauts FROM access', 'column stauts cannot be resolved; did you mean status?'],
    ['SELECT customer FROM access', "json_extract_scalar(fields, '$.customer')"],
    ['SELECT 1 FROM acess', 'table acess does not exist; did you mean access?'],
    ['SELECT strftime(ts) FROM access', "function strftime is not known here; write date_format(ts, '%Y-%m-%d')"],
    ['SELECT aprox_percentile(bytes, 0.5) FROM access', 'did you mean approx_percentile?'],
    [
      'SELECT length(status) FROM access',
      'length(integer) does not exist; Athena has length(varchar) or length(varbinary)',
    ],
    ["SELECT fields ->> 'a' FROM access", "Athena has no -> and ->>; write json_extract_scalar(fields, '$.key')"],
    ['SELECT 1 FROM access QUALIFY true', 'Athena has no QUALIFY here; put the window function into a subquery'],
    ['SELECT min(ts) AS first FROM access', 'FIRST is a word of Athena\'s own; quote it to use it as a name: "first"'],
    ['SELECT path || status FROM access', '|| joins text: write cast(x AS varchar)'],
    ['SELECT ts + 1 FROM access', "write ts + interval '1' day"],
    ["SELECT date_trunc('hours', ts) FROM access", "write date_trunc('hour', ts); there are millisecond"],
    ["SELECT regexp_like(path, 'a(?!b)') FROM access", '(?! in a regular expression runs in Athena only'],
    ["SELECT regexp_like(path, '[a-z&&[^b]]') FROM access", '&& in a regular expression runs in Athena only'],
    ["SELECT regexp_like(path, 'x[a[b]]') FROM access", '[ in a regular expression runs in Athena only'],
    ["SELECT json_extract_scalar(fields, '$..a') FROM access", 'is not one of plain keys and indexes'],
    ['SELECT 1 FROM access ORDER BY ts LIMIT 3 OFFSET 1', 'OFFSET stands before LIMIT'],
    ['COPY access TO x', 'a query begins with SELECT, WITH, VALUES or TABLE, not COPY; nothing else runs here'],
    [
      "SELECT * FROM read_text('/etc/passwd')",
      'Athena has no table function read_text; the tables are access, error and app',
    ],
    ['SELECT 1 FROM access WHERE status', 'a condition should stand here, not integer'],
    ['SELECT', 'a value should stand here, not the end'],
  ])('%s', (sql, message) => {
    expect(() => translate(sql, catalog)).toThrow(message);
  });
});

it('names the columns of an answer as Athena does, with their types', () => {
  const { columns } = translate(
    'SELECT path, status AS code, count(*), 100.0 * sum(bytes) / count(*), avg(status) FROM access GROUP BY 1, 2',
    catalog,
  );
  expect(columns.map(({ name, type }) => [name, type.name, type.scale])).toEqual([
    ['path', 'varchar', undefined],
    ['code', 'integer', undefined],
    ['_col2', 'bigint', undefined],
    ['_col3', 'decimal', 1],
    ['_col4', 'double', undefined],
  ]);
});

it('either translates a text or says where it is wrong, whatever it is', () => {
  const word = fc.constantFrom(
    ...'select from access where group by order having limit ( ) , * + - / = < || and or not in is null case when then else end'.split(
      ' ',
    ),
    ...'path status ts count sum cast as varchar bigint interval between like join on union all with values unnest array [ ]'.split(
      ' ',
    ),
    ...["'a'", '1', '1.5', '1e3', '"x"', '->', '.', "date '2026-11-22'", 'distinct', 'over', 'filter', 'exists', 'lag'],
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), fc.boolean(), (words, begins) => {
      try {
        translate(`${begins ? 'select ' : ''}${words.join(' ')}`, catalog);
      } catch (error) {
        if (!(error instanceof SqlError)) throw error;
        expect(error.message).toMatch(/^line \d+:\d+: /);
      }
    }),
    { numRuns: 3000 },
  );
});

it('takes time in proportion to a query that nests functions deeply', () => {
  const nested = `${'greatest(abs('.repeat(60)}1${'), 2)'.repeat(60)}`;
  expect(translate(`SELECT ${nested}`, catalog).columns[0]?.type.name).toBe('integer');
});

it.each(['[[:alpha:]]+', '\\[[a-z]\\]', '[^\\]]', '[a&b]', '[.]x&&y', '[\\[(]|[a&\\&b]', '(a|b)+?', '\\d+\\.\\d{2,}'])(
  'takes the regular expression %s',
  (regex) => {
    translate(`SELECT regexp_like(path, '${regex}') FROM access`, catalog);
  },
);

describe('a window frame', () => {
  it.each([
    ['rows between 2 preceding and current row', 'ROWS BETWEEN 2 PRECEDING AND CURRENT ROW'],
    ['ROWS UNBOUNDED PRECEDING', 'ROWS UNBOUNDED PRECEDING'],
    ['range between unbounded preceding and 1 following', 'RANGE BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING'],
  ])('%s keeps its meaning', (frame, expected) => {
    const sql = translate(`SELECT sum(bytes) OVER (ORDER BY ts ${frame}) AS s FROM access`, catalog);
    expect(JSON.stringify(sql)).toContain(expected);
  });

  it('hands no text of the query on, whatever stands in its comments', () => {
    const hidden = 'rows between 1 /* /* */ preceding and current row) as a, (SELECT 1) AS b /* */';
    const sql = JSON.stringify(translate(`SELECT sum(bytes) OVER (ORDER BY ts ${hidden} FROM access`, catalog));
    expect(sql).not.toContain('/*');
  });

  it.each(['rows strlen(path) preceding', 'rows 1', 'rows between 1 preceding'])('%s is refused', (frame) => {
    expect(() => translate(`SELECT sum(bytes) OVER (ORDER BY ts ${frame}) AS s FROM access`, catalog)).toThrow(
      SqlError,
    );
  });
});
