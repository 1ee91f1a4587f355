import ts from 'typescript';
import { operators } from './operators.js';
import type { Source } from './sources.js';

/** One small change to one file. */
export interface Mutant {
  readonly source: Source;
  /** From 1, as editors count. */
  readonly line: number;
  readonly column: number;
  readonly operator: string;
  /** Offsets into the source's text. */
  readonly start: number;
  readonly end: number;
  readonly after: string;
}

/** Every mutant of a file, from top to bottom. */
export function mutantsOf(source: Source): Mutant[] {
  const file = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest, true);
  return codeNodes(file).flatMap((node) =>
    Object.entries(operators).flatMap(([operator, replacements]) =>
      replacements(node).map(({ node: { end }, node: replaced, text }) => {
        const start = replaced.getStart();
        const { line, character } = file.getLineAndCharacterOfPosition(start);
        return { source, line: line + 1, column: character + 1, operator, start, end, after: text };
      }),
    ),
  );
}

/** The file's text with the change made. */
export function mutate({ source, start, end, after }: Mutant): string {
  return source.text.slice(0, start) + after + source.text.slice(end);
}

/** `file:line:column operator  before -> after`, on one line. */
export function describeMutant({ source, line, column, operator, start, end, after }: Mutant): string {
  const before = source.text.slice(start, end);
  return `${source.path}:${line}:${column} ${operator}  ${onOneLine(before)} -> ${onOneLine(after) || '(nothing)'}`;
}

function codeNodes(node: ts.Node): ts.Node[] {
  const nodes = [node];
  ts.forEachChild(node, (child) => {
    if (!isOutOfReach(child)) nodes.push(...codeNodes(child));
  });
  return nodes;
}

/** What tests can't notice, because it is gone when the code runs or documents it only. */
function isOutOfReach(node: ts.Node): boolean {
  const isDocumentation = ts.isPropertyAssignment(node) && documentation.has(node.name.getText());
  return (
    ts.isTypeNode(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    isDocumentation
  );
}

/** Properties of formats and columns that are printed in docs/. */
const documentation: ReadonlySet<string> = new Set(['samples', 'doc']);

const SHOWN = 80;

function onOneLine(code: string): string {
  const line = code.replace(/\s+/g, ' ').trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}
