import { shippedRules } from '../helpers/shippedRules.js';
import { type Course, OnCall, type QuietDay } from './course.js';
import { incidents } from './incidents/index.js';
import { otherCompany } from './otherServices.js';

/**
 * `npm run oncall`: what people hear of the quiet days of two companies and of each incident with the rules of infra/rules; exits with 1 when one
 * fails. `npm run oncall -- certificate` runs those whose names hold the word, and `--told` lists the messages of each.
 */
const [word = ''] = process.argv.slice(2).filter((each) => !each.startsWith('--'));
const showsTold = process.argv.includes('--told');
const { rules } = await shippedRules();
const onCall = new OnCall(rules, undefined);
const others = new OnCall(rules, undefined, otherCompany);

/** Messages of a quiet day at most. */
const most = [15, 5];

console.log('| incident | first message | severity | by | messages | verdict |\n| --- | --: | --- | --- | --: | --- |');
for (const [name, company] of [
  ['a shop', onCall],
  ['others', others],
] as const) {
  for (const [index, allowed] of most.entries()) {
    const day = await company.quietUntil(company.endOf(index + 1));
    if (day.messages > allowed) process.exitCode = 1;
    console.log(quietRow(`quiet day ${index + 1} of ${name}: ${day.lines.toLocaleString('en')} lines`, day, allowed));
    if (showsTold) console.log(day.heard.map((each) => `  ${each}`).join('\n'));
  }
}
const chosen = incidents.filter(({ name }) => name.includes(word));
for (const incident of chosen.sort((a, b) => onCall.beginOf(a) - onCall.beginOf(b))) {
  const course = await onCall.run(incident);
  console.log(rowOf(course));
  if (showsTold) console.log(course.heard.map((each) => `  ${each}`).join('\n'));
  if (!course.passed) process.exitCode = 1;
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
