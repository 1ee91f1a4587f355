import { posix } from 'node:path';
import ts from 'typescript';
import type { Source } from './sources.js';

/**
 * For each file the unit tests that import it, directly or through others, the nearest first: the one that mirrors it,
 * then by the number of imports between, then those that share more of its folders.
 */
export function nearestTests(sources: readonly Source[]): (file: string) => string[] {
  const importers = importersOf(sources);
  return (file) => {
    const distances = distancesFrom(file, importers);
    const rank = (test: string) => [
      test === mirrorOf(file) ? 0 : 1,
      distances.get(test) ?? 0,
      -sharedFolders(file, test),
    ];
    return [...distances.keys()]
      .filter(isUnitTest)
      .map((test) => ({ test, rank: rank(test) }))
      .sort((a, b) => compare(a.rank, b.rank) || (a.test < b.test ? -1 : 1))
      .map(({ test }) => test);
  };
}

/** The other tests start servers or built functions, and take too long to be asked for each change. */
function isUnitTest(path: string): boolean {
  return /^test\/(?:shared|functions)\/.*\.test\.ts$/.test(path);
}

function importersOf(sources: readonly Source[]): ReadonlyMap<string, readonly string[]> {
  const importers = new Map<string, string[]>();
  for (const source of sources) {
    for (const imported of importsOf(source)) {
      const those = importers.get(imported) ?? [];
      those.push(source.path);
      importers.set(imported, those);
    }
  }
  return importers;
}

/** Imports of types are gone when the code runs. */
function importsOf({ path, text }: Source): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return file.statements.flatMap((statement) => {
    const isImport = ts.isImportDeclaration(statement) && !isOfTypes(statement.importClause);
    const isExport = ts.isExportDeclaration(statement) && !statement.isTypeOnly;
    const from = isImport || isExport ? statement.moduleSpecifier : undefined;
    if (!from || !ts.isStringLiteral(from) || !from.text.startsWith('.')) return [];
    return [posix.join(posix.dirname(path), from.text).replace(/\.js$/, '.ts')];
  });
}

function isOfTypes(clause: ts.ImportClause | undefined): boolean {
  return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

/** Breadth first: files in the order of how many imports are between. */
function distancesFrom(file: string, importers: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, number> {
  const distances = new Map([[file, 0]]);
  // A Map's iteration reaches what is added while it runs.
  for (const [reached, distance] of distances) {
    for (const importer of importers.get(reached) ?? [])
      if (!distances.has(importer)) distances.set(importer, distance + 1);
  }
  return distances;
}

function mirrorOf(file: string): string {
  return `test/${file.replace(/\.ts$/, '.test.ts')}`;
}

function sharedFolders(file: string, test: string): number {
  const folders = posix.dirname(mirrorOf(file)).split('/');
  const others = posix.dirname(test).split('/');
  const apart = folders.findIndex((folder, index) => folder !== others[index]);
  return apart === -1 ? folders.length : apart;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const apart = a.findIndex((value, index) => value !== b[index]);
  return apart === -1 ? 0 : (a[apart] ?? 0) - (b[apart] ?? 0);
}
