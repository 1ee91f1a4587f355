/**
 * Imports point one way. At the top: local → functions → shared, and tools may use all of them. Within shared/ the folders
 * stand in the order of a line's journey, and each imports only those before it.
 */
const journey = [
  'text',
  'yaml',
  'line',
  'parse',
  'redact',
  'where',
  'treatment',
  'lanes',
  'join',
  'record',
  'partitions',
  'signals',
  'conditions',
  'rules',
  'athena',
  'compact',
  'explain',
  'alerts',
  'slack',
  'webhook',
  'metrics',
  'config',
  'replay',
  'forward',
  'cost',
  'deploy',
];

/** For each folder: it knows none of those that come after it. */
const order = journey.slice(0, -1).map((folder, at) => ({
  name: `${folder}-comes-before-${journey[at + 1]}`,
  comment: `shared/${folder} may import only what comes before it on the journey: ${journey.slice(0, at).join(', ') || 'nothing'}.`,
  severity: 'error',
  from: { path: `^shared/${folder}/` },
  to: { path: `^shared/(${journey.slice(at + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...order,
    {
      name: 'shared-has-its-order',
      comment: 'A new folder in shared/ needs its place in the journey at the top of this file.',
      severity: 'error',
      from: { path: '^shared/', pathNot: `^shared/((${journey.join('|')})/|[^/]+$)` },
      to: {},
    },
    {
      name: 'shared-is-pure-domain',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(functions|local|tools|test)/' },
    },
    {
      name: 'functions-know-only-shared',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(local|tools|test)/' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { path: '^(functions|shared|local|tools)/' },
      to: { path: '^test/' },
    },
    {
      name: 'nothing-imports-tools',
      severity: 'error',
      from: { path: '^(functions|shared|local)/' },
      to: { path: '^tools/' },
    },
    {
      name: 'shared-has-no-cloud',
      comment: 'shared/ is domain code: the AWS clients and Slack live behind ports in functions/.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: 'node_modules/(@aws-sdk|@slack|@middy|@aws-lambda-powertools|@duckdb)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
