/** ESM mode: run with node --experimental-vm-modules (the npm scripts do). */
export default {
  testEnvironment: 'node',
  // What a file left on the global scope is deleted when it ends. The default does so too, but gently: a test that went on
  // after its time had run out printed a deprecation instead of an error.
  testEnvironmentOptions: { globalsCleanup: 'on' },
  roots: ['<rootDir>/test'],
  setupFiles: ['<rootDir>/test/setup.ts'],
  // It ends what hangs. Machines are slow at times, and what is slow is told by the benchmark.
  testTimeout: 180_000,
  // What a test file loads stays in its worker's memory (ES modules are never let go): a worker that has grown is replaced.
  workerIdleMemoryLimit: '1GB',
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};
