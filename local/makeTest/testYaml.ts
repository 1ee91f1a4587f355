import { Document, isMap, isSeq, parseDocument, visit } from 'yaml';
import { parseRules } from '../../shared/rules/language/loadRules.js';
import type { StatedTest } from '../../shared/rules/language/ruleTest.js';
import type { SourceFile } from '../../shared/yaml/source.js';

/**
 * A test as an item of a rule's `tests`, each of its lines and alerts on a line of its own.
 *
 * @param indent of the item, in spaces
 * @param remarks go before it as comments
 */
export function testYaml(test: StatedTest, indent: number, remarks: readonly string[]): string {
  const document = new Document([test]);
  visit(document, {
    Map: (_, map, path) => {
      if (path.length > 3) map.flow = true;
    },
  });
  const lines = document.toString({ lineWidth: 0 }).trimEnd().split('\n');
  return [...remarks.map((remark) => `# ${remark}`), ...lines].map((line) => `${' '.repeat(indent)}${line}\n`).join('');
}

/**
 * The file with a test behind those that a rule has; all else is as it was, comments too.
 *
 * @returns undefined when the rule is not in the file
 * @throws Error when its rules are written in a way that leaves no place for the test, or would have problems with it
 */
export async function withTest(
  { path, text }: SourceFile,
  rule: string,
  test: StatedTest,
  remarks: readonly string[],
): Promise<string | undefined> {
  const { contents } = parseDocument(text);
  const item = isSeq(contents) ? contents.items.find((each) => isMap(each) && each.toJSON().name === rule) : undefined;
  if (!isMap(item)) return undefined;
  const tests = item.get('tests', true);
  const last = isSeq(tests) ? tests.items.at(-1) : item.items.at(-1)?.value;
  const end = (last as { range?: readonly [number, number, number] | null } | undefined)?.range?.[1];
  const begin = item.range?.[0];
  if (item.flow || (isSeq(tests) && tests.flow) || end === undefined || begin === undefined) {
    throw new Error(`${path} has ${rule} between braces; write it line by line, so that a test can be added`);
  }
  const column = begin - (text.lastIndexOf('\n', begin - 1) + 1);
  const place = endOfLine(text, end);
  const made = `${isSeq(tests) ? '' : `${' '.repeat(column)}tests:\n`}${testYaml(test, columnOf(text, tests) ?? column + 2, remarks)}`;
  const before = text.slice(0, place);
  const written = `${before}${before.endsWith('\n') ? '' : '\n'}${made}${text.slice(place)}`;
  const { problems } = await parseRules([{ path, text: written }]);
  // Names of rules in other files are unknown here, and were before.
  const { problems: known } = await parseRules([{ path, text }]);
  if (problems.length > known.length) {
    const [{ message } = { message: 'the file can not be read with it' }] = problems;
    throw new Error(`the test was not written to ${path}: ${message}; paste it without --write`);
  }
  return written;
}

/** Where the dashes of a list stand. */
function columnOf(text: string, list: unknown): number | undefined {
  const begin = isSeq(list) ? list.range?.[0] : undefined;
  return begin === undefined ? undefined : begin - (text.lastIndexOf('\n', begin - 1) + 1);
}

/** Behind a value and the comment that follows it in its line. */
function endOfLine(text: string, from: number): number {
  // A value of several lines ends with its last line break.
  if (text[from - 1] === '\n') return from;
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}
