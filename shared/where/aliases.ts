/** Names of rules for what FireLens puts beside a line, and where a row has it. */
const aliases: Readonly<Record<string, string>> = { task_definition: 'fields.ecs_task_definition' };

/** The column, or the path into `fields`, that a rule means by a name. */
export function meantBy(name: string): string {
  return aliases[name] ?? name;
}

/** The same for all keys of a value, such as a where-clause, and for a value that is a name. */
export function withMeant<T>(value: T): T {
  if (typeof value === 'string') return meantBy(value) as T;
  if (Array.isArray(value)) return value.map((each) => (typeof each === 'object' ? withMeant(each) : each)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    meantBy(key),
    typeof inner === 'object' ? withMeant(inner) : inner,
  ]);
  return Object.fromEntries(entries) as T;
}

/** The name that people are shown: `task_definition` rather than where a row has it. */
export function shownName(column: string): string {
  return Object.keys(aliases).find((name) => aliases[name] === column) ?? column;
}

/** The text with placeholders that name what a row has: `{task_definition}` becomes `{fields.ecs_task_definition}`. */
export function withMeantPlaceholders(text: string): string {
  return text.replace(/\{([a-z_]+)\}/g, (_, name: string) => `{${meantBy(name)}}`);
}
