import Table from 'cli-table3';

type Options = Pick<ConstructorParameters<typeof Table>[0] & object, 'colAligns' | 'colWidths'>;

/** A table without lines, with `gap` between its columns. */
export function borderlessTable(gap: string, options: Options): InstanceType<typeof Table> {
  const sides = ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) => [
    side,
    `${side}-mid`,
    `${side}-left`,
    `${side}-right`,
  ]);
  const chars = { ...Object.fromEntries(sides.map((side) => [side, ''])), middle: gap };
  return new Table({ chars, style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 }, ...options });
}
