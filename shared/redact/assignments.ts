import type { Cover } from './defaultRule.js';
import { keysInText } from './keys.js';

/** A value that stands behind a key in text. */
export interface Assigned {
  readonly key: string;
  readonly value: string;
  /** What stands between key and value. */
  readonly joint: string;
  readonly isQuoted: boolean;
  /** What stands before the key, and what follows the value. */
  readonly lead: string;
  readonly rest: string;
}

interface AssignmentOptions {
  /** Whether a value holds no secret. */
  readonly keeps?: (assigned: Assigned) => boolean;
  /** A regular expression for values that no quote ends. */
  readonly bare?: string;
}

/**
 * Replaces the values that stand behind a key in text, however the two are written:
 *
 *     password=x   "password": "x"   \"password\":\"x\"   {"user[password]"=>"x"}   ?token=x&   token%3Dx
 *     ('password', 'x')   {"name": "password", "value": "x"}   <password>x</password>   <entry key="password">x</entry>
 *     --password x   {&quot;password&quot;:&quot;x&quot;}
 *
 * and as part of a form, where the value follows `name="password"` behind an empty line.
 */
export function compileAssignments(
  keys: readonly string[],
  cover: Cover,
  { keeps = () => false, bare = bareValue }: AssignmentOptions = {},
): (text: string) => string {
  const forms = formsOf(keysInText(keys), bare);
  return (text) =>
    forms.reduce(
      (current, form) => (mayHave(form, current) ? replaceValues(current, form, cover, keeps) : current),
      text,
    );
}

/** One way to write a key and its value. */
interface Form {
  readonly pattern: RegExp;
  /** The text has at least one of these. */
  readonly needs: readonly string[];
  /** Values that say that this is no key with its value. */
  readonly not?: RegExp;
}

function formsOf(key: string, bare: string): Form[] {
  const form = (before: string, joint: string, value: string) =>
    new RegExp(`(?<before>${before})(?<key>${key})(?<joint>${joint})(?:${value})`, 'gi');
  return [
    { pattern: form('', separator, `${quotedValue}|(?<bare>${bare})`), needs: [''] },
    // Two strings side by side are a list of names as often.
    { pattern: form('', String.raw`${quote}\s?,\s{0,3}`, quotedValue), needs: [','], not: name },
    {
      pattern: form(
        String.raw`\b(?:name|key|header|field)(?:${quote})?${colon}(?:${quote})?[\w.-]{0,40}?`,
        String.raw`(?:${quote})?(?:\\n|[,\s])\s{0,20}(?:${quote})?value(?:${quote})?${colon}`,
        `${quotedValue}|(?<bare>${bare})`,
      ),
      needs: ['value', 'Value', 'VALUE'],
    },
    {
      pattern: form(
        String.raw`(?:<|&lt;)[\w:.-]{0,40}?`,
        String.raw`(?:\s[^<>]{0,200})?(?:>|&gt;)(?:<!\[CDATA\[)?`,
        String.raw`(?<bare>(?:[^<>&\]]|&(?!lt;)|\](?!\]>))+)`,
      ),
      needs: ['<', '&lt;'],
    },
    {
      pattern: form(
        String.raw`\b(?:name|key|id)=${quote}[\w:.-]{0,40}?`,
        String.raw`${quote}(?:\s[^<>]{0,100})?>`,
        '(?<bare>[^<]+)',
      ),
      needs: ['>'],
    },
    {
      pattern: form(String.raw`--[\w-]{0,40}?`, String.raw`[ \t]{1,20}(?!-)`, `${quotedValue}|(?<bare>${bare})`),
      needs: ['--'],
      not: /^[a-z]+$/,
    },
    {
      pattern: form(
        String.raw`\bname=${quote}[\w.[\]-]{0,40}?`,
        String.raw`\]?${quote}(?:\r?\n|(?:\\{1,2}r)?\\{1,2}n){2}`,
        String.raw`(?<bare>[^\r\n\\]+)`,
      ),
      needs: ['name='],
    },
  ];
}

function mayHave({ needs }: Form, text: string): boolean {
  return needs.some((part) => text.includes(part));
}

function replaceValues(text: string, form: Form, cover: Cover, keeps: (assigned: Assigned) => boolean): string {
  return text.replace(form.pattern, (...match: unknown[]) => {
    const whole = match[0] as string;
    const offset = match.at(-3) as number;
    const { before = '', key = '', joint = '', ...found } = match.at(-1) as { [name: string]: string | undefined };
    const quoted = found.escaped ?? found.double ?? found.single;
    const open = found.openEscaped ?? found.openDouble ?? found.openSingle ?? '';
    const bare = found.bare ?? '';
    const value = quoted ?? bare.replace(/[)\]},;]+$/, '');
    if (value === '' || holdsNothing.test(value) || form.not?.test(value)) return whole;
    const end = offset + whole.length;
    const assigned = {
      key,
      value,
      joint,
      isQuoted: quoted !== undefined,
      lead: text.slice(Math.max(0, offset - 40), offset) + before,
      rest: text.slice(end, end + 80),
    };
    if (keeps(assigned)) return whole;
    return before + key + joint + open + cover(value) + (quoted === undefined ? bare.slice(value.length) : '');
  });
}

/** Every part is bounded, so that the time stays in proportion to the text. */
const quote = String.raw`(?:\\{0,4}["']|%22|&quot;|&#34;)`;
const colon = String.raw`\s{0,3}[:=]\s{0,3}`;
const separator = String.raw`(?:${quote})?(?:\]|%5D){0,3}(?:${quote})?[ \t]{0,40}(?:=>|:=|={1,3}|%3D|%3A|:)[ \t]{0,40}(?:\[(?=\s{0,3}["'\\A-Za-z0-9])\s{0,3}|\w{1,30}\((?=\\{0,4}["'])|\s{0,20}string\(\d{1,6}\)\s{1,3}|&quot;|&#34;)?`;

/**
 * A value between quotes, which may be escaped and hold quotes that are escaped once more. The closing quote stays in
 * the text. Python marks bytes with a letter.
 */
const quotedValue = [
  String.raw`(?<openEscaped>(?<escape>\\{1,4})(?<mark>["']))(?<escaped>(?:[^"'\\]|(?!(?<!\\)\k<escape>\k<mark>)["'\\])*)`,
  String.raw`(?<openDouble>[bu]?")(?<double>(?:[^"\\]|\\[^])*)`,
  String.raw`(?<openSingle>[bu]?')(?<single>(?:[^'\\]|\\[^])*)`,
].join('|');

/** `token=Token{id=7}`: an object, whose own fields are looked through. */
const dump = String.raw`[A-Za-z][\w.$]{0,80}[{([](?:[\w.]{1,60}[=:{([]|[0-9a-f]{4,16}[\s})\]])`;

/**
 * A value without quotes, which ends at a space. `&`, `,` and `;` end it where another key follows, as in a query or a
 * connection string; a quote and a backslash do unless a word goes on behind them. The punctuation at its end stays in
 * the text.
 */
const bareValue = `(?!${dump})(?:${[
  String.raw`[^\s"'&\\,;<]`,
  String.raw`&(?![\w.%[\]-]{0,60}=|\s|amp;|quot;|#34;|$)`,
  String.raw`[,;](?!\s{0,3}["'\w.][\w. -]{0,40}["']?[=:])`,
  String.raw`<(?!\/)`,
  String.raw`\\(?!\\*["']|[nrt](?:[\w.-]{1,40}\s?[=:]|\\|\s|$))`,
  String.raw`(?<=\w)["'](?=\w)`,
].join('|')})+`;

/** Values that keep no secret, what was redacted already among them. */
const holdsNothing =
  /^(?:null|undefined|none|nil|true|false|yes|no|\*+|[{[(]+|\[{0,3}(?:redacted|filtered|masked|hidden|removed)\]?|<\w[\w -]{0,40}>?|\$\{[^}]{0,60}\}?|\$[A-Z_]+|\$\d|%[sdvq]|[^\w\s]{1,3}|…)$/i;

/** A name such as `email`, `created_at` or `User-Agent`. */
const name = /^(?:[a-z][a-z_.-]*|[A-Z][a-z]+(?:-[A-Z][a-z]+)*)$/;
