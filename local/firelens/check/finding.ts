/**
 * What a finding comes to. `loses lines`: in an outage, at a stop or always. `does not start`: ECS refuses the definition, or
 * the router ends at once. `doubles lines`: rows stand in the tables twice. `advice`: something is harder to see or to mend.
 */
export const effects = ['loses lines', 'does not start', 'doubles lines', 'advice'] as const;
export type Effect = (typeof effects)[number];

/** What is wrong with a task definition. */
export interface Finding {
  /** Name of the rule, for example `driver-buffer`. */
  readonly rule: string;
  readonly effect: Effect;
  /** JSON path in what was checked, for example `containerDefinitions[1].stopTimeout`; empty for all of it. */
  readonly path: string;
  /** What was found and why it matters. */
  readonly problem: string;
  readonly remedy: string;
  /** Address of the page that says so. */
  readonly source: string;
}

/** Whether a service must not go live like that: lines are lost, or there will be none. */
export function isGrave({ effect }: Finding): boolean {
  return effect === 'loses lines' || effect === 'does not start';
}

/** The way to a value: keys of objects and indexes of lists. */
export type Path = readonly (string | number)[];

/** `containerDefinitions[0].logConfiguration.options["awslogs-group"]` */
export function pathText(path: Path): string {
  return path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      return /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    })
    .join('')
    .replace(/^\./, '');
}

const ecsGuide = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide';
const ecsApi = 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference';
const agent = 'https://github.com/aws/amazon-ecs-agent/blob/master/agent';
const imageRepository = 'https://github.com/aws/aws-for-fluent-bit';

/** The pages that the rules rest on. */
export const sources = {
  fireLens: `${ecsGuide}/using_firelens.html`,
  fireLensExample: `${ecsGuide}/firelens-taskdef.html`,
  throughput: `${ecsGuide}/firelens-docker-buffer-limit.html`,
  parameters: `${ecsGuide}/task_definition_parameters.html`,
  fargateSizes: `${ecsGuide}/task-cpu-memory-error.html`,
  spot: `${ecsGuide}/fargate-capacity-providers.html`,
  restartPolicy: `${ecsGuide}/container-restart-policy.html`,
  executionRole: `${ecsGuide}/task_execution_IAM_role.html`,
  awslogs: `${ecsGuide}/specify-log-config.html`,
  containerDefinition: `${ecsApi}/API_ContainerDefinition.html`,
  containerDependency: `${ecsApi}/API_ContainerDependency.html`,
  logConfiguration: `${ecsApi}/API_LogConfiguration.html`,
  fireLensConfiguration: `${ecsApi}/API_FirelensConfiguration.html`,
  agentConfig: `${agent}/taskresource/firelens/firelensconfig_unix.go`,
  agentOptions: `${agent}/taskresource/firelens/firelens_unix.go`,
  agentOrder: `${agent}/api/task/task.go`,
  earlyExit: `${imageRepository}/issues/856`,
  releases: `${imageRepository}/releases`,
  initProcess: `${imageRepository}/tree/mainline/use_cases/init-process-for-fluent-bit`,
  curlInImage: `${imageRepository}/pull/1026`,
  fluentdDriver: 'https://docs.docker.com/engine/logging/drivers/fluentd/',
  multiline: 'https://github.com/fluent/fluent-bit/issues/4918',
  doubled: 'https://github.com/aws/amazon-kinesis-firehose-for-fluent-bit/issues/54',
  firehoseOutput: 'https://docs.fluentbit.io/manual/pipeline/outputs/firehose',
  buffering: 'https://docs.fluentbit.io/manual/administration/buffering-and-storage',
  retries: 'https://docs.fluentbit.io/manual/administration/scheduling-and-retries',
  service: 'https://docs.fluentbit.io/manual/administration/configuring-fluent-bit/classic-mode/configuration-file',
} as const;
