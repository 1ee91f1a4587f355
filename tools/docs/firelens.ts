import { planFlush } from '../../local/firelens/flush.js';
import { taskPolicy } from '../../local/firelens/policy.js';
import { printJson } from '../../local/firelens/printJson.js';
import { defaultOptions, type RouterImage } from '../../local/firelens/routerOptions.js';
import { shippedRouter } from '../../local/firelens/shippedRouter.js';
import { sizingLines } from '../../local/firelens/sizing.js';
import { taskDefinition } from '../../local/firelens/taskDefinition.js';

/** docs/firelens.md: what the command prints. */
export const fireLensSections = {
  definition: () => block('json', printJson(taskDefinition(defaultOptions, shippedRouter()).definition)),
  sizing: () => {
    const { sizing } = taskDefinition(defaultOptions, shippedRouter());
    return block('text', sizingLines(defaultOptions.memory, sizing).join('\n'));
  },
  flush: () => [
    '',
    '| A container logs, bytes a second | `Flush` | Firehose, a month | with `Flush 5` | alert after, at most | lost with a disk, at most | containers of a stream |',
    '| --: | --: | --: | --: | --: | --: | --: |',
    ...[50, 550, 1000, 3000, 7000, 50_000].map((rate) => {
      const plan = planFlush(rate, { ...defaultOptions, lineBytes: 250 });
      const cells = [
        rate.toLocaleString('en'),
        plan.flush,
        `$${plan.dollarsPerMonth.toFixed(3)}`,
        `$${plan.dollarsAtShortest.toFixed(3)}`,
        `${plan.alertAfter} s`,
        `${(plan.mayBeLost / 1000).toFixed(0)} KB`,
        plan.containersOfStream.toLocaleString('en'),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
    '',
  ],
  policy: () => block('json', printJson(taskPolicy(defaultOptions))),
  init: () => block('json', `${difference('init')}\n\n${printJson(taskPolicy({ ...defaultOptions, image: 'init' }))}`),
  custom: () => block('json', difference('custom')),
} as const;

/** The files of infra/ecs: what `firesplit firelens` and `firesplit firelens --policy` print. */
export const exampleTaskDefinition = () => `${printJson(taskDefinition(defaultOptions, shippedRouter()).definition)}\n`;
export const exampleTaskPolicy = () => `${printJson(taskPolicy(defaultOptions))}\n`;

/** The members of the router that another way of its configuration makes different. */
function difference(image: RouterImage): string {
  const [stock, other] = [defaultOptions, { ...defaultOptions, image }].map(
    (options) => taskDefinition(options, shippedRouter()).definition.containerDefinitions[0],
  );
  const members = Object.entries(other ?? {}).filter(
    ([key, value]) =>
      JSON.stringify(value) !== JSON.stringify(Object.entries(stock ?? {}).find(([name]) => name === key)?.[1]),
  );
  return printJson(Object.fromEntries(members));
}

function block(language: string, text: string): string[] {
  return ['', `\`\`\`${language}`, ...text.split('\n'), '```', ''];
}
