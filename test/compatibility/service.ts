import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { type Finding, findingOf, type Probe } from './probe.js';

/** A service of the local endpoint, as the SDK drives it. */
interface Service<Client> {
  /** That of its file in docs/compatibility. */
  readonly name: string;
  /** The SDK's package. */
  readonly sdk: object;
  readonly probes: readonly Probe<Client>[];
  /** What the operations that no probe is about may need. */
  readonly anyInput: object;
  /** The client; asked for when the tests run. */
  readonly client: () => Client;
  /** Whether an error says that something is not implemented. */
  readonly isRefusal: (error: unknown) => boolean;
}

interface Sender {
  send(command: never): Promise<unknown>;
}

/** Tests every operation of the SDK: those that probes are about by these, and all others for being refused. */
export function testService<Client extends Sender>(service: Service<Client>): void {
  const { name, sdk, probes, anyInput, client, isRefusal } = service;
  const findings: Finding[] = [];

  it.each(probes.map((probe) => [`${probe.operation}: ${probe.what}`, probe] as const))('%s', async (_, probe) => {
    findings.push(await findingOf(probe, client(), isRefusal));
  });

  const others = operationsOf(sdk).filter((operation) => !probes.some((probe) => probe.operation === operation));

  for (const operation of others) {
    it(`${operation} is refused`, async () => {
      const run = () => client().send(commandOf(sdk, operation, anyInput));
      const finding = await findingOf({ operation, what: 'all of it', run }, client(), isRefusal);
      expect(finding.result).toBe('refused');
      findings.push(finding);
    });
  }

  it(`is what docs/compatibility/${name}.json says (npm run compatibility)`, async () => {
    const path = new URL(`../../docs/compatibility/${name}.json`, import.meta.url);
    if (process.env.RECORD_COMPATIBILITY) await writeFile(path, `${JSON.stringify(findings, undefined, 2)}\n`);
    else expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(findings);
  });
}

function operationsOf(sdk: object): string[] {
  // `$Command` is what all of them are made from.
  return Object.keys(sdk).flatMap((name) => /^(\w+)Command$/.exec(name)?.[1] ?? []);
}

function commandOf(sdk: object, operation: string, input: object): never {
  const commands = sdk as { readonly [name: string]: new (input: object) => never };
  const Command = commands[`${operation}Command`];
  if (!Command) throw new Error(`the SDK has no ${operation}`);
  return new Command(input);
}
