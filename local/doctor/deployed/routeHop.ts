import type { RouteTest, RouteTested } from '../../../shared/alerts/routeTest.js';
import type { Examination, Finding } from '../finding.js';
import { look } from './look.js';
import type { DeployedStage } from './stage.js';

/** A message by way of a route as it is deployed: by the alert function, with its role, its secrets and its network. */
export function sendByRoute(
  deployed: DeployedStage,
  stage: string,
  { route, run }: { readonly route: string; readonly run: string },
): Promise<Examination> {
  const place = `route ${route}`;
  return look({ name: 'canary:alert', place, permission: 'lambda:InvokeFunction' }, async () => {
    const started = Date.now();
    const event: RouteTest = { testRoute: route, run };
    const { payload, failed } = await deployed.invoke(`firesplit-${stage}-alert`, JSON.stringify(event));
    const took = `${((Date.now() - started) / 1000).toFixed(1)} s`;
    const tested = failed ? undefined : (JSON.parse(payload) as Partial<RouteTested>);
    if (tested?.result === undefined) return { about: '', findings: [notAnswered(place, payload)] };
    const by =
      tested.owner === route ? place : `${place}, which has no endpoint of its own, by that of ${tested.owner},`;
    if (tested.result === 'sent')
      return { about: `${by} took "test of route ${route}, ${run}" in ${took}`, findings: [] };
    return { about: '', findings: [notTold(place, tested)] };
  });
}

/** A function of a version before this one takes it for a batch of signals. */
function notAnswered(place: string, payload: string): Finding {
  const problem = `the alert function did not answer the test: ${payload.slice(0, 300)}`;
  return { result: 'fail', place, problem, remedy: "deploy this version; if it is, look at the function's log" };
}

function notTold(place: string, tested: Partial<RouteTested>): Finding {
  if (tested.result === 'throttled') {
    const problem = `its service asks for a pause of ${(tested.retryAfter ?? 0) / 1000} s`;
    return { result: 'warn', place, problem, remedy: 'ask again after that' };
  }
  const problem = `nobody was told: ${'reason' in tested ? tested.reason : tested.result}`;
  return { result: 'fail', place, problem, remedy: 'set its secret as docs/routes.md says', source: 'docs/routes.md' };
}
