import type { HeadParts } from './headParts.js';
import { isEmpty, isLevelLetter, isLogger, isLowerCase, isQualified } from './headWords.js';

/** The logger directly before the message, when what stands around it says that it is one. */
export function readLogger(head: HeadParts, hasGroups: boolean, levelIsFirst: boolean): boolean {
  if (head.logger !== undefined || head.words.length > 0 || head.groups.some(({ text }) => isQualified(text)))
    return false;
  const end = head.wordEnd(head.at);
  if (head.line.charCodeAt(end - 1) === COLON && readColonLogger(head, end)) return true;
  const sign = head.line[head.spacesEnd(end)];
  const isThreaded = hasGroups || head.groups.length > 0 || head.thread !== undefined;
  return (
    ((sign === '-' || sign === ':' || sign === '[') && readMarkedLogger(head, isThreaded)) ||
    (hasGroups && readClass(head)) ||
    readServerLogger(head, levelIsFirst) ||
    readDressedLogger(head)
  );
}

/** `billing: ` */
function readColonLogger(head: HeadParts, end: number): boolean {
  const logger = head.line.slice(head.at, end - 1);
  return !head.hasCaller && isLogger(logger) && head.takeLogger(logger, head.line.slice(head.at, end));
}

/** A logger with a dash or colon apart from it, and Log4net's context between the two. */
export function readMarkedLogger(head: HeadParts, isThreaded: boolean): boolean {
  const [whole = '', logger = '', context] = head.match(markedLogger) ?? [];
  // Log4js has its categories behind a level in brackets.
  const isCategory = head.levelIsBracketed && isLowerCase(logger) && isLogger(logger);
  if (whole === '' || !(isThreaded || isCategory || isQualified(logger))) return false;
  if (context !== undefined && !isEmpty(context)) head.fields.push(['context', context]);
  return head.takeLogger(logger, whole);
}

function readClass(head: HeadParts): boolean {
  const [whole = '', logger] = head.match(classBeforeText) ?? [];
  return logger !== undefined && head.takeLogger(logger, whole);
}

/** The loggers of servers whose layouts put other parts around them: OpenStack, Odoo, MongoDB, Django. */
function readServerLogger(head: HeadParts, levelIsFirst: boolean): boolean {
  const { line, at, fields } = head;
  const isNumbered = head.numbers > 0;
  const isLettered = isLevelLetter(head.level ?? '');
  if (!isNumbered && !isLettered && !levelIsFirst && line[head.wordEnd(at) + 1] !== '[') return false;
  const openStack = head.match(loggerAndContext);
  if (openStack && (isNumbered || isQualified(openStack[1] ?? ''))) {
    head.placeContext(isEmpty(openStack[2] ?? '') ? '' : (openStack[2] ?? ''));
    return head.takeLogger(openStack[1], openStack[0]);
  }
  const odoo = isNumbered ? head.match(databaseAndLogger) : null;
  if (odoo) {
    if (odoo[1] !== '?') fields.push(['db', odoo[1]]);
    return head.takeLogger(odoo[2], odoo[0]);
  }
  const mongo = isLettered ? head.match(componentAndThread) : null;
  if (mongo) {
    head.thread = mongo[2];
    return head.takeLogger(mongo[1], mongo[0]);
  }
  const django = levelIsFirst ? head.match(moduleAndNumbers) : null;
  if (django) fields.push(['pid', Number(django[2])], ['tid', Number(django[3])]);
  return django !== null && head.takeLogger(django[1], django[0]);
}

/** `in app: ` of Flask, `ThreadId(02) request{id=7}: shop::pay: ` of Rust's tracing. */
function readDressedLogger(head: HeadParts): boolean {
  const [whole = '', thread, threadSpan, span = threadSpan, logger] = head.match(dressedLogger) ?? [];
  if (logger === undefined || !isLogger(logger)) return false;
  head.thread ??= thread;
  if (span !== undefined) head.fields.push(['span', span.replace(/:? ?$/, '')]);
  return head.takeLogger(logger, whole);
}

const markedLogger = /(\S+)(?:\s+\[([^\]\n]*)\])?\s+(?:--?|:)\s+/y;
/** As Tomcat and Solr write them behind a thread. */
const classBeforeText = /([\w$]+(?:\.[\w$<>]+)+) /y;
const loggerAndContext = /([A-Za-z_][\w.-]*) \[([^\]\n]*)\] /y;
const databaseAndLogger = /([\w?-]+) ([A-Za-z_][\w.]*): /y;
const componentAndThread = /([A-Z_-]+) +\[([^\]\n]+)\] /y;
const moduleAndNumbers = /([A-Za-z_][\w.]*) (\d{1,12}) (\d{1,20}) /y;
const dressedLogger =
  /(?:in |((?:[\w-]+ )?ThreadId\(\d{1,9}\)) ((?:[\w.-][\w.:-]*\{[^{}\n]*\}:? ?)+)?|((?:[\w.-][\w.:-]*\{[^{}\n]*\}:? ?)+))([\w.$/:@#*+-]+?):(?=\s|$)/y;
const COLON = 58;
