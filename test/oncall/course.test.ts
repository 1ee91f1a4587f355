import { expect, it } from '@jest/globals';
import { shippedRules } from '../helpers/shippedRules.js';
import { runCourse } from './course.js';
import { incidents } from './incidents.js';

const { rules } = await shippedRules();

function named(start: string) {
  const found = incidents.find(({ name }) => name.startsWith(start));
  if (!found) throw new Error(`no incident is named ${start}`);
  return found;
}

// All of them are run by `npm run oncall`.
it.each(['a quiet time', 'one of 40 tasks fails', 'a leak ends the JVM'])('people hear rightly of %s', async (name) => {
  expect(await runCourse(named(name), rules)).toMatchObject({ passed: true });
});

it('says so when people hear nothing, or too late', async () => {
  const incident = named('one of 40 tasks fails');
  const without = rules.filter(({ name }) => name !== 'http-5xx-task');
  expect(await runCourse(incident, without)).toMatchObject({ passed: false, messages: 0, told: [] });
  const { tell } = incident;
  if (!tell) throw new Error('the incident tells nobody');
  expect(await runCourse({ ...incident, tell: { ...tell, within: 1 } }, rules)).toMatchObject({ passed: false });
});
