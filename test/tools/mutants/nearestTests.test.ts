import { describe, expect, it } from '@jest/globals';
import { nearestTests } from '../../../tools/mutants/nearestTests.js';

describe('the nearest tests', () => {
  const testsOf = nearestTests([
    { path: 'shared/rules/key.ts', text: '' },
    { path: 'shared/rules/match.ts', text: "import { key } from './key.js';" },
    { path: 'shared/types.ts', text: "import type { Key } from './rules/key.js';" },
    { path: 'test/helpers/keys.ts', text: "export { key } from '../../shared/rules/key.js';" },
    { path: 'test/shared/alerts/far.test.ts', text: "import '../../../shared/rules/match.js';" },
    { path: 'test/e2e/key.test.ts', text: "import '../../shared/rules/key.js';" },
    { path: 'test/shared/rules/match.test.ts', text: "import '../../../shared/rules/match.js';" },
    { path: 'test/shared/rules/other.test.ts', text: "import '../../../shared/rules/key.js';" },
    { path: 'test/shared/rules/key.test.ts', text: "import '../../helpers/keys.js';" },
    { path: 'test/shared/types.test.ts', text: "import '../../shared/types.js';\nimport 'node:fs';" },
  ]);

  it('are the mirror, then by imports between, then by folders in common; unit tests only', () => {
    expect(testsOf('shared/rules/key.ts')).toEqual([
      'test/shared/rules/key.test.ts',
      'test/shared/rules/other.test.ts',
      'test/shared/rules/match.test.ts',
      'test/shared/alerts/far.test.ts',
    ]);
  });

  it('of a file that nothing imports are none', () => {
    expect(testsOf('shared/row.ts')).toEqual([]);
  });
});
