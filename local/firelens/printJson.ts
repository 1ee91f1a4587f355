/** JSON as people read it: lists of plain values stand in a line that fits, all else has a line each. */
export function printJson(value: unknown, indent = '', taken = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const below = `${indent}  `;
  if (Array.isArray(value)) {
    const flat = `[${value.map((each) => JSON.stringify(each)).join(', ')}]`;
    const isPlain = value.every((each) => typeof each !== 'object' || each === null);
    if (value.length === 0 || (isPlain && taken + flat.length < lineWidth)) return flat;
    return `[\n${value.map((each) => below + printJson(each, below, below.length)).join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value).map(([key, member]) => {
    const head = `${below}${JSON.stringify(key)}: `;
    return head + printJson(member, below, head.length);
  });
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${indent}}`;
}

const lineWidth = 120;
