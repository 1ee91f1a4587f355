import { parseRules, readRuleFiles } from '../../shared/rules/language/loadRules.js';
import { itPassesTestsOf } from '../helpers/rulesTests.js';

const folders = await Promise.all(['infra/rules', 'infra/optional-rules'].map((folder) => readRuleFiles(folder)));

itPassesTestsOf(await parseRules(folders.flat()));
