import { printJson } from '../../local/firelens/printJson.js';
import { type Alarm, alarms, type Watched } from '../../shared/metrics/alarms.js';
import { type Metric, metricsOf } from '../../shared/metrics/catalogue.js';
import { charts } from '../../shared/metrics/charts.js';
import { groupBy } from '../../shared/text/groupBy.js';
import { type Answer, questions } from './questions.js';

/** infra/grafana/firesplit.json: the same dashboard for Grafana 10 and later, and what Athena tells of the lines. */
export function grafanaDashboard(): string {
  const dashboard = {
    uid: 'firesplit',
    title: 'Firesplit',
    tags: ['firesplit'],
    schemaVersion: 39,
    editable: true,
    timezone: 'utc',
    time: { from: 'now-6h', to: 'now' },
    // A query of Athena costs what it reads: somebody asks for it.
    refresh: '',
    annotations: { list: [] },
    templating: { list: variables },
    panels: panels(),
  };
  return `${printJson(dashboard)}\n`;
}

const variables = [
  { name: 'cloudwatch', label: 'CloudWatch', type: 'datasource', query: 'cloudwatch' },
  { name: 'athena', label: 'Athena', type: 'datasource', query: 'grafana-athena-datasource' },
  {
    name: 'region',
    label: 'Region',
    type: 'textbox',
    query: 'us-east-1',
    current: { text: 'us-east-1', value: 'us-east-1' },
  },
  { name: 'stage', label: 'Stage', type: 'textbox', query: 'prod', current: { text: 'prod', value: 'prod' } },
  { name: 'stream', label: 'Stream', type: 'textbox', query: 'logs', current: { text: 'logs', value: 'logs' } },
];

const cloudwatch = { type: 'cloudwatch', uid: `\${cloudwatch}` };
const athena = { type: 'grafana-athena-datasource', uid: `\${athena}` };

/** Three in a row of the 24 columns. */
const [width, height, inRow] = [8, 7, 3];

type Panel = Readonly<Record<string, unknown>>;

function panels(): Panel[] {
  const all: Panel[] = [];
  let y = 0;
  const place = (panel: Panel, x: number, w: number, h: number) =>
    all.push({ id: all.length + 1, gridPos: { x, y, w, h }, ...panel });
  const row = (title: string) => {
    place({ type: 'row', title, collapsed: false, panels: [] }, 0, 24, 1);
    y += 1;
  };
  const grid = (cells: readonly Panel[]) => {
    for (const [index, cell] of cells.entries()) {
      place(cell, (index % inRow) * width, width, height);
      if (index % inRow === inRow - 1 || index === cells.length - 1) y += height;
    }
  };
  row('Lines and functions');
  grid(charts.map(({ title, shows, stacked }) => chart(title, shows, 300, stacked ? stacking : {})));
  row('What the lines say (Athena)');
  grid(questions.map(answer));
  for (const [part, ofPart] of groupBy(alarms, (alarm) => alarm.part)) {
    row(`Alarms: ${part}`);
    grid(ofPart.map(alarmChart));
  }
  return all;
}

const stacking = { custom: { stacking: { mode: 'normal' }, fillOpacity: 40 } };

function alarmChart({ name, says, watches, rings, period }: Alarm): Panel {
  const defaults =
    'band' in rings
      ? {}
      : {
          custom: { thresholdsStyle: { mode: 'line' } },
          thresholds: { mode: 'absolute', steps: steps(rings) },
        };
  return { description: `${says} docs/alarms/${name}.md`, ...chart(name, [watches], period, defaults) };
}

function steps(rings: { readonly above: number } | { readonly below: number }) {
  return 'above' in rings
    ? [
        { color: 'green', value: null },
        { color: 'red', value: rings.above },
      ]
    : [
        { color: 'red', value: null },
        { color: 'green', value: rings.below },
      ];
}

function chart(title: string, shows: readonly Watched[], period: number, defaults: object): Panel {
  return {
    type: 'timeseries',
    title,
    datasource: cloudwatch,
    fieldConfig: { defaults: { unit: unitOf(shows), ...defaults }, overrides: [] },
    targets: shows.map((watched, index) => target(watched, period, String.fromCharCode(65 + index))),
  };
}

/** What Grafana calls the unit of the axis, which is that of all its lines. */
function unitOf(shows: readonly Watched[]): string {
  const [unit = 'short', ...others] = new Set(shows.map((watched) => own(watched) ?? ofAws[watched.metric] ?? 'short'));
  if (others.length > 0) throw new Error(`a chart has lines of ${unit} and ${others.join(', ')}`);
  return unit;
}

/** Of what AWS measures: a share, or none where it counts. https://docs.aws.amazon.com/firehose/latest/dev/cloudwatch-metrics.html */
const ofAws: Readonly<Record<string, string>> = {
  Duration: 'ms',
  IncomingBytes: 'bytes',
  'DeliveryToS3.DataFreshness': 's',
  'DeliveryToS3.Success': 'percentunit',
  'ExecuteProcessing.Success': 'percentunit',
};

const ofOurs = { Count: 'short', Bytes: 'bytes', Milliseconds: 'ms' } as const;

function own({ metric, dimension }: Watched): string | undefined {
  const metrics: Readonly<Record<string, Readonly<Record<string, Metric>>>> = metricsOf;
  const unit = metrics[dimension.value]?.[metric]?.unit;
  return unit && ofOurs[unit];
}

/** https://grafana.com/docs/grafana/latest/datasources/aws-cloudwatch/query-editor/ */
function target({ namespace, metric, dimension, statistic }: Watched, period: number, refId: string) {
  return {
    refId,
    // Grafana makes one; its schema wants the key.
    id: '',
    datasource: cloudwatch,
    queryMode: 'Metrics',
    metricQueryType: 0,
    metricEditorMode: 0,
    region: '$region',
    namespace: named(namespace),
    metricName: metric,
    dimensions: { [dimension.name]: named(dimension.value) },
    matchExact: true,
    statistic,
    period: String(period),
    label: dimension.name === 'FunctionName' ? `${metric} ${dimension.value.replace(/^.*-/, '')}` : metric,
  };
}

/** As a deployment names things, of the variables of the dashboard. */
function named(text: string): string {
  return text
    .replaceAll(`\${self:service}`, 'firesplit')
    .replaceAll(`\${sls:stage}`, '$stage')
    .replaceAll(`\${param:stream}`, '$stream');
}

/** https://grafana.com/docs/plugins/grafana-athena-datasource/latest/query-editor/ : format 1 is a table, 0 a time series. */
function answer({ title, as, sql }: Answer): Panel {
  return {
    type: as === 'series' ? 'timeseries' : 'table',
    title,
    datasource: athena,
    fieldConfig: { defaults: {}, overrides: [] },
    targets: [
      {
        refId: 'A',
        datasource: athena,
        format: as === 'series' ? 0 : 1,
        connectionArgs: {
          region: '$region',
          catalog: 'AwsDataCatalog',
          // Its workgroup is the data source's own: firesplit-<stage>, which bounds what a query reads.
          database: 'firesplit_$stage',
          resultReuseEnabled: true,
          resultReuseMaxAgeInMinutes: 5,
        },
        rawSQL: sql,
      },
    ],
  };
}
