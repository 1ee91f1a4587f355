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
