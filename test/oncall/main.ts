import { shippedRules } from '../helpers/shippedRules.js';
import { type Course, runCourse } from './course.js';
import { incidents } from './incidents.js';

/** `npm run oncall`: what people hear of each incident with the rules of infra/rules and infra/optional-rules; exits with 1 when one fails. */
const { rules } = await shippedRules();
console.log('| incident | first message | severity | messages | verdict |\n| --- | --: | --- | --: | --- |');
for (const incident of incidents) {
  const course = await runCourse(incident, rules);
  console.log(rowOf(course));
  if (!course.passed) process.exitCode = 1;
}

function rowOf({ incident: { name, tell, most }, first, messages, passed, told }: Course): string {
  const [minutes, severity] = first ? [`${first.minutes} min`, first.severity] : ['none', tell ? 'none' : '-'];
  const limits = tell ? ` (${tell.within} min)` : '';
  const verdict = passed ? 'as it must be' : `fails: told ${told.join(', ') || 'nothing'}`;
  return `| ${name} | ${minutes}${limits} | ${severity} | ${messages} (${most}) | ${verdict} |`;
}
