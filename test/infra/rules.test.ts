import { itPassesTestsOf } from '../helpers/rulesTests.js';
import { shippedRules } from '../helpers/shippedRules.js';

itPassesTestsOf(await shippedRules());
