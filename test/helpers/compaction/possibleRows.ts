export type Row = { readonly [column: string]: unknown };

/**
 * 25 lines that may arrive: of several records and hours, some in parts, one that states no record. Of the hours two are those
 * in which a simulation begins, one is 92 days before and soon out of the range of indexes of hours, the others are far off.
 */
export function possibleRow(number: number): Row {
  if (number === 0) return { ts: '2026-11-28 21:00:00.000' };
  const hour = ['79cad', '79cae', '79413', '7a430', '00000', 'fffff'][number % 6];
  return {
    ts: ['2026-11-28 21:00:00.000', '1970-01-01 00:00:00.000', '2026-11-30 01:00:00.000', '2026-02-01 00:00:00.000'][
      number % 4
    ],
    ...(number > 20 ? { fields: `{"part":${number % 2},"parts":2}` } : {}),
    record: `${hour}record${number % 3}`,
    line: number,
  };
}
