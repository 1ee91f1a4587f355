import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { answerDeployment } from '../../../functions/adapters/deployment.js';
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

const views = (act: () => Promise<void>) => ({ id: 'views', failure: 'the views could not be written', act });

describe('what a deployment asks for', () => {
  it.each(['Create', 'Update', 'Delete'] as const)('is done on %s, and answered', async (type) => {
    const asked: string[] = [];
    await answerDeployment(anEvent(type), { ...views(async () => undefined), act: async (as) => void asked.push(as) });
    expect(asked).toEqual([type]);
    expect(answers).toEqual([{ type: '', body: { ...ids, Status: 'SUCCESS' } }]);
  });

  it('fails with the reason, which CloudFormation shows', async () => {
    const act = async () => {
      throw new Error('glue:CreateTable is denied');
    };
    await answerDeployment(anEvent('Create'), views(act));
    expect(answers.map(({ body }) => body)).toEqual([
      { ...ids, Status: 'FAILED', Reason: 'the views could not be written: glue:CreateTable is denied' },
    ]);
  });

  it('is tried again when CloudFormation did not take the answer', async () => {
    status = 403;
    const answering = answerDeployment(
      anEvent('Create'),
      views(async () => undefined),
    );
    await expect(answering).rejects.toThrow('answered 403');
  });
});
