import {
  ConflictException,
  CreateRegistryCommand,
  CreateSchemaCommand,
  DeleteSchemaCommand,
  DeleteSchemaVersionCommand,
  DescribeRegistryCommand,
  DescribeSchemaCommand,
  GetDiscoveredSchemaCommand,
  NotFoundException,
  paginateListSchemaVersions,
  type SchemasClient,
  UpdateSchemaCommand,
} from '@aws-sdk/client-schemas';

/** The registry of a region in which the Lambda console keeps the shareable test events of all functions. */
const RegistryName = 'lambda-testevent-schemas';
const Type = 'OpenApi3';
/** Lambda's own bound: https://docs.aws.amazon.com/lambda/latest/dg/testing-functions.html */
const maxVersions = 5;

type Events = Readonly<Record<string, unknown>>;

/** An OpenAPI document whose examples are the events. */
interface Schema {
  readonly components?: { readonly examples?: Readonly<Record<string, unknown>> };
}

/**
 * Puts events beside those that a function has in the console's list of shareable test events, in place of those of the same
 * names. The registry belongs to everybody in the account and the region: it is made when there is none, and never removed.
 * The same steps as those of `sam remote test-event put`.
 */
export async function shareTestEvents(client: SchemasClient, functionName: string, events: Events): Promise<void> {
  await ensureRegistry(client);
  const SchemaName = schemaOf(functionName);
  const existing = await readSchema(client, SchemaName);
  if (existing === undefined) {
    const [first = {}] = Object.values(events);
    const discovered = await client.send(new GetDiscoveredSchemaCommand({ Type, Events: [JSON.stringify(first)] }));
    const Content = withExamples(JSON.parse(discovered.Content ?? '{}') as Schema, events);
    await client.send(new CreateSchemaCommand({ RegistryName, SchemaName, Type, Content }));
    return;
  }
  const Content = withExamples(existing, events);
  if (Content === JSON.stringify(existing)) return;
  await makeRoom(client, SchemaName);
  try {
    await client.send(new UpdateSchemaCommand({ RegistryName, SchemaName, Type, Content }));
  } catch (error) {
    // It says so as well when there is no change.
    if (!(error instanceof ConflictException)) throw error;
  }
}

/** Removes a function's events, with the function: nobody could find them any more. */
export async function forgetTestEvents(client: SchemasClient, functionName: string): Promise<void> {
  await unlessMissing(() => client.send(new DeleteSchemaCommand({ RegistryName, SchemaName: schemaOf(functionName) })));
}

function schemaOf(functionName: string): string {
  return `_${functionName}-schema`;
}

async function ensureRegistry(client: SchemasClient): Promise<void> {
  if (await unlessMissing(() => client.send(new DescribeRegistryCommand({ RegistryName })))) return;
  try {
    await client.send(new CreateRegistryCommand({ RegistryName }));
  } catch (error) {
    // Somebody else was quicker.
    if (!(error instanceof ConflictException)) throw error;
  }
}

async function readSchema(client: SchemasClient, SchemaName: string): Promise<Schema | undefined> {
  const found = await unlessMissing(() => client.send(new DescribeSchemaCommand({ RegistryName, SchemaName })));
  return found && (JSON.parse(found.Content ?? '{}') as Schema);
}

function withExamples(schema: Schema, events: Events): string {
  const ours = Object.entries(events).map(([name, value]) => [
    name,
    { value, 'x-metadata': { invocationType: 'RequestResponse' } },
  ]);
  const examples = { ...schema.components?.examples, ...Object.fromEntries(ours) };
  return JSON.stringify({ ...schema, components: { ...schema.components, examples } });
}

/** A schema with all its versions takes no other one: the oldest goes. */
async function makeRoom(client: SchemasClient, SchemaName: string): Promise<void> {
  const versions: number[] = [];
  for await (const page of paginateListSchemaVersions({ client }, { RegistryName, SchemaName })) {
    versions.push(...(page.SchemaVersions ?? []).map(({ SchemaVersion }) => Number(SchemaVersion)));
  }
  if (versions.length < maxVersions) return;
  const SchemaVersion = String(Math.min(...versions));
  await unlessMissing(() => client.send(new DeleteSchemaVersionCommand({ RegistryName, SchemaName, SchemaVersion })));
}

async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}
