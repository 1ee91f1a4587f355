import { expect, it } from '@jest/globals';
import { groupingOf } from '../../../shared/alerts/groups/grouping.js';
import { toRule } from '../../../shared/rules/language/statedRule.js';
import { meantBy, shownName, withMeant } from '../../../shared/where/aliases.js';

const inFields = 'fields.ecs_task_definition';

it('names what a row has, and shows people the name of the rule', () => {
  expect(meantBy('task_definition')).toBe(inFields);
  expect(meantBy('service')).toBe('service');
  expect(shownName(inFields)).toBe('task_definition');
  expect(shownName('fields.order')).toBe('fields.order');
});

it('finds the names in clauses of clauses, and leaves values alone', () => {
  const where = { any: [{ task_definition: 'web:142' }, { not: { task_definition: ['task_definition'] } }] };
  expect(withMeant(where)).toEqual({ any: [{ [inFields]: 'web:142' }, { not: { [inFields]: ['task_definition'] } }] });
});

it('is what a rule means wherever it names columns', () => {
  const rule = toRule({
    name: 'revision',
    type: 'cardinality',
    of: 'task_definition',
    above: 3,
    window: '5m',
    where: { task_definition: { exists: true } },
    by: ['service', 'task_definition'],
    severity: 'info',
    title: '{task_definition} of {service}',
  });
  expect(rule).toMatchObject({
    of: inFields,
    where: { [inFields]: { exists: true } },
    by: ['service', inFields],
    title: `{${inFields}} of {service}`,
  });
  expect(groupingOf({ group_by: ['task_definition'] }).by).toEqual([inFields]);
});
