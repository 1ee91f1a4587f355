/**
 * Whether a message may stand behind any head without a change of what the line is read as, or of the message itself: it
 * starts with a word and holds nothing that a format looks for behind a head.
 */
export function isPlainMessage(message: string): boolean {
  const last = message.charCodeAt(message.length - 1);
  return startsWord(message.charCodeAt(0)) && last !== SPACE && !telling.test(message);
}

function startsWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/**
 * In this order: what JSON escapes, what is not ASCII, and bars, which part the values of a head; a request, the label of
 * PostgreSQL, Spring Boot's dashes; nginx's request; the time of an access line; the end of morgan's; pairs at the start, which
 * may be an entry of their own.
 */
const telling =
  /[^ !#-[\]-{}~]|\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE) | HTTP\/|: {2}| --- \[|, client: |\[\d\d\/| ms(?:$| - )|^[A-Za-z_][\w.-]*=/;

const SPACE = 32;
