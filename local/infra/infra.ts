import { join } from 'node:path';
import { isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import type { Account } from './account.js';
import { entriesOf, InfraDocument, InfraError, type Location } from './document.js';
import { identityOf } from './identity.js';
import { pseudoParameter } from './pseudoParameters.js';
import { type Names, type Resolved, resolve } from './resolver.js';

/** A CloudFormation resource with its properties resolved. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: { readonly [key: string]: Resolved };
  /** Ref of the resource: a bucket's or stream's name, a queue's URL. */
  readonly ref: string;
  readonly at: Location;
}

export interface FunctionSettings {
  readonly settings: { readonly [key: string]: Resolved };
  readonly logicalId: string;
  readonly at: Location;
}

interface Declared {
  readonly document: InfraDocument;
  readonly type: string;
  readonly properties: Node | null;
  readonly at: Location;
}

interface DeclaredFunction {
  readonly document: InfraDocument;
  readonly node: Node | null;
  readonly at: Location;
}

const fileReference = /^\$\{(?:.*, *)?file\(([^)]+)\)\}$/;

/** serverless.yml and the files it names, as the deployment reads them. */
export class Infra {
  private readonly resources = new Map<string, Declared>();
  private readonly conditions = new Map<string, { readonly document: InfraDocument; readonly node: Node | null }>();
  private readonly functions = new Map<string, DeclaredFunction>();
  private readonly parameters = new Map<string, { readonly document: InfraDocument; readonly node: Node | null }>();

  private constructor(
    private readonly root: string,
    private readonly main: InfraDocument,
    private readonly account: Account,
  ) {}

  /**
   * Reads serverless.yml under `root` with the functions and resources files it includes.
   *
   * @throws InfraError naming file and line of the first thing that can't be read.
   */
  static async load(root: string, account: Account): Promise<Infra> {
    const infra = new Infra(root, await InfraDocument.read(root, join(root, 'serverless.yml')), account);
    await infra.readParameters();
    await infra.readFunctions();
    await infra.readResources();
    return infra;
  }

  /** @throws InfraError when there is no such resource or it can't be resolved. */
  resource(logicalId: string): Resource {
    const declared = this.resources.get(logicalId);
    if (!declared) {
      throw new InfraError(this.main.locate(null), `no resource is named ${logicalId} in the files of "resources".`);
    }
    return {
      logicalId,
      type: declared.type,
      at: declared.at,
      properties: asMap(resolve(declared.properties, declared.document, this.names)),
      ref: this.identity(logicalId, declared).ref,
    };
  }

  /** Every resource of a type, such as `AWS::DynamoDB::Table`, in the order of the files. */
  resourcesOfType(type: string): Resource[] {
    return [...this.resources].filter(([, declared]) => declared.type === type).map(([id]) => this.resource(id));
  }

  /** Where the files declare a resource, or the function that the framework makes it of; undefined when they don't. */
  declaredAt(logicalId: string): Location | undefined {
    const owner = [...this.functions].find(([name]) => functionLogicalId(name) === logicalId);
    return owner?.[1].at ?? this.resources.get(logicalId)?.at;
  }

  /** In the order of the file. */
  get functionNames(): string[] {
    return [...this.functions.keys()];
  }

  /** A function's settings over the provider's, resolved: handler, timeout, memorySize, environment, events. */
  functionSettings(name: string): FunctionSettings {
    const declared = this.functions.get(name);
    if (!declared) throw new InfraError(this.main.locate(null), `no function is named ${name} in "functions".`);
    const provider = asMap(this.providerDefaults());
    const own = asMap(resolve(declared.node, declared.document, this.names));
    const environment = { ...asMap(provider.environment ?? null), ...asMap(own.environment ?? null) };
    return { settings: { ...provider, ...own, environment }, logicalId: functionLogicalId(name), at: declared.at };
  }

  private readonly names: Names = {
    variable: (expression) => this.variable(expression),
    ref: (name) => this.ref(name),
    attribute: (name, attribute) => this.attribute(name, attribute),
    condition: (name) => this.condition(name),
  };

  private condition(name: string): boolean {
    const declared = this.conditions.get(name);
    if (declared) return resolve(declared.node, declared.document, this.names) === true;
    throw new Error(`no condition is named ${name} in "Conditions".`);
  }

  private variable(expression: string): string {
    if (expression === 'self:service') return this.service;
    if (expression === 'sls:stage') return this.account.stage;
    const name = expression.match(/^param:([\w.-]+)$/)?.[1];
    const parameter = name === undefined ? undefined : this.parameters.get(name);
    if (parameter) return String(resolve(parameter.node, parameter.document, this.names));
    const known = ['self:service', 'sls:stage', ...[...this.parameters.keys()].map((each) => `param:${each}`)];
    throw new Error(`the variable ${expression} is not known on a laptop; known: ${known.join(', ')}.`);
  }

  /** What `!GetAtt name.attribute` gives. */
  attribute(name: string, attribute: string): string {
    const value = this.identityOf(name).attributes[attribute];
    if (value === undefined) throw new Error(`${name} has no attribute ${attribute} that is known on a laptop.`);
    return value;
  }

  /** What `!Ref name` gives. */
  ref(name: string): string {
    if (name === 'AWS::StackName') return `${this.service}-${this.account.stage}`;
    return pseudoParameter(name, this.account) ?? this.identityOf(name).ref;
  }

  private identityOf(name: string) {
    // Before the resources, which may add to a function.
    const owner = [...this.functions.keys()].find((each) => functionLogicalId(each) === name);
    if (owner) {
      const ref = `${this.service}-${this.account.stage}-${owner}`;
      const arn = `arn:aws:lambda:${this.account.region}:${this.account.id}:function:${ref}`;
      return { ref, attributes: { Arn: arn } };
    }
    const declared = this.resources.get(name);
    if (declared) return this.identity(name, declared);
    throw new Error(`nothing is named ${name}: no resource, no function's LambdaFunction, no pseudo parameter.`);
  }

  private identity(logicalId: string, declared: Declared) {
    return identityOf(declared.type, {
      account: this.account,
      generatedName: `${this.service}-${this.account.stage}-${logicalId}`,
      property: (name) => {
        const value = asMapNode(declared.properties)?.get(name, true);
        return value === undefined ? undefined : String(resolve(value as Node, declared.document, this.names));
      },
    });
  }

  private get service(): string {
    const value = asMapNode(this.main.contents)?.get('service');
    return typeof value === 'string' ? value : 'firesplit';
  }

  private providerDefaults(): Resolved {
    const provider = this.main.section('provider');
    const chosen: Record<string, Resolved> = {};
    for (const key of ['timeout', 'memorySize', 'environment']) {
      const node = provider?.get(key, true);
      if (node) chosen[key] = resolve(node as Node, this.main, this.names);
    }
    return chosen;
  }

  /** `params.default`, overlaid by the stage's own. */
  private async readParameters(): Promise<void> {
    const { document, node } = await this.included(asMapNode(this.main.contents)?.get('params', true) as Node);
    for (const stage of ['default', this.account.stage]) {
      const params = asMapNode(asMapNode(node)?.get(stage, true) as Node | undefined);
      for (const [name, , value] of params ? entriesOf(params) : []) {
        this.parameters.set(name, { document, node: value });
      }
    }
  }

  private async readFunctions(): Promise<void> {
    const { document, node } = await this.included(asMapNode(this.main.contents)?.get('functions', true) as Node);
    for (const [name, key, value] of asMapNode(node) ? entriesOf(asMapNode(node) as YAMLMap) : []) {
      this.functions.set(name, { document, node: value, at: document.locate(key) });
    }
  }

  private async readResources(): Promise<void> {
    const listed = asMapNode(this.main.contents)?.get('resources', true) as Node | undefined;
    const parts = isSeq(listed) ? (listed.items as Node[]) : listed ? [listed] : [];
    for (const part of parts) {
      const { document, node } = await this.included(part);
      const section = asMapNode(asMapNode(node)?.get('Resources', true) as Node | undefined);
      for (const [logicalId, key, value] of section ? entriesOf(section) : []) {
        this.declare(document, logicalId, key, value);
      }
      const conditions = asMapNode(asMapNode(node)?.get('Conditions', true) as Node | undefined);
      for (const [name, , value] of conditions ? entriesOf(conditions) : []) {
        this.conditions.set(name, { document, node: value });
      }
    }
  }

  private declare(document: InfraDocument, logicalId: string, key: Node, value: Node | null): void {
    const at = document.locate(key);
    const other = this.resources.get(logicalId);
    // osls lets the last of two win without a word.
    if (other) throw new InfraError(at, `${logicalId} is already declared at ${other.at.path}:${other.at.line}.`);
    const type = asMapNode(value)?.get('Type');
    if (typeof type !== 'string') throw new InfraError(at, `${logicalId} has no Type.`);
    const properties = asMapNode(value)?.get('Properties', true) as Node | undefined;
    this.resources.set(logicalId, { document, type, properties: properties ?? null, at });
  }

  /** A section written in place, or the whole file that `${file(…)}` names: of several the last, which needs no program to read. */
  private async included(node: Node | undefined): Promise<{ document: InfraDocument; node: Node | null }> {
    const path = isScalar(node) && typeof node.value === 'string' ? node.value.match(fileReference)?.[1] : undefined;
    if (path === undefined) return { document: this.main, node: node ?? null };
    const document = await InfraDocument.read(this.root, join(this.root, path));
    return { document, node: document.contents };
  }
}

/** The logical id that osls gives a function: `transform` is `TransformLambdaFunction`. */
function functionLogicalId(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`;
}

function asMap(value: Resolved): { readonly [key: string]: Resolved } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as { readonly [key: string]: Resolved })
    : {};
}

function asMapNode(node: Node | null | undefined): YAMLMap | undefined {
  return node && 'items' in node && !isSeq(node) ? (node as YAMLMap) : undefined;
}
