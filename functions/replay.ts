import { answerEvent } from '../shared/replay/answerEvent.js';
import { required } from './adapters/environment.js';
import { s3Documents } from './adapters/s3Documents.js';
import { s3SourceObjects } from './adapters/s3SourceObjects.js';
import { sqsReplayTasks } from './adapters/sqsReplayTasks.js';
import { clock, settings } from './replay/environment.js';

const ports = {
  documents: s3Documents(settings.bucket),
  objects: s3SourceObjects,
  queue: sqsReplayTasks(required('REPLAY_QUEUE_URL')),
  clock,
};

/**
 * Answers the events of docs/replay.md, as somebody sends them from the Test tab of the Lambda console: what would be put back
 * on the stream, that it has begun, or how far it is. What is begun, functions/replayWorker does.
 */
export const handler = (event: unknown) => answerEvent(event, settings, ports);
