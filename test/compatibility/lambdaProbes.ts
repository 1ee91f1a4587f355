import * as sdk from '@aws-sdk/client-lambda';
import { expect } from '@jest/globals';
import type { Probe } from './probe.js';

type Lambda = sdk.LambdaClient;

/** The only function that is deployed. */
export const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:shop-alert';

const invoke = async (lambda: Lambda, more: Partial<sdk.InvokeCommandInput> = {}) => {
  const input = { FunctionName: 'shop-alert', Payload: Buffer.from('{"a":1}') };
  const { Payload, ...answer } = await lambda.send(new sdk.InvokeCommand({ ...input, ...more }));
  return { ...answer, payload: Payload?.transformToString() };
};

export const lambdaProbes: readonly Probe<Lambda>[] = [
  {
    operation: 'Invoke',
    what: 'RequestResponse, by name, ARN and `$LATEST`',
    async run(lambda) {
      for (const FunctionName of ['shop-alert', 'shop-alert:$LATEST', functionArn, `${functionArn}:$LATEST`]) {
        expect(await invoke(lambda, { FunctionName })).toMatchObject({
          StatusCode: 200,
          ExecutedVersion: '$LATEST',
          payload: '{"a":1}',
        });
      }
      await expect(invoke(lambda, { FunctionName: 'other' })).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
      });
    },
  },
  {
    operation: 'Invoke',
    what: 'failures of the handler, in FunctionError',
    async run(lambda) {
      expect(await invoke(lambda, { Payload: Buffer.from('{}') })).toMatchObject({
        FunctionError: 'Unhandled',
        payload: expect.stringContaining('"errorType":"TypeError"'),
      });
    },
  },
  {
    operation: 'Invoke',
    what: 'LogType `Tail`',
    async run(lambda) {
      const { LogResult } = await invoke(lambda, { LogType: 'Tail' });
      expect(Buffer.from(String(LogResult), 'base64').toString()).toContain('START\n');
    },
  },
  {
    operation: 'Invoke',
    what: 'DryRun',
    run: async (lambda) =>
      expect(await invoke(lambda, { InvocationType: 'DryRun' })).toMatchObject({ StatusCode: 204 }),
  },
  {
    operation: 'Invoke',
    what: 'Event',
    differs: 'The tries after one and two minutes are forgotten when `up` ends.',
    run: async (lambda) => expect(await invoke(lambda, { InvocationType: 'Event' })).toMatchObject({ StatusCode: 202 }),
  },
  {
    operation: 'Invoke',
    what: 'payloads of up to 6 MB, events of up to 1 MB',
    async run(lambda) {
      const Payload = (bytes: number) => Buffer.from(`"${'x'.repeat(bytes - 2)}"`);
      expect((await invoke(lambda, { Payload: Payload(5 * 1024 * 1024) })).StatusCode).toBe(200);
      const tooLarge = { name: 'RequestTooLargeException' };
      await expect(invoke(lambda, { Payload: Payload(7 * 1024 * 1024) })).rejects.toMatchObject(tooLarge);
      const event = invoke(lambda, { Payload: Payload(2 * 1024 * 1024), InvocationType: 'Event' });
      await expect(event).rejects.toMatchObject(tooLarge);
    },
  },
  {
    operation: 'Invoke',
    what: 'versions and aliases',
    differs: 'There are none but `$LATEST` (ResourceNotFoundException).',
    run: (lambda) =>
      expect(invoke(lambda, { Qualifier: '1' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' }),
  },
  {
    operation: 'Invoke',
    what: 'ClientContext, TenantId, DurableExecutionName',
    run: (lambda) =>
      Promise.any([
        invoke(lambda, { ClientContext: Buffer.from('{}').toString('base64') }),
        invoke(lambda, { TenantId: 'tenant' }),
        invoke(lambda, { DurableExecutionName: 'name' }),
      ]),
  },
];
