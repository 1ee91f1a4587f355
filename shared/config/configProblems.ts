import { refusalOf } from '../text/regExpSafety.js';
import type { FormatConfig } from '../treatment/lineConfig.js';
import { compileLogFormat, LogFormatError } from '../treatment/logFormat/logFormat.js';
import { compileFormat } from '../treatment/userFormat.js';
import { badBlocks, type PlacedPattern, patternsIn } from '../where/whereProblems.js';
import { unknownWord } from '../yaml/jsonSchema.js';
import type { PlacedProblem, ProblemPath } from '../yaml/source.js';
import type { Config } from './config.js';
import { exactlyOne } from './endpointProblems.js';
import { badForward } from './forwardProblems.js';
import { badGrouping } from './groupingProblems.js';
import { badRoutes } from './routesProblems.js';

/** What a JSON Schema can't say: expressions that are not valid or not safe, names that name nothing, tests that fail. */
export async function findProblems(config: Config): Promise<PlacedProblem[]> {
  const problems = [
    ...badNames(config),
    ...badRedactions(config),
    ...badFormats(config),
    ...badAddresses(config),
    ...badRoutes(config.alerts ?? {}),
    ...badGrouping(config.alerts ?? {}),
    ...badForward(config),
  ];
  for (const { path, source } of patternsOf(config)) {
    const refusal = await refusalOf(source);
    if (refusal) problems.push({ path, message: refusal });
  }
  // A format whose expression is refused has nothing to test.
  if (problems.length > 0) return problems;
  return (config.formats ?? []).flatMap((format, index) => failedTests(format, ['formats', index, 'tests']));
}

function badNames({ formats = [], services = {}, access, redact }: Config): PlacedProblem[] {
  const known = [...new Set(formats.map(({ name }) => name))];
  const unknown = Object.entries(services).flatMap(([service, { format }]) =>
    format === undefined || known.includes(format)
      ? []
      : [{ path: ['services', service, 'format'], message: unknownWord('format', format, known) }],
  );
  const lists: readonly [ProblemPath, readonly { readonly name: string }[]][] = [
    [['formats'], formats],
    [['access', 'drop'], access?.drop ?? []],
    [['access', 'sample'], access?.sample ?? []],
    [['redact', 'rules'], redact?.rules ?? []],
  ];
  return [...unknown, ...lists.flatMap(([path, named]) => repeatedNames(named, path))];
}

function repeatedNames(named: readonly { readonly name: string }[], path: ProblemPath): PlacedProblem[] {
  const names = named.map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [{ path: [...path, index, 'name'], message: `the name "${name}" is taken already; choose another` }],
  );
}

function badRedactions({ redact }: Config): PlacedProblem[] {
  return (redact?.rules ?? []).flatMap((rule, index) => {
    const path = ['redact', 'rules', index];
    return [
      ...exactlyOne(rule, ['key', 'pattern'], path),
      ...('hash' in rule && 'replacement' in rule
        ? [{ path, message: 'the rule has both "hash" and "replacement"; keep one' }]
        : []),
    ];
  });
}

function badFormats({ formats = [] }: Config): PlacedProblem[] {
  return formats.flatMap((format, index) => {
    const path = ['formats', index];
    const problems = [
      ...exactlyOne(format, ['pattern', 'keys', 'nginx', 'apache'], path),
      ...badLogFormat(format, path),
    ];
    if ('pattern' in format && !/\(\?<[A-Za-z]/.test(format.pattern)) {
      problems.push({
        path: [...path, 'pattern'],
        message: 'the pattern has no named group; name what it reads, for example (?<message>.*)',
      });
    }
    return problems;
  });
}

function badLogFormat(format: FormatConfig, path: ProblemPath): PlacedProblem[] {
  if (!('nginx' in format || 'apache' in format)) return [];
  try {
    compileLogFormat(format);
    return [];
  } catch (error) {
    if (!(error instanceof LogFormatError)) throw error;
    return [{ path: [...path, 'nginx' in format ? 'nginx' : 'apache'], message: error.message }];
  }
}

function badAddresses({ access = {} }: Config): PlacedProblem[] {
  return wheresOf(access).flatMap(({ where, path }) => badBlocks(where, path));
}

function patternsOf({ formats = [], access = {}, redact }: Config): PlacedPattern[] {
  return [
    ...formats.flatMap((format, index) =>
      'pattern' in format ? [{ path: ['formats', index, 'pattern'], source: format.pattern }] : [],
    ),
    ...wheresOf(access).flatMap(({ where, path }) => patternsIn(where, path)),
    ...(redact?.rules ?? []).flatMap((rule, index) =>
      'pattern' in rule ? [{ path: ['redact', 'rules', index, 'pattern'], source: rule.pattern }] : [],
    ),
  ];
}

/** The where-clauses of the drop and sample rules. */
function wheresOf(access: NonNullable<Config['access']>) {
  return (['drop', 'sample'] as const).flatMap((list) =>
    (access[list] ?? []).map(({ where }, index) => ({ where, path: ['access', list, index, 'where'] })),
  );
}

/** Reads each test line and compares what it names of the row. */
function failedTests(format: FormatConfig, path: ProblemPath): PlacedProblem[] {
  const parse = compileFormat(format);
  return (format.tests ?? []).flatMap(({ line, expect }, index) => {
    const parsed = parse(line);
    if (!parsed)
      return [{ path: [...path, index, 'line'], message: `the format "${format.name}" does not read this line` }];
    const values = new Map<string, unknown>([
      ['type', parsed.type],
      ...Object.entries(parsed.columns),
      ...parsed.fields.map(([key, value]) => [`fields.${key}`, value] as const),
    ]);
    if (parsed.time !== undefined) values.set('time', new Date(parsed.time).toISOString());
    return Object.entries(expect).flatMap(([name, expected]) => {
      const found = values.get(name);
      if (found === expected) return [];
      const place = [...path, index, 'expect', name];
      if (found !== undefined) {
        return [{ path: place, message: `${name} is ${JSON.stringify(found)}; expected ${JSON.stringify(expected)}` }];
      }
      return [{ path: place, on: 'key' as const, message: unknownWord('value', name, [...values.keys()]) }];
    });
  });
}
