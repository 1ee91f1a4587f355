import type { Json } from '../../firehose/api/shapes.js';

/** A CloudFormation template as `serverless package` writes it. Its parts may be anything: it is what is to be checked. */
export interface Template {
  readonly Description?: unknown;
  readonly Parameters?: Json;
  readonly Conditions?: Json;
  readonly Resources: Readonly<Record<string, DeclaredResource>>;
  readonly Outputs?: Json;
}

interface DeclaredResource {
  readonly Type: string;
  readonly Properties?: unknown;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
}

/** @throws Error naming `path` when the text is no template. */
export function parseTemplate(path: string, text: string): Template {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (!isMap(content) || !isMap(content.Resources)) {
    throw new Error(`${path} has no Resources: give what \`serverless package\` writes, ${packagedTemplate}`);
  }
  for (const [id, resource] of Object.entries(content.Resources)) {
    const isDeclared = isMap(resource) && typeof resource.Type === 'string';
    if (!isDeclared) throw new Error(`${path}: Resources.${id} has no Type`);
  }
  return content as unknown as Template;
}

/** Where `serverless package` leaves the template that a deployment brings a stack to. */
export const packagedTemplate = '.serverless/cloudformation-template-update-stack.json';

export function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Any value as text: a map may have a toString of its own. */
export function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
