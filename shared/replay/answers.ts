import { replay } from '../bounds.js';
import { bytesText, counted, spanText, utcText } from '../text/wording.js';
import { type StatedEvent, statedEvent, type Wanted } from './event/replayEvent.js';
import type { ReplayHead } from './manifest.js';
import type { PaceLimits } from './pace.js';
import type { Progress } from './progress.js';
import type { Survey } from './survey.js';

/** What the console shows for an answer: JSON, whose keys are words for people. */
export type Answer = Readonly<Record<string, unknown>>;

/** What was found and what would happen, with the event that does it. */
export function surveyAnswer(wanted: Wanted, found: Survey, pace: PaceLimits): Answer {
  return {
    dryRun: true,
    ...foundAnswer(wanted, found),
    ...(hasNothing(found)
      ? {
          wouldDo: `nothing: ${found.objects === 0 ? 'no object was found' : 'nothing that was found is to be put back'}`,
        }
      : { wouldDo: intention(wanted, found, pace), toDoIt: statedEvent(wanted, false) }),
  };
}

/** Whether it is certain that nothing would be put on the stream. */
export function hasNothing(found: Survey): boolean {
  return found.records === 0 && isWhole(found);
}

/** That a replay has begun, and how to follow it. */
export function startAnswer(wanted: Wanted, found: Survey, id: string, pace: PaceLimits): Answer {
  return {
    replay: id,
    ...foundAnswer(wanted, found),
    does: intention(wanted, found, pace),
    toSeeProgress: { status: id },
    toStop: { cancel: id },
  };
}

function foundAnswer(wanted: Wanted, found: Survey): Answer {
  const { objects, bytes, more, readObjects, records, byErrorCode, byHour, skipped, putBackBefore, missing } = found;
  const unit = wanted.source === 'import' ? 'lines' : 'records';
  return {
    found: {
      objects,
      bytes,
      [unit]: records,
      ...unlessEmpty({ byErrorCode, byHour, wouldSkip: skipped }),
    },
    ...(putBackBefore === 0
      ? {}
      : { putBackBefore: `${counted(putBackBefore, 'object')}, passed over: "again": true puts them back once more` }),
    ...(missing.length === 0 ? {} : { notThere: missing }),
    counted: isWhole(found)
      ? `all of ${objects === 1 ? 'it' : counted(objects, 'object')}`
      : objects === 0
        ? `nothing yet: none of the objects that could be looked at within ${spanText(replay.surveyTime)} is one of those; a nearer prefix, or a shorter period, is quicker`
        : `${counted(readObjects, 'object')} of ${more ? 'more than ' : ''}${objects.toLocaleString('en')}, from all over; in all about ${estimate(found).toLocaleString('en')} ${unit}`,
  };
}

function isWhole({ objects, bytes, more, readObjects, readBytes }: Survey): boolean {
  return !more && readObjects >= objects && readBytes >= bytes;
}

function estimate(found: Survey): number {
  const { records, bytes, readBytes } = found;
  return isWhole(found) || readBytes === 0 ? records : Math.round((records * bytes) / readBytes);
}

function intention(wanted: Wanted, found: Survey, pace: PaceLimits): string {
  const { source, alerts } = wanted;
  if (found.objects === 0)
    return `look further, and put what is found ${source === 'import' ? '' : 'back '}on the stream. ${alertsText[alerts]}`;
  const about = isWhole(found) ? '' : 'about ';
  const what = `${about}${counted(estimate(found), source === 'import' ? 'line' : 'record')} of ${counted(found.objects, 'object')} (${bytesText(found.bytes)})`;
  // Lines that are imported are put together, so that their bytes alone set the pace.
  const records = source === 'import' ? 0 : estimate(found);
  const span = spanAt(pace, wanted, { objects: found.objects, records, bytes: found.bytes });
  return `put ${what} ${source === 'import' ? '' : 'back '}on the stream within about ${span}. ${alertsText[alerts]}`;
}

/** How long the pace lets so much take. */
function spanAt(pace: PaceLimits, { source }: Wanted, left: Progress['left']): string {
  // An object has one worker, whose pace is its share.
  const share = Math.min(left.objects, replay.workers) / replay.workers;
  // A record of failed/ is base64 there, which takes a third more.
  const bytes = source === 'failed' ? left.bytes * 0.75 : left.bytes;
  return spanText((1000 / share) * Math.max(left.records / pace.records, bytes / pace.bytes));
}

const alertsText: Readonly<Record<Wanted['alerts'], string>> = {
  off: 'The rules do not see these lines, so nobody is told.',
  shadow: 'What the rules match in these lines goes to the log of functions/alert, and nobody is told.',
  send: 'The rules see these lines like any other, so people may be told.',
};

/** How far a replay is. */
export function statusAnswer(head: ReplayHead, progress: Progress, pace: PaceLimits): Answer {
  const { state, objects, records, skipped, problems, left } = progress;
  return {
    replay: head.id,
    state,
    begun: utcText(head.created),
    objects,
    records,
    ...unlessEmpty({ skippedBecause: skipped, problems }),
    ...(state === 'running' ? { left: `about ${spanAt(pace, head.wanted, left)}` } : {}),
    ...(state === 'running' || state === 'finding' ? { toStop: { cancel: head.id } } : {}),
    ...(objects.parked > 0 || state === 'stopped'
      ? { toTryAgain: 'mend the cause, then start a redrive of the queue of dead letters' }
      : {}),
    asked: statedEvent(head.wanted, false),
  };
}

export function cancelAnswer(id: string): Answer {
  return {
    replay: id,
    cancelled: 'what is under way comes to its end within seconds; the records that are on the stream stay there',
    toSeeProgress: { status: id },
  };
}

/** There is no such replay. */
export function unknownReplay(id: string): { readonly problems: readonly string[]; readonly example: StatedEvent } {
  return {
    problems: [`there is no replay ${id}; it may be older than 90 days, after which it is forgotten`],
    example: { source: 'failed', dryRun: true },
  };
}

function unlessEmpty(parts: Readonly<Record<string, object>>): Answer {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0));
}
