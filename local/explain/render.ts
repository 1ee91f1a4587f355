import pc from 'picocolors';
import type {
  ColumnSource,
  ExplainedColumn,
  ExplainedEntry,
  ExplainedField,
  ExplainedRule,
  Explanation,
  FailedCondition,
  NoOwnTime,
  TypeReason,
} from '../../shared/explain/explanation.js';
import { counted, percentText } from '../../shared/text/wording.js';
import { type FieldMatcher, isList } from '../../shared/where/clause.js';
import { printable } from '../terminal/printable.js';
import { wrapWords } from '../terminal/wrapWords.js';

/** What became of lines and why, for the terminal. */
export function renderExplanation({ entries, blankLines }: Explanation): string {
  const blank = blankLines > 0 ? [`  ${counted(blankLines, 'blank line')}: counted, not stored`, ''] : [];
  if (entries.length === 0 && blankLines === 0) return '\n  no line: nothing is stored\n';
  return ['', ...entries.flatMap((entry, at) => entryLines(entry, at, entries.length)), ...blank].join('\n');
}

function entryLines(entry: ExplainedEntry, at: number, count: number): string[] {
  const number = count > 1 ? pc.dim(` ${at + 1} of ${count}`) : '';
  const joined = entry.lines > 1 ? `, ${counted(entry.lines, 'line')} joined` : '';
  return [
    `  ${colourOf(entry)(` ${entry.type} `)}${number} ${pc.bold(entry.format)}${joined}`,
    '',
    ...section('type', `${entry.type}: ${typeText(entry.typeReason)}`),
    ...formatLines(entry),
    ...section('stored', storageText(entry)),
    ...(entry.redacted.length > 0 ? section('redacted', redactedText(entry)) : []),
    '',
    ...entry.columns.flatMap(columnLines),
    ...fieldLines(entry.fields),
    ...fingerprintLines(entry),
    ...ruleLines(entry.rules),
    '',
  ];
}

function colourOf({ type, storage }: ExplainedEntry): (text: string) => string {
  const colour = storage.kind === 'dropped' ? pc.gray : { access: pc.cyan, error: pc.red, app: pc.green }[type];
  return (text) => pc.inverse(colour(text));
}

/** A name with its text behind it, which goes on below itself. */
function section(name: string, text: string): string[] {
  return wrapWords(printable(text), WIDTH - INDENT - NAME).map(
    (line, at) => `  ${pc.dim((at === 0 ? name : '').padEnd(NAME))}${line}`,
  );
}

const WIDTH = 80;
const INDENT = 2;
/** Of the longest column, `fingerprint`, and two spaces. */
const NAME = 13;

function typeText(reason: TypeReason): string {
  switch (reason.by) {
    case 'collector':
      return `the collector's record says so in ${reason.key}`;
    case 'line':
      return `the line says so in ${reason.key}`;
    case 'service':
      return 'infra/firesplit.yml says so of its service';
    case 'format':
      return `all lines of the format ${reason.format} are`;
    case 'level':
      return `its level is ${reason.level}`;
    case 'stack trace':
      return 'it states no level, and has a stack trace';
    case 'exception':
      return 'it names an exception';
    case 'nothing':
      return 'it states neither a level of error or above, nor an exception';
  }
}

function formatLines({ format, formats }: ExplainedEntry): string[] {
  const named = (verdict: string) =>
    formats.filter((each) => each.verdict === verdict).map(({ name, isOwn }) => (isOwn ? `${name} (yours)` : name));
  const [taker = 'none that is known: the line is stored as plain text'] = named('took the line');
  const lists = [
    ['would take it too', named('would take it')],
    ['asked before, and refused', refusedBefore(formats)],
    ['for other services', named('other service')],
  ] as const;
  return [
    ...section(
      'format',
      format === 'plain-text' && formats.length === 0 ? 'cut into pieces: not read by a format' : taker,
    ),
    ...lists.flatMap(([what, names]) => (names.length > 0 ? section('', `${what}: ${names.join(', ')}`) : [])),
  ];
}

function refusedBefore(formats: ExplainedEntry['formats']): string[] {
  const taker = formats.findIndex(({ verdict }) => verdict === 'took the line');
  return formats
    .slice(0, taker < 0 ? formats.length : taker)
    .filter(({ verdict }) => verdict === 'refused')
    .map(({ name, isOwn }) => (isOwn ? `${name} (yours)` : name));
}

function storageText({ storage, prefix }: ExplainedEntry): string {
  switch (storage.kind) {
    case 'stored':
      return storage.keep === undefined
        ? `yes, in ${prefix}`
        : `yes, in ${prefix}, as one of the ${percentText(storage.keep)} that are kept`;
    case 'sampled out':
      return `no: left out by the sample rule ${storage.rule}; alert rules see it all the same`;
    case 'dropped':
      return `no: left out by the drop rule ${storage.rule}, and no alert rule sees it`;
  }
}

function redactedText({ redacted }: ExplainedEntry): string {
  return redacted.map(({ rule, count }) => `${rule} ×${count}`).join(', ');
}

/** The value, and where it comes from: behind it if there is room, else below. */
function columnLines({ name, value, from }: ExplainedColumn): string[] {
  return valueLines(name, String(value), sourceText(from));
}

function valueLines(name: string, value: string, source: string): string[] {
  const width = WIDTH - INDENT - NAME;
  const all = value.split('\n').flatMap((line) => wrapWords(printable(line), width));
  const lines = all.slice(0, SHOWN_LINES);
  if (all.length > SHOWN_LINES) lines.push(`… ${counted(all.length - SHOWN_LINES, 'more line')}`);
  const last = lines.at(-1) ?? '';
  const from = `← ${printable(source)}`;
  const fits = last.length + 2 + from.length <= width;
  const shown = lines.map((line, at) => (at === lines.length - 1 && fits ? `${line}  ${pc.dim(from)}` : line));
  const below = fits ? [] : wrapWords(from, width).map((line) => pc.dim(line));
  return [...shown, ...below].map((line, at) => `  ${pc.cyan((at === 0 ? name : '').padEnd(NAME))}${line}`);
}

const SHOWN_LINES = 6;

function sourceText(source: ColumnSource): string {
  switch (source.kind) {
    case 'key':
      return `key ${source.key}`;
    case 'text': {
      const place = `characters ${source.start + 1} to ${source.end}`;
      return source.written === undefined ? place : `${source.written}, ${place}`;
    }
    case 'collector':
      return `${source.key} of the collector's record${source.because ? `: ${noTimeText(source.because)}` : ''}`;
    case 'given':
      return 'as given';
    case 'configuration':
      return `services.${source.service} in infra/firesplit.yml`;
    case 'arrival':
      return `arrival: ${noTimeText(source.because)}, and no collector's time is given`;
    case 'derived':
      return source.from;
  }
}

function noTimeText(because: NoOwnTime): string {
  return because.time === 'none' ? 'the line states no time' : `"${because.written}" names no zone`;
}

function fieldLines(fields: readonly ExplainedField[]): string[] {
  if (fields.length === 0) return [];
  return [
    '',
    `  ${pc.dim('in the column fields')}`,
    ...fields.flatMap(({ key, value, from }) =>
      valueLines(
        key.length < NAME ? key : `${key} `,
        typeof value === 'string' ? value : JSON.stringify(value),
        fieldSources[from],
      ),
    ),
  ];
}

const fieldSources: Readonly<Record<ExplainedField['from'], string>> = {
  line: 'the line',
  collector: "the collector's record",
  pipeline: 'added by Firesplit',
};

function fingerprintLines({ fingerprint }: ExplainedEntry): string[] {
  if (!fingerprint) return [];
  const { exception, logger, message, frames } = fingerprint;
  const parts = [
    ['exception', exception],
    ['logger', logger],
    ['message', message],
    ...frames.map((frame, at) => [at === 0 ? 'frames' : '', frame] as const),
  ] as const;
  return [
    '',
    `  ${pc.dim('the fingerprint is the hash of')}`,
    ...parts.flatMap(([name, text]) => (text === '' ? [] : section(name, text))),
  ];
}

function ruleLines(rules: readonly ExplainedRule[]): string[] {
  if (rules.length === 0) return ['', `  ${pc.dim('no alert rule looks at lines of this type')}`];
  const width = Math.max(...rules.map(({ name }) => name.length)) + 2;
  return ['', `  ${pc.dim('alert rules')}`, ...rules.flatMap((rule) => ruleText(rule, width))];
}

function ruleText(rule: ExplainedRule, nameWidth: number): string[] {
  const mark = rule.matches ? pc.green('✓') : pc.dim('·');
  const shade = rule.matches ? (text: string) => text : pc.dim;
  return wrapWords(printable(ruleVerdict(rule)), WIDTH - INDENT - 2 - nameWidth).map((line, at) => {
    const name = at === 0 ? `${mark} ${shade(rule.name.padEnd(nameWidth))}` : ' '.repeat(2 + nameWidth);
    return `  ${name}${shade(line)}`;
  });
}

function ruleVerdict(rule: ExplainedRule): string {
  if (!rule.matches) return failedText(rule.failed);
  const mode = rule.mode === 'shadow' ? ', shadow' : '';
  const part = rule.counts ? '' : ', outside the part that it counts';
  return `matches (${rule.type}, ${rule.severity}${mode})${part}; key ${rule.key === '' ? '(none)' : rule.key}`;
}

function failedText(failed: FailedCondition | undefined): string {
  switch (failed?.kind) {
    case undefined:
      return 'is not shown the line';
    case 'column':
      return `wants ${failed.name} ${cut(matcherText(failed.expected), 36)}${foundText(failed)}`;
    case 'any':
      return 'none of what it allows (any) holds';
    case 'not':
      return 'what it excludes (not) holds';
  }
}

/** As YAML has it. */
function matcherText(matcher: FieldMatcher): string {
  if (typeof matcher !== 'object') return String(matcher);
  if (isList(matcher)) return `[${matcher.join(', ')}]`;
  return Object.entries(matcher)
    .map(([name, part]) => `${name}: ${partText(part)}`)
    .join(', ');
}

/** What stands below a name of a matcher: texts, or further matchers (any, all, not). */
function partText(part: unknown): string {
  if (Array.isArray(part)) return `[${part.map(partText).join(', ')}]`;
  return typeof part === 'object' && part !== null ? `{ ${matcherText(part as FieldMatcher)} }` : String(part);
}

/** A text that was searched is among the columns above. */
function foundText({ expected, found }: FailedCondition & { readonly kind: 'column' }): string {
  if (found === undefined) return '; it has none';
  const isSearched = typeof expected === 'object' && ('regex' in expected || 'contains' in expected);
  return isSearched ? '' : `; it is ${cut(found, 36)}`;
}

function cut(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
