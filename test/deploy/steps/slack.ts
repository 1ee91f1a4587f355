import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import type { Ministack } from '../ministack.js';
import { stage } from '../serverless.js';
import { clientsOf } from './clients.js';

/** Name of the secret that holds the webhook of the route `default`. */
export const webhook = `/firesplit/${stage}/slack/default`;

/** Stands in for Slack. */
export interface Slack {
  /** What was posted, in order. */
  readonly posts: readonly string[];
  /** From now on it answers as Slack does of a webhook that is gone. */
  revoke(): void;
  stop(): void;
}

/** Starts it, and puts its webhook where the deployed functions look for it. */
export async function startSlack(server: Ministack): Promise<Slack> {
  const posts: string[] = [];
  let isRevoked = false;
  const slack = createServer(async (request, response) => {
    const post = await text(request);
    if (isRevoked) {
      response.writeHead(403).end('invalid_token');
      return;
    }
    posts.push(post);
    response.end('ok');
  }).listen(0, '127.0.0.1');
  await once(slack, 'listening');
  const Value = `http://127.0.0.1:${(slack.address() as AddressInfo).port}/services/T/B/x`;
  await clientsOf(server).ssm.send(new PutParameterCommand({ Name: webhook, Value, Type: 'SecureString' }));
  return {
    posts,
    revoke: () => {
      isRevoked = true;
    },
    stop: () => {
      slack.closeAllConnections();
      slack.close();
    },
  };
}
