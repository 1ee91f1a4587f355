import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

export interface SourceFile {
  /** As it is to be shown in problems. */
  readonly path: string;
  readonly text: string;
}

/** What is wrong with a file, and where; lines and columns count from 1. */
export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The way to a value from the top of a file: indexes of lists and keys of maps. */
export type ProblemPath = readonly (string | number)[];

/** A problem by its way through the file rather than its line. */
export interface PlacedProblem {
  readonly path: ProblemPath;
  /** Whether the key or the value is at fault. */
  readonly on?: 'key' | 'value';
  readonly message: string;
}

/** A YAML file's content, or why it has none. */
export type ParsedSource = {
  /** Gives a problem its line and column. */
  readonly place: (problem: PlacedProblem) => Problem;
} & ({ readonly value: unknown; readonly problems?: never } | { readonly problems: readonly Problem[] });

export function parseSource({ path, text }: SourceFile): ParsedSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problemAt = (offset: number, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { path, line: Math.max(line, 1), column: Math.max(col, 1), message };
  };
  const place = ({ path: way, message, on = 'value' }: PlacedProblem) =>
    problemAt(offsetOf(document.contents, way, on), message);

  const problems = document.errors.map((error) => problemAt(error.pos[0], sentenceOf(error.message)));
  if (problems.length > 0) return { problems: tabOf(path, text, problems) ?? problems, place };
  try {
    return { value: document.toJS(), place };
  } catch (error) {
    // Too many aliases: yaml's guard against a file that expands without end.
    return { problems: [problemAt(0, error instanceof Error ? error.message : String(error))], place };
  }
}

/** `path:line:column message`, one a line, under a headline that counts them. */
export function listProblems(problems: readonly Problem[], files: string): string {
  const lines = problems.map(({ path, line, column, message }) => `${path}:${line}:${column} ${message}`);
  return `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in ${files}\n${lines.join('\n')}`;
}

/** The tab that indents, where the first problem is on such a line: yaml tells of what it then finds instead, several times. */
function tabOf(path: string, text: string, [first]: readonly Problem[]): readonly Problem[] | undefined {
  if (first === undefined || !/^ *\t/.test(text.split('\n')[first.line - 1] ?? '')) return undefined;
  const message = 'the line is indented with a tab; YAML takes spaces alone';
  return [{ path, line: first.line, column: 1, message }];
}

/** yaml's messages go on with an excerpt of the file. */
function sentenceOf(message: string): string {
  return message.replace(/ at line \d+, column \d+:[\s\S]*$/, '');
}

/** The offset of a value, or of its key; of the nearest thing around it when it is not there. */
function offsetOf(root: unknown, path: ProblemPath, on: 'key' | 'value'): number {
  let node = root;
  let offset = startOf(root, 0);
  for (const [depth, step] of path.entries()) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === step) : undefined;
    if (pair && on === 'key' && depth === path.length - 1) return startOf(pair.key, offset);
    node = pair ? pair.value : isSeq(node) ? node.items[Number(step)] : undefined;
    if (!node) return offset;
    offset = startOf(node, offset);
  }
  return offset;
}

/** An empty file has no node, and one that YAML 1.1 adds to a list of pairs has no place. */
function startOf(node: unknown, otherwise: number): number {
  return (node as Node | null)?.range?.[0] ?? otherwise;
}
