import type { Word } from '../text/wordScanner.js';
import type { Cover } from './defaultRule.js';

/** Passwords that commands and statements take without naming them: `curl -u user:password`, `IDENTIFIED BY 'password'`. */
export function compileCommands(cover: Cover): (text: string) => string {
  return (text) =>
    text
      .replace(curlUser, (_, head: string, password: string) => head + cover(password))
      .replace(clientPassword, (_, head: string, password: string) => head + cover(password))
      .replace(sql, (whole, head: string, password: string) =>
        /^\**$/.test(password) ? whole : head + cover(password),
      )
      .replace(stated, (_, head: string, password: string) => head + cover(password));
}

/** https://curl.se/docs/manpage.html#-u */
const curlUser =
  /(\bcurl\b[^\r\n]{0,300}?\s(?:-u|-U|--user|--proxy-user)[ =]?(?:\\{0,2}["'])?[^\s:"'\\]{1,100}:)(?!\[redacted)([^\s"'\\]+)/g;

/** The clients of MySQL and MariaDB take the password at once behind `-p`; sshpass, redis-cli, `docker login` and LDAP's tools behind a space. */
const clientPassword =
  /(\b(?:(?:mysql|mariadb)[\w-]{0,20}\b[^\r\n|;]{0,200}?\s-p|sshpass\s{1,3}-p\s{0,3}|redis-cli\b[^\r\n|;]{0,200}?\s-a\s{1,3}|(?:docker|podman|helm registry) login\b[^\r\n|;]{0,200}?\s-p\s{1,3}|ldap(?:search|modify|add|delete|passwd|whoami)\b[^\r\n|;]{0,200}?\s-w\s{1,3})(?:\\{0,2}["'])?)(?!\[redacted)([^\s"'\\]+)/g;

/** https://dev.mysql.com/doc/refman/8.4/en/create-user.html and https://www.postgresql.org/docs/current/sql-createrole.html */
const sql =
  /(\b(?:IDENTIFIED(?:\s{1,5}WITH\s{1,5}\S{1,60})?\s{1,5}(?:BY|AS)(?:\s{1,5}PASSWORD)?|PASSWORD(?=[\s(]))\s{0,5}\(?\s{0,5}(?:\\{0,4}["']))(?!\[redacted)((?:[^'"\\\r\n]|'')*)/gi;

/** What MySQL says at its first start, Redis takes in its settings and shows in MONITOR, and Spring says of a field. */
const stated =
  /((?:\btemporary password is generated for \S{1,100}: |\b(?:requirepass|masterauth)(?:\\{0,2}["'])?\s{1,3}(?:\\{0,2}["'])?|"AUTH" "|\bfield '[\w.]{0,60}password[\w.]{0,60}': rejected value \[))(?!\[redacted)([^\s"'\\\]]+)/gi;

export const commandWords: readonly Word[] = [
  { word: 'temporary password' },
  { word: 'requirepass' },
  { word: 'masterauth' },
  { word: '"auth' },
  { word: 'rejected value' },
  { word: 'curl ', confirm: hasUserOption },
  { word: 'mysql', confirm: hasPasswordOption },
  { word: 'mariadb', confirm: hasPasswordOption },
  { word: 'sshpass' },
  { word: 'redis-cli' },
  { word: ' login ' },
  { word: 'ldap' },
  { word: 'identified' },
];

function hasUserOption(text: string, after: number, end: number): boolean {
  return /\s(?:-[uU]|--user|--proxy-user)/.test(text.slice(after - 1, Math.min(end, after + 320)));
}

function hasPasswordOption(text: string, after: number, end: number): boolean {
  return text.slice(after, Math.min(end, after + 240)).includes(' -p');
}
