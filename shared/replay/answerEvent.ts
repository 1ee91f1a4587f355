import { randomBytes } from 'node:crypto';
import {
  type Answer,
  cancelAnswer,
  hasNothing,
  startAnswer,
  statusAnswer,
  surveyAnswer,
  unknownReplay,
} from './answers.js';
import { readEvent } from './event/readEvent.js';
import { type ReplayEvent, statedEvent, type Wanted } from './event/replayEvent.js';
import { Manifest } from './manifest.js';
import type { PaceLimits } from './pace.js';
import type { ReplayClock, ReplayDocuments, ReplayQueue, SourceObjects } from './ports.js';
import { progressOf } from './progress.js';
import { survey } from './survey.js';

export interface AnswerPorts {
  readonly documents: ReplayDocuments;
  readonly objects: SourceObjects;
  readonly queue: ReplayQueue;
  readonly clock: ReplayClock;
}

export interface ReplaySettings {
  /** Of the deployment. */
  readonly bucket: string;
  /** Keys that sign labels; without one nothing can be put back. */
  readonly keys: readonly string[];
  /** What all workers together may put on the stream. */
  readonly pace: PaceLimits;
}

/**
 * Answers an event of the console within seconds: what is wrong with it, what would happen, that it has begun, or how far it
 * is. Only an event with `"dryRun": false` puts anything on the stream.
 */
export async function answerEvent(event: unknown, settings: ReplaySettings, ports: AnswerPorts): Promise<Answer> {
  const read = readEvent(event, ports.clock.now());
  if ('problems' in read) return { ...read };
  try {
    return await carryOut(read, settings, ports);
  } catch (error) {
    const problem = accessProblem(error);
    if (problem === undefined || !('wanted' in read)) throw error;
    return { problems: [problem], example: statedEvent(read.wanted, true) };
  }
}

/** What somebody has to mend outside this function; undefined for what is its own. */
function accessProblem(error: unknown): string | undefined {
  const { name, message } = Object(error) as Partial<Error>;
  if (name === 'NoSuchBucket')
    return 'there is no such bucket; write s3://bucket/prefix with the name of one that is there';
  if (name !== 'AccessDenied') return undefined;
  return `S3 refused: ${message}. Of the logs bucket only failed/, backup/ and import/ can be read. Open the bucket to ReplayRole and ReplayWorkerRole with its policy, as docs/replay.md shows, where it is of this account; otherwise copy the objects under import/ of the logs bucket`;
}

function carryOut(read: ReplayEvent, settings: ReplaySettings, ports: AnswerPorts): Promise<Answer> | Answer {
  switch (read.ask) {
    case 'survey':
      return look(read.wanted, settings, ports);
    case 'start':
      return start(read.wanted, settings, ports);
    case 'status':
      return status(read, settings, ports);
    case 'cancel':
      return cancel(read, ports);
  }
}

async function look(wanted: Wanted, { bucket, pace }: ReplaySettings, ports: AnswerPorts): Promise<Answer> {
  return surveyAnswer(wanted, await survey(wanted, bucket, ports), pace);
}

async function start(wanted: Wanted, settings: ReplaySettings, ports: AnswerPorts): Promise<Answer> {
  const { bucket, keys, pace } = settings;
  if (keys.length === 0) return { problems: [noKeys], example: statedEvent(wanted, true) };
  const found = await survey(wanted, bucket, ports);
  if (hasNothing(found)) return surveyAnswer(wanted, found, pace);
  const { documents, queue, clock } = ports;
  const created = clock.now();
  const id = newReplayId(created);
  const head = { version: 1, id, wanted, created, state: 'finding', objects: 0, bytes: 0, parts: 0 } as const;
  if (!(await new Manifest(documents, clock, id).begin(head)))
    throw new Error(`there is a replay ${id} already; ask again`);
  await queue.send([{ replay: id }]);
  return startAnswer(wanted, found, id, pace);
}

const noKeys =
  'PUT_BACK_KEYS is not set, and without a key nothing can be put back: deploy with --param="putBackKeys=$(openssl rand -hex 32)"';

async function status(
  { id }: Extract<ReplayEvent, { id: string }>,
  settings: ReplaySettings,
  ports: AnswerPorts,
): Promise<Answer> {
  const manifest = new Manifest(ports.documents, ports.clock, id);
  const head = await manifest.head();
  if (!head) return { ...unknownReplay(id) };
  return statusAnswer(head, await progressOf(head, manifest, ports.clock.now()), settings.pace);
}

async function cancel(
  { id }: Extract<ReplayEvent, { id: string }>,
  { documents, clock }: AnswerPorts,
): Promise<Answer> {
  const changed = await new Manifest(documents, clock, id).changeHead((head) => ({ ...head, state: 'cancelled' }));
  return changed ? cancelAnswer(id) : { ...unknownReplay(id) };
}

/** `2026-11-28-1412-k3x9`: when it began, UTC, and what tells it from others of that minute. */
function newReplayId(now: number): string {
  const minute = new Date(now).toISOString().slice(0, 16).replace('T', '-').replace(':', '');
  return `${minute}-${randomBytes(4).toString('base64url').toLowerCase().replace(/[-_]/g, '0').slice(0, 4)}`;
}
