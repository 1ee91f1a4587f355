import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';

/** Where something stands in the infra files; printed as `path:line`. */
export interface Location {
  readonly path: string;
  readonly line: number;
}

/** Something in serverless.yml or infra/ that can't be used; the message starts with `path:line`. */
export class InfraError extends Error {
  override readonly name = 'InfraError';
  constructor(at: Location, problem: string) {
    super(`${at.path}:${at.line}: ${problem}`);
  }
}

/** A YAML file whose nodes still know their lines. */
export class InfraDocument {
  private constructor(
    /** Relative to the project's root, as errors show it. */
    readonly path: string,
    readonly contents: Node | null,
    private readonly lines: LineCounter,
  ) {}

  /** @throws InfraError when the file is missing or isn't YAML. */
  static async read(root: string, file: string): Promise<InfraDocument> {
    const path = relative(root, file);
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new InfraError({ path, line: 1 }, `cannot be read (${error.code ?? error.message}).`);
    });
    const lines = new LineCounter();
    // CloudFormation's short tags (!Ref …) are unknown to YAML: they stay on the nodes and only raise warnings.
    const document = parseDocument(text, { lineCounter: lines });
    const [problem] = document.errors;
    if (problem) {
      throw new InfraError({ path, line: lines.linePos(problem.pos[0]).line }, `not valid YAML: ${problem.message}`);
    }
    return new InfraDocument(path, document.contents, lines);
  }

  /** Where a node of this document stands. */
  locate(node: Node | null | undefined): Location {
    return { path: this.path, line: node?.range ? this.lines.linePos(node.range[0]).line : 1 };
  }

  /** The map under `key` of the top-level map, if there is one. */
  section(key: string): YAMLMap | undefined {
    if (!isMap(this.contents)) return undefined;
    const value = this.contents.get(key, true);
    return isMap(value) ? value : undefined;
  }
}

/** A map's entries as (name, name's node, value), in order. */
export function* entriesOf(map: YAMLMap): Generator<readonly [string, Node, Node | null]> {
  for (const pair of map.items) {
    if (isScalar(pair.key)) yield [String(pair.key.value), pair.key, (pair.value ?? null) as Node | null];
  }
}
