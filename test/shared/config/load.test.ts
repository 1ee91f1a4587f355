import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import configSchema from '../../../infra/firesplit.schema.json' with { type: 'json' };
import ruleFileSchema from '../../../infra/rules.schema.json' with { type: 'json' };
import { severities } from '../../../shared/conditions/ruleSettings.js';
import { ConfigError, loadConfig, parseConfig } from '../../../shared/config/load.js';
import { tables } from '../../../shared/line/schema/index.js';
import { defaultNames } from '../../../shared/redact/defaults.js';
import { personalRules } from '../../../shared/redact/personal.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { combinations } from '../../../shared/where/clause.js';

const dir = 'test/fixtures/config';
const files = await readdir(dir);

describe('parseConfig', () => {
  it.each(files.filter((name) => name.endsWith('.good.yml')))('finds nothing wrong with %s', async (name) => {
    const { config, problems } = await parseConfig({ path: name, text: await readFile(join(dir, name), 'utf8') });
    expect(problems).toEqual([]);
    expect(Object.keys(config).length).toBeGreaterThan(0);
    compilePolicy(config);
  });

  // What is expected stands at the end of each file: `# line:column start of the message`.
  it.each(files.filter((name) => name.endsWith('.bad.yml')))('finds each problem in %s', async (name) => {
    const text = await readFile(join(dir, name), 'utf8');
    const expected = [...text.matchAll(/^# (\d+:\d+ .*)$/gm)].map(([, line = '']) => line);
    const { config, problems } = await parseConfig({ path: name, text });
    const found = problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
    expect(expected.length).toBeGreaterThan(0);
    expect(found.map((line, index) => line.slice(0, expected[index]?.length))).toEqual(expected);
    expect(config).toEqual({});
  });

  it('gives a configuration that compiles, or problems within the file, whatever the text', async () => {
    const word = fc.constantFrom(
      ...['redact:', 'rules:', '- ', 'name: a', 'pattern: x', 'key: [', ']', '\n', '  ', '    ', 'access:', 'formats:'],
      ...['services:', '{', '}', '*a', '&a', '"', 'keep: 0.5', 'hash: true'],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(word, { maxLength: 30 }).map((words) => words.join('')),
    );
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        const { config, problems } = await parseConfig({ path: 'c.yml', text: content });
        compilePolicy(config);
        for (const { line, column } of problems) {
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(content.split('\n').length);
          expect(column).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('infra/firesplit.yml', () => {
  it('changes nothing as it ships', async () => {
    expect(await loadConfig('infra/firesplit.yml')).toEqual({});
  });

  it('shows examples that are right once they are uncommented', async () => {
    const text = await readFile('infra/firesplit.yml', 'utf8');
    const uncommented = text.replace(/^# (?=( {2,}|- |[a-z_]+:))/gm, '');
    const { config, problems } = await parseConfig({ path: 'c.yml', text: uncommented });
    expect(problems).toEqual([]);
    expect(Object.keys(config)).toEqual([
      'services',
      'service_from',
      'formats',
      'classify',
      'access',
      'redact',
      'alerts',
      'forward',
      'metrics',
    ]);
  });

  it('throws with every problem in its message', async () => {
    const error = await loadConfig(join(dir, 'not-yaml.bad.yml')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain('1 problem in the configuration\ntest/fixtures/config/not-yaml.bad.yml:');
  });
});

describe('docs/config.md', () => {
  it('shows examples that are right', async () => {
    const page = await readFile('docs/config.md', 'utf8');
    const examples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
    expect(examples).toHaveLength(4);
    // The second example of formats is a file by itself.
    for (const text of [examples.toSpliced(2, 1).join(''), examples[2] ?? '']) {
      expect((await parseConfig({ path: 'docs/config.md', text })).problems).toEqual([]);
    }
  });
});

describe('docs/webhook.md', () => {
  it('shows examples that are right, each by itself', async () => {
    const page = await readFile('docs/webhook.md', 'utf8');
    const examples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
    expect(examples).toHaveLength(2);
    for (const text of examples) {
      expect((await parseConfig({ path: 'docs/webhook.md', text })).problems).toEqual([]);
    }
  });
});

describe('docs/routes.md', () => {
  it('shows examples that are right, each by itself', async () => {
    const page = await readFile('docs/routes.md', 'utf8');
    const examples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
    expect(examples).toHaveLength(5);
    for (const text of examples) {
      expect((await parseConfig({ path: 'docs/routes.md', text })).problems).toEqual([]);
    }
  });
});

describe('docs/forward.md', () => {
  it('shows examples that are right, each by itself', async () => {
    const page = await readFile('docs/forward.md', 'utf8');
    const examples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
    expect(examples).toHaveLength(3);
    for (const text of examples) {
      expect((await parseConfig({ path: 'docs/forward.md', text })).problems).toEqual([]);
    }
  });
});

describe('infra/firesplit.schema.json', () => {
  const { where, redaction } = configSchema.definitions;

  it('knows the columns, the defaults and the conditions', () => {
    const columns = Object.keys(tables.access).filter((name) => name !== 'fields');
    expect(Object.keys(where.properties)).toEqual([...columns, ...combinations]);
    expect(configSchema.properties.redact.properties.except.items.enum).toEqual(defaultNames);
    const { matcher, scalar, part } = ruleFileSchema.definitions;
    expect(configSchema.definitions).toMatchObject({ matcher, scalar, part });
    expect(Object.keys(configSchema.properties.alerts.properties.routes.properties).sort()).toEqual(
      [...severities].sort(),
    );
    expect(redaction.properties.hash.const).toBe(true);
    expect(configSchema.properties.redact.properties).toMatchObject(
      Object.fromEntries(Object.keys(personalRules).map((name) => [name, { default: 'keep' }])),
    );
  });
});
