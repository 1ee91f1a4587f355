import { loadConfig } from '../../shared/config/load.js';
import { loadRules } from '../../shared/rules/language/loadRules.js';
import { compileRules } from '../../shared/rules/matching/match.js';
import { type AlertPathResult, measureAlertPath, withFunctions } from './scale/alertPath.js';
import type { ScaleRequest } from './scale/request.js';
import { measureSweep, type SweepResult } from './scale/sweep.js';
import { asServer, serveTable } from './scale/tableServer.js';

/** Started by main.bench.ts with a request, and by itself as the table's server. */
if (process.argv[2] === asServer) await serveTable();
else console.log(JSON.stringify(await measured(JSON.parse(process.argv[2] ?? '') as ScaleRequest)));

async function measured(request: ScaleRequest): Promise<AlertPathResult | SweepResult> {
  const config = await loadConfig('infra/firesplit.yml');
  const rules = await loadRules('infra/rules', config.alerts);
  return withFunctions(
    rules,
    config,
    async (table): Promise<AlertPathResult | SweepResult> =>
      request.what === 'alert'
        ? measureAlertPath(request.load, request.messages, request.batches, compileRules(rules), table)
        : measureSweep(request, table),
  );
}
