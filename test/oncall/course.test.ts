import { expect, it } from '@jest/globals';
import { shippedRules } from '../helpers/shippedRules.js';
import { OnCall } from './course.js';
import { incidents } from './incidents/index.js';
import { minuteMs } from './lines.js';
import { shop } from './services.js';

/** But for the one to which all errors are new until two days have passed. */
const rules = (await shippedRules()).rules.filter(({ name }) => name !== 'new-error');

function named(start: string) {
  const found = incidents.find(({ name }) => name.startsWith(start));
  if (!found) throw new Error(`no incident is named ${start}`);
  return found;
}

/** Rules that came half an hour before the incident: `npm run oncall` has two quiet days. */
function onCallAt(name: string, of = rules): OnCall {
  const begin = new OnCall(of, undefined).beginOf(named(name));
  return new OnCall(of, undefined, shop, begin - 30 * minuteMs);
}

// All of them are run by `npm run oncall`.
it.each(['a bad deploy: 10 %', 'a leak ends the JVM', 'a deploy of ten tasks'])(
  'people hear rightly of %s',
  async (name) => {
    expect(await onCallAt(name).run(named(name))).toMatchObject({ passed: true });
  },
);

it('says so when people hear nothing, or too late', async () => {
  const incident = { ...named('a leak ends the JVM'), lasts: 2 };
  const without = rules.filter(({ name }) => name !== 'out-of-memory');
  expect(await onCallAt(incident.name, without).run(incident)).toMatchObject({ passed: false });
  const { tell } = incident;
  if (!tell) throw new Error('the incident tells nobody');
  const late = { ...incident, tell: { ...tell, within: 0 } };
  expect(await onCallAt(incident.name).run(late)).toMatchObject({ passed: false, first: { rule: 'out-of-memory' } });
});
