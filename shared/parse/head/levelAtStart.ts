import { isLevelWord, isSubject } from './headWords.js';

/**
 * The level that a text without any other head states at its start. Capitals may stand alone, any other word needs a
 * colon or brackets: `error budgets are fine` states none.
 */
export function levelAtStart(text: string): string | undefined {
  const [, capitals, bracketed, other, named, dashed] = stated.exec(text) ?? [];
  if (capitals !== undefined) return capitals;
  const word = bracketed ?? other ?? named ?? dashed;
  return word !== undefined && isLevelWord(word) && !isSubject(word) ? word : undefined;
}

/** `ERROR disk full`, `ERRO[0012] …`; `[ warn] …`, `nginx: [emerg] …`; `(ERROR) …`, `<error> …`; `warn: …`; `warn  - …` of Next.js. */
const stated =
  /^(?:(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|SEVERE|CRITICAL|CRIT|FATAL|PANIC|EMERG|DEBU|ERRO|EROR|FATA|PANI|TRC|DBG|INF|WRN|FTL)(?:\[\d+\])?(?::|\s|$)|(?:[a-z][\w.-]{0,40}: )?\[\s{0,9}([A-Za-z]{3,13})\s{0,9}\](?::|\s|$)|[(<]([A-Za-z]{3,13})[)>]\s|([A-Za-z]{3,13}):(?:\s|$)|([a-z]{3,13}) {1,3}- )/;
