import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import schema from '../../../infra/rules.schema.json' with { type: 'json' };
import { allTypes, ruleTypes, typeOf } from '../../../shared/conditions/index.js';

const { properties, dependencies } = schema.definitions.rule;

describe('the types of rules', () => {
  it('are those of infra/rules.schema.json, in its order', () => {
    expect(properties.type.enum).toEqual(ruleTypes);
    expect(properties.type.description.match(/`([\w-]+)`(?=:)/g)).toEqual(ruleTypes.map((type) => `\`${type}\``));
  });

  it('are those of the table in docs/rules.md, in its order', async () => {
    const page = await readFile('docs/rules.md', 'utf8');
    const [, table = ''] = /^## Types\n([\s\S]*?)^###/m.exec(page) ?? [];
    expect([...table.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, type]) => type)).toEqual(ruleTypes);
  });

  it('have a section each in docs/rules.md, but for match', async () => {
    const page = await readFile('docs/rules.md', 'utf8');
    const [, sections = ''] = /^## Types\n([\s\S]*?)^## /m.exec(page) ?? [];
    const titles = [...sections.matchAll(/^### ([\w-]+)$/gm)].map(([, title]) => title);
    expect(titles.filter((title) => title !== undefined && ruleTypes.some((type) => type === title))).toEqual(
      ruleTypes.filter((type) => type !== 'match'),
    );
  });

  it.each(ruleTypes)('state durations for %s that the schema knows to be for it', (type) => {
    for (const key of Object.keys(typeOf({ type }).durations ?? {})) {
      expect(dependencies).toHaveProperty([key, 'properties', 'type', 'enum'], expect.arrayContaining([type]));
    }
  });

  it('name as durations what has the pattern of one', () => {
    const durations = Object.entries(properties).filter(([, property]) => {
      return 'pattern' in property && property.pattern === properties.window.pattern;
    });
    const common = ['cooldown', 'max_cooldown', 'resolve_after', 'lateness'];
    expect(new Set([...allTypes.flatMap((type) => Object.keys(type.durations ?? {})), ...common])).toEqual(
      new Set(durations.map(([key]) => key)),
    );
  });
});
