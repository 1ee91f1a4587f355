import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { answerDeployment } from '../../../functions/compact/deployment.js';
import { startWebServer, type WebServer } from '../../helpers/webServer.js';

let server: WebServer;
let status = 200;
const answers: { readonly type: string | undefined; readonly body: unknown }[] = [];

beforeEach(async () => {
  answers.length = 0;
  status = 200;
  server = await startWebServer(async (request, response) => {
    answers.push({ type: request.headers['content-type'], body: JSON.parse(await text(request)) });
    response.writeHead(status).end();
  });
});

afterEach(() => server.stop());

function anEvent(RequestType: 'Create' | 'Update' | 'Delete'): CloudFormationCustomResourceEvent {
  const ids = { StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Views', PhysicalResourceId: 'views' };
  const what = { ResourceType: 'Custom::Views', ServiceToken: 'arn', ResourceProperties: { ServiceToken: 'arn' } };
  return { ...ids, ...what, RequestType, ResponseURL: `${server.url}/signed` } as CloudFormationCustomResourceEvent;
}

const ids = { StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Views', PhysicalResourceId: 'views' };

describe('what a deployment asks for', () => {
  it.each(['Create', 'Update'] as const)('is done on %s, and answered', async (type) => {
    let done = 0;
    await answerDeployment(anEvent(type), async () => void done++);
    expect(done).toBe(1);
    expect(answers).toEqual([{ type: '', body: { ...ids, Status: 'SUCCESS' } }]);
  });

  it('is nothing on Delete', async () => {
    await answerDeployment(anEvent('Delete'), async () => {
      throw new Error('asked for nothing');
    });
    expect(answers.map(({ body }) => body)).toEqual([{ ...ids, Status: 'SUCCESS' }]);
  });

  it('fails with the reason, which CloudFormation shows', async () => {
    await answerDeployment(anEvent('Create'), async () => {
      throw new Error('glue:CreateTable is denied');
    });
    expect(answers.map(({ body }) => body)).toEqual([
      { ...ids, Status: 'FAILED', Reason: 'the views could not be written: glue:CreateTable is denied' },
    ]);
  });

  it('is tried again when CloudFormation did not take the answer', async () => {
    status = 403;
    await expect(answerDeployment(anEvent('Create'), async () => undefined)).rejects.toThrow('answered 403');
  });
});
