import { type Alarm, alarms, type Watched } from '../../shared/metrics/alarms.js';

/** infra/resources/alarms.yml: the alarms of the list. */
export function alarmResources(): string[] {
  return alarms.flatMap((alarm) => [...resource(alarm), '']).slice(0, -1);
}

/** The logical id of the alarm, by which CloudFormation knows it again. */
export function alarmId({ name }: Alarm): string {
  return `${name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())}Alarm`;
}

function resource(alarm: Alarm): string[] {
  const { name, says, periods, period, missing = 'notBreaching', condition } = alarm;
  return [
    `${alarmId(alarm)}:`,
    '  Type: AWS::CloudWatch::Alarm',
    ...(condition === undefined ? [] : [`  Condition: ${condition}`]),
    '  Properties:',
    `    AlarmName: \${self:service}-\${sls:stage}-${name}`,
    `    AlarmDescription: ${JSON.stringify(`${says} What to do: docs/alarms/${name}.md`)}`,
    ...('band' in alarm.rings ? bandLines(alarm, alarm.rings.band) : thresholdLines(alarm)),
    `    EvaluationPeriods: ${periods}`,
    ...('band' in alarm.rings ? [] : [`    Period: ${period}`]),
    `    TreatMissingData: ${missing}`,
    `    AlarmActions: [${hearers}]`,
    `    OKActions: [${hearers}]`,
  ];
}

const hearers = `!If [OwnAlarmTopic, !Ref AlarmTopic, "\${param:alarmTopic}"]`;

function thresholdLines({ watches, rings }: Alarm): string[] {
  const [threshold, comparison] =
    'above' in rings
      ? [rings.above, 'GreaterThanThreshold']
      : 'below' in rings
        ? [rings.below, 'LessThanThreshold']
        : [];
  return [
    ...metricLines(watches).map((line) => `    ${line}`),
    `    Statistic: ${watches.statistic}`,
    `    Threshold: ${threshold}`,
    `    ComparisonOperator: ${comparison}`,
  ];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Anomaly_Detection_Alarm.html */
function bandLines({ watches, period }: Alarm, band: number): string[] {
  return [
    '    Metrics:',
    '      - Id: lines',
    '        MetricStat:',
    '          Metric:',
    ...metricLines(watches).map((line) => `            ${line}`),
    `          Period: ${period}`,
    `          Stat: ${watches.statistic}`,
    '      - Id: usual',
    `        Expression: ANOMALY_DETECTION_BAND(lines, ${band})`,
    '    ThresholdMetricId: usual',
    '    ComparisonOperator: LessThanLowerThreshold',
  ];
}

function metricLines({ namespace, metric, dimension }: Watched): string[] {
  return [
    `Namespace: ${namespace}`,
    `MetricName: ${metric}`,
    'Dimensions:',
    `  - Name: ${dimension.name}`,
    `    Value: ${dimension.value}`,
  ];
}
