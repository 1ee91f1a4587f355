import { RegisterTaskDefinitionRequest$ } from '@aws-sdk/client-ecs';
import { NormalizedSchema } from '@smithy/core/schema';

/** Where a request to register a task definition differs from the model of ECS: unknown members, missing ones, other types. */
export function ecsModelProblems(request: unknown): string[] {
  return problemsOf(NormalizedSchema.of(RegisterTaskDefinitionRequest$), request, 'request');
}

function problemsOf(schema: NormalizedSchema, value: unknown, path: string): string[] {
  if (schema.isStructSchema()) return structProblems(schema, value, path);
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((each, at) => problemsOf(schema.getValueSchema(), each, `${path}[${at}]`));
  }
  if (schema.isMapSchema()) {
    if (!isObject(value)) return [`${path} is no map`];
    return Object.entries(value).flatMap(([key, each]) => problemsOf(schema.getValueSchema(), each, `${path}.${key}`));
  }
  const isRight =
    (schema.isStringSchema() && typeof value === 'string') ||
    (schema.isBooleanSchema() && typeof value === 'boolean') ||
    (schema.isNumericSchema() && typeof value === 'number');
  return isRight ? [] : [`${path} is ${JSON.stringify(value)}, which is of another type`];
}

function structProblems(schema: NormalizedSchema, value: unknown, path: string): string[] {
  if (!isObject(value)) return [`${path} is no object`];
  const members = new Map([...schema.structIterator()]);
  // The members that are required stand first; the last part of the schema counts them.
  const [, , , , names = [], , required = 0] = schema.getSchema() as unknown as readonly [
    ...kind: readonly [unknown, unknown, unknown, unknown],
    names?: readonly string[],
    schemas?: unknown,
    required?: number,
  ];
  return [
    ...names.slice(0, required).flatMap((name) => (name in value ? [] : [`${path} has no ${name}`])),
    ...Object.entries(value).flatMap(([key, member]) => {
      const of = members.get(key);
      return of === undefined ? [`${path} has an unknown member ${key}`] : problemsOf(of, member, `${path}.${key}`);
    }),
  ];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
