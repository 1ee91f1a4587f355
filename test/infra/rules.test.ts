import { parseRules, readRuleFiles } from '../../shared/rules/load.js';
import { itPassesTestsOf } from '../helpers/rulesTests.js';

itPassesTestsOf(await parseRules(await readRuleFiles('infra/rules')));
