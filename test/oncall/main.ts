import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { replaceSection } from '../../tools/docs/sections.js';
import { shippedRules } from '../helpers/shippedRules.js';
import { type Course, OnCall, type QuietDay } from './course.js';
import { incidents } from './incidents/index.js';
import { otherCompany } from './otherServices.js';

/**
 * `npm run oncall`: what people hear of the quiet days of two companies and of each incident with the rules of infra/rules; exits with 1 when one
 * fails. `npm run oncall -- certificate` runs those whose names hold the word, `--told` lists the messages of each, and `--update-docs` writes
 * the table of all into docs/alerting.md.
 */
const { values: options, positionals } = parseArgs({
  options: { told: { type: 'boolean', default: false }, 'update-docs': { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [word = ''] = positionals;
if (word && options['update-docs']) throw new Error('--update-docs writes the table of all incidents: name none.');
const { rules } = await shippedRules();
const onCall = new OnCall(rules, undefined);
const others = new OnCall(rules, undefined, otherCompany);

/** Messages of a quiet day at most. */
const most = [15, 5];

const table: string[] = [];
tell('| incident | first message | severity | by | messages | verdict |', []);
tell('| --- | --: | --- | --- | --: | --- |', []);
for (const [name, company] of [
  ['a shop', onCall],
  ['others', others],
] as const) {
  for (const [index, allowed] of most.entries()) {
    const day = await company.quietUntil(company.endOf(index + 1));
    if (day.messages > allowed) process.exitCode = 1;
    const row = quietRow(`quiet day ${index + 1} of ${name}: ${day.lines.toLocaleString('en')} lines`, day, allowed);
    tell(row, day.heard);
  }
}
const chosen = incidents.filter(({ name }) => name.includes(word));
for (const incident of chosen.sort((a, b) => onCall.beginOf(a) - onCall.beginOf(b))) {
  const course = await onCall.run(incident);
  tell(rowOf(course), course.heard);
  if (!course.passed) process.exitCode = 1;
}
if (options['update-docs']) {
  const page = 'docs/alerting.md';
  await writeFile(page, replaceSection(page, await readFile(page, 'utf8'), 'oncall', ['', ...table, '']));
}

function tell(row: string, heard: readonly string[]): void {
  table.push(row);
  console.log(row);
  if (options.told) for (const each of heard) console.log(`  ${each}`);
}

function quietRow(name: string, { messages, told, writes }: QuietDay, allowed: number): string {
  const verdict =
    messages <= allowed
      ? `as it must be, with ${writes.toFixed(2)} writes a service and invocation`
      : `fails: told ${some(told)}`;
  return `| ${name} | - | - | - | ${messages} (${allowed}) | ${verdict} |`;
}

function rowOf({ incident: { name, tell, most }, first, messages, passed, told }: Course): string {
  const [minutes, severity, rule] = first
    ? [`${first.minutes} min`, first.severity, first.rule]
    : ['none', tell ? 'none' : '-', '-'];
  const limits = tell ? ` (${tell.within} min)` : '';
  const verdict = passed ? 'as it must be' : `fails: told ${some(told)}`;
  return `| ${name} | ${minutes}${limits} | ${severity} | ${rule} | ${messages} (${most}) | ${verdict} |`;
}

function some(told: readonly string[]): string {
  const shown = told.slice(0, 12).join(', ') || 'nothing';
  return told.length > 12 ? `${shown} and ${told.length - 12} more` : shown;
}
