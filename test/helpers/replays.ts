import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';

const cli = new URL('../../dist/local/cli.mjs', import.meta.url).pathname;
const run = promisify(execFile);

/** What tests look at of the answers of docs/replay.md. */
export interface ReplayAnswer {
  readonly replay: string;
  readonly state: string;
  readonly toDoIt: object;
}

/**
 * What functions/replay answers, as `firesplit invoke replay` prints it.
 *
 * @param event itself, or the path of its file
 */
export function invokeReplay(data: string, event: object | string): Promise<ReplayAnswer> {
  const given = typeof event === 'string' ? event : JSON.stringify(event);
  return answerOf('invoke', 'replay', '--data', data, '--json', '--event', given);
}

/** Asks how far a replay is until there is nothing left to do. */
export async function untilReplayed(data: string, id: string): Promise<ReplayAnswer> {
  const answer = await answerOf('replay', 'status', id, '--data', data, '--json');
  return answer.state === 'running' || answer.state === 'finding' ? untilReplayed(data, id) : answer;
}

async function answerOf(...words: string[]): Promise<ReplayAnswer> {
  const { stdout } = await run(process.execPath, [cli, ...words]);
  return JSON.parse(stdout) as ReplayAnswer;
}

/** The S3 of a running `firesplit up`. */
export function s3Of(endpoint: string): S3Client {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  return new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
}
