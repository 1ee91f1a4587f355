/** Imports point one way: functions → shared, local → functions and shared; shared imports neither. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'shared-is-pure-domain',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(functions|local|test)/' },
    },
    {
      name: 'functions-know-only-shared',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(local|test)/' },
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
