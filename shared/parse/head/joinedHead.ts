import type { Joint } from './headCursor.js';
import { type HeadParts, MOST_PARTS } from './headParts.js';
import { isLevelLetter, isLevelWord, isLogger, isNumber, isSubject } from './headWords.js';

/** Reads value after value, each from joint to joint; false when none of them is a level. */
export function readJoined(head: HeadParts, joint: Joint): boolean {
  for (let parts = 0; parts < MOST_PARTS; parts++) {
    const at = head.spacesEnd(head.at);
    if (!head.line.startsWith(joint, at)) break;
    head.at = head.spacesEnd(at + joint.length);
    head.isParted = true;
    // A colon before a space ends the head.
    if (joint === ':' && head.at > at + 1) break;
    if (head.readTime()) continue;
    const end = head.line.indexOf(joint, head.at);
    if (end < 0 || end > head.limit || !readValue(head, head.line.slice(head.at, end).trim(), joint, end)) break;
    head.at = end;
  }
  const [whole = '', logger, name, number] = head.match(functionAndLine) ?? [];
  if (joint === '|' && head.level !== undefined && whole !== '') takeFunction(head, whole, logger, name, number);
  return head.level !== undefined;
}

function readValue(head: HeadParts, value: string, joint: Joint, end: number): boolean {
  if (value === '') return joint === '|' || head.level !== undefined;
  if (head.level === undefined && ((isLevelWord(value) && !isSubject(value)) || isLevelLetter(value))) {
    head.level = value;
    return true;
  }
  if (head.level !== undefined && isNumber(value)) head.fields.push(['line', Number(value)]);
  else if (!head.readDetail(value)) return readJoinedName(head, value, joint, end);
  return true;
}

function readJoinedName(head: HeadParts, value: string, joint: Joint, end: number): boolean {
  if (!isLogger(value) || (joint === ':' && head.line[end + 1] === '/')) return false;
  if (head.level === undefined) head.words.push(value);
  else if (head.logger === undefined && (head.words.length === 0 || joint !== ':')) {
    head.logger = value;
    head.thread ??= head.words.pop();
  } else if (joint === '::') head.fields.push(['context', value]);
  // Of Python's and Jetty's layouts with colons only Jetty's names a thread behind the logger, and puts a point into its time.
  else if (head.thread !== undefined || head.words.length > 0 || (joint === ':' && head.time?.includes(',')))
    return false;
  else head.thread = value;
  return true;
}

/** Loguru's `shop.checkout:run:52 - `. */
function takeFunction(head: HeadParts, whole: string, logger?: string, name?: string, number?: string): void {
  head.logger ??= logger;
  head.fields.push(['function', name], ['line', Number(number)]);
  head.at += whole.length;
}

/** How such a head starts: `MainThread::ERROR::…`, `ERROR:2026-11-22 …`. */
export const joinedStart = /^([A-Za-z][\w.-]{0,60})(::|[:,;])(?=\d|[A-Z]{4,13}\2)/;
const functionAndLine = /([A-Za-z_][\w.]*):([\w.<>]+):(\d+) - /y;
