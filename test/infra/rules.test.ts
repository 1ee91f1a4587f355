import { parseRules, readRuleFiles } from '../../shared/rules/language/loadRules.js';
import { itPassesTestsOf } from '../helpers/rulesTests.js';

itPassesTestsOf(await parseRules(await readRuleFiles('infra/rules')));
