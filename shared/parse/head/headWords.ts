import { levelNamed, levelOfLetter } from '../values/level.js';

/** Whether a bare word states a level: only capitals do, and of these only names that stand for nothing else. */
export function isLevelName(word: string): boolean {
  return sureLevels.has(word);
}

/** Whether a word names a level where its place says that it may: in brackets, between bars, before a colon. */
export function isLevelWord(word: string): boolean {
  return word.length > 1 && word.length <= LONGEST_LEVEL && levelNamed(word) !== undefined;
}

/** The same for the words of {@link isLevelWord} that are what a line is about for most loggers: `http: panic serving …`. */
export function isSubject(word: string): boolean {
  return subjects.has(word);
}

/** Whether a letter stands for a level where its place says that it may. */
export function isLevelLetter(word: string): boolean {
  return word.length === 1 && levelOfLetter(word) !== undefined;
}

/** Whether a word may be a logger: a module, class, path or program. Exceptions and addresses belong to the message. */
export function isLogger(word: string): boolean {
  return word.length <= LONGEST_NAME && logger.test(word) && !notLogger.test(word);
}

/** A logger that no word of a sentence looks like: `com.shop.Checkout`, `shop::pay`, `odoo/sql_db`. */
export function isQualified(word: string): boolean {
  return qualified.test(word) && isLogger(word);
}

/** `main.go:23`, `...auth/auth.go:200:SignInPost()`, `tensorflow/core/a.cc:12`. */
export function isCaller(word: string): boolean {
  return caller.test(word);
}

/** A word that a sentence may have as well. */
export function isPlainWord(word: string): boolean {
  return plainWord.test(word);
}

export function isNumber(word: string): boolean {
  return number.test(word);
}

export function isUuid(word: string): boolean {
  return word.length === UUID && uuid.test(word);
}

/** Whether a text is what loggers write for nothing. */
export function isEmpty(text: string): boolean {
  return text === '' || text === '-' || text === '(null)';
}

export function isLowerCase(text: string): boolean {
  return text === text.toLowerCase();
}

const UUID = 36;
const LONGEST_LEVEL = 13;
const LONGEST_NAME = 120;
const sureLevels = new Set(
  `TRACE FINEST FINER FINE VERBOSE DEBUG INFO NOTICE WARN WARNING ERROR SEVERE CRITICAL FATAL PANIC ALERT EMERG EMERGENCY
  TRC DBG INF WRN ERR FTL VRB TRAC BLAT DEBU DEBG DBUG EROR ERRO CRIT CRITI WARNI FATA PANI`.split(/\s+/),
);
const subjects = new Set(['http', 'log', 'default', 'config', 'success']);
const logger = /^[A-Za-z_][\w.$/:@#*+~<>-]*$/;
const notLogger = /(?:Error|Exception)$|\/\//;
const qualified = /[\w$](?:\.|::|\/)[\w$[]/;
const caller =
  /^[\w.@<>/\\-]*\.(?:[cm]?[jt]sx?|cc?|cpp|cs|clj|erl|exs?|go|groovy|h|java|kt|lua|php|pl|py|rb|rs|scala|swift):\d{1,6}(?::\S*)?$/;
const plainWord = /^[A-Za-z]+$/;
const number = /^\d{1,12}$/;
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
