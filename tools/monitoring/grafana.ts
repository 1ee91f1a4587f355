import { printJson } from '../../local/firelens/printJson.js';
import { type Alarm, alarms, type Watched } from '../../shared/metrics/alarms.js';
import { type Chart, chartPeriod, charts } from '../../shared/metrics/charts.js';
import { type Unit, unitOf } from '../../shared/metrics/units.js';
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
  textbox('region', 'Region', 'us-east-1'),
  textbox('stage', 'Stage', 'prod'),
  textbox('stream', 'Stream', 'logs'),
  textbox('repository', 'Runbooks under', 'https://github.com/acme/firesplit/blob/main'),
];

function textbox(name: string, label: string, value: string) {
  return { name, label, type: 'textbox', query: value, current: { text: value, value } };
}

const cloudwatch = { type: 'cloudwatch', uid: `\${cloudwatch}` };
const athena = { type: 'grafana-athena-datasource', uid: `\${athena}` };

/** The 24 columns, how high a chart is in rows, and what needs more: a legend of many services, or rows of a table. */
const [columns, height, tall] = [24, 7, 10];

type Panel = Readonly<Record<string, unknown>>;

interface Cell {
  readonly panel: Panel;
  readonly w: number;
  readonly h: number;
}

/** In the order of what somebody asks at night: is it well, what is wrong, where, and since when. */
function panels(): Panel[] {
  const all: Panel[] = [];
  let y = 0;
  const place = (panel: Panel, x: number, w: number, h: number) =>
    all.push({ id: all.length + 1, gridPos: { x, y, w, h }, ...panel });
  const row = (title: string, cells: readonly Cell[]) => {
    place({ type: 'row', title, collapsed: false, panels: [] }, 0, columns, 1);
    y += 1;
    let x = 0;
    for (const [index, { panel, w, h }] of cells.entries()) {
      place(panel, x, w, h);
      x += w;
      if (x + (cells[index + 1]?.w ?? columns) > columns) [x, y] = [0, y + h];
    }
  };
  row('Is it well?', [{ panel: states(alarms), w: columns, h: 9 }]);
  row(
    `Lines and functions, each ${chartPeriod / 60} minutes`,
    charts.map((chart) => ({ panel: overview(chart), w: columns / 3, h: height })),
  );
  row(
    'What the lines say (Athena)',
    questions.map((question) => ({ panel: answer(question), w: question.width, h: tall })),
  );
  for (const [part, ofPart] of groupBy(alarms, (alarm) => alarm.part)) {
    row(
      `Alarms: ${part}`,
      ofPart.map((alarm) => ({ panel: alarmChart(alarm), w: columns / 3, h: height })),
    );
  }
  return all;
}

/** A tile for each alarm. Grafana can not ask CloudWatch for the states of alarms, so what they watch has to tell. */
function states(all: readonly Alarm[]): Panel {
  const shown = all.flatMap((alarm) => ('band' in alarm.rings ? [] : [{ ...alarm, rings: alarm.rings }]));
  const learned = all.filter(({ rings }) => 'band' in rings).map(({ name }) => name);
  return {
    type: 'stat',
    title: 'Alarms, by the latest number of the last hour',
    description: `Red where the latest number is one at which the alarm rings, or where a metric is silent that never should be; grey without a number, as metrics have that are written above zero alone: of these a tile stays red for an hour. CloudWatch waits for a number of periods, and tells. Each tile links to what to do. Of ${learned.join(', ')} CloudWatch alone knows: it learns what is usual.`,
    datasource: cloudwatch,
    timeFrom: '1h',
    options: {
      colorMode: 'background',
      graphMode: 'none',
      justifyMode: 'auto',
      orientation: 'auto',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      text: { titleSize: 13, valueSize: 18 },
      textMode: 'value_and_name',
      // Its schema wants these as well.
      ...{ wideLayout: true, showPercentChange: false, percentChangeColorMode: 'standard' },
    },
    fieldConfig: {
      defaults: { color: { mode: 'thresholds' } },
      overrides: shown.map((alarm) => ({
        matcher: { id: 'byName', options: alarm.name },
        properties: [
          { id: 'unit', value: units[unitOf([alarm.watches])] },
          { id: 'thresholds', value: { mode: 'absolute', steps: steps(alarm.rings) } },
          { id: 'mappings', value: [silent(alarm)] },
          { id: 'links', value: [runbook(alarm)] },
        ],
      })),
    },
    targets: shown.map(({ name, watches, period }, index) => target(watches, period, refId(index), name)),
  };
}

/** Of a metric without a value, which is well but for those that are written all the time. It is not green: nothing was measured. */
function silent({ missing }: Alarm) {
  const result =
    missing === 'breaching' ? { text: 'silent', color: 'red', index: 0 } : { text: '–', color: '#6e6e6e', index: 0 };
  return { type: 'special', options: { match: 'null+nan', result } };
}

function runbook({ name }: Alarm) {
  return { title: `What to do: ${name}`, url: `\${repository:raw}/docs/alarms/${name}.md`, targetBlank: true };
}

/** With all that Grafana's schema wants of a link of a panel. */
function panelLink(alarm: Alarm) {
  return {
    ...runbook(alarm),
    ...{ type: 'link', icon: 'external link', tooltip: '', tags: [] },
    ...{ asDropdown: false, includeVars: false, keepTime: false },
  };
}

function overview({ title, shows, stacked, empty }: Chart): Panel {
  return chart(
    title,
    shows,
    chartPeriod,
    empty,
    stacked ? { custom: { stacking: { mode: 'normal' }, fillOpacity: 40 } } : {},
  );
}

function alarmChart(alarm: Alarm): Panel {
  const { name, says, watches, rings, period, missing, condition } = alarm;
  const defaults =
    'band' in rings
      ? {}
      : {
          custom: { thresholdsStyle: { mode: 'line' }, ...reach(rings, unitOf([watches])) },
          thresholds: { mode: 'absolute', steps: limit(rings) },
        };
  const band = 'band' in rings ? " CloudWatch's dashboard shows what is usual." : '';
  const empty =
    missing === 'breaching'
      ? 'Silent, which rings as well'
      : condition === undefined
        ? 'Nothing, so it does not ring'
        : 'Nothing, so it does not ring; or there is no forwarding';
  return {
    description: `${says}${band}`,
    links: [panelLink(alarm)],
    ...chart(name, [watches], period, empty, defaults),
  };
}

/** Up to here at least, the marks of an axis are whole numbers. */
const whole = 10;

type Limit = { readonly above: number } | { readonly below: number };

/** The axis shows where it rings, however far that is. */
function reach(rings: Limit, unit: Unit) {
  if ('below' in rings) return unit === 'Share' ? { axisSoftMin: 0.9 } : {};
  return { axisSoftMax: Math.max(1.1 * rings.above, unit === 'Count' ? whole : 0) };
}

/** A line has the colour of the step that begins there: red, on whichever side it rings. */
function limit(rings: Limit) {
  return [
    { color: 'transparent', value: null },
    { color: 'red', value: 'above' in rings ? rings.above : rings.below },
  ];
}

/** A step begins at its value, and an alarm rings above it. */
const above = 0.001;

function steps(rings: Limit) {
  return 'above' in rings
    ? [
        { color: 'green', value: null },
        { color: 'red', value: rings.above + above },
      ]
    : [
        { color: 'red', value: null },
        { color: 'green', value: rings.below },
      ];
}

function chart(
  title: string,
  shows: readonly Watched[],
  period: number,
  empty: string,
  defaults: { readonly custom?: object; readonly thresholds?: object },
): Panel {
  const unit = unitOf(shows);
  return {
    type: 'timeseries',
    title,
    datasource: cloudwatch,
    fieldConfig: {
      defaults: {
        unit: units[unit],
        noValue: empty,
        ...(unit === 'Share' ? { max: 1 } : { min: 0 }),
        ...defaults,
        custom: { ...(unit === 'Count' ? { axisSoftMax: whole } : {}), ...defaults.custom },
      },
      overrides: [],
    },
    targets: shows.map((watched, index) => target(watched, period, refId(index))),
  };
}

/** What Grafana calls them. */
const units: Readonly<Record<Unit, string>> = {
  Count: 'short',
  Bytes: 'bytes',
  Milliseconds: 'ms',
  Seconds: 's',
  Share: 'percentunit',
};

/** A to Z, AA to AZ and on. */
function refId(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : refId(Math.floor(index / 26) - 1) + letter;
}

/** https://grafana.com/docs/grafana/latest/datasources/aws-cloudwatch/query-editor/ */
function target(watched: Watched, period: number, refId: string, label = labelOf(watched)) {
  const { namespace, metric, dimension, statistic } = watched;
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
    label,
  };
}

/** With the function or the queue that it is of, as a deployment has several. */
function labelOf({ metric, dimension }: Watched): string {
  const [, of] = /^\$\{self:service\}-\$\{sls:stage\}-(.+)$/.exec(dimension.value) ?? [];
  return of === undefined ? metric : `${metric} ${of}`;
}

/** As a deployment names things, of the variables of the dashboard. */
function named(text: string): string {
  return text
    .replaceAll(`\${self:service}`, 'firesplit')
    .replaceAll(`\${sls:stage}`, '$stage')
    .replaceAll(`\${param:stream}`, '$stream');
}

function answer({ title, as, sql, units: unitsOf, widths = {}, bad = [], empty }: Answer): Panel {
  const overrides = Object.entries(unitsOf).map(([column, unit]) => override(column, [{ id: 'unit', value: unit }]));
  const [unit = 'short'] = Object.values(unitsOf);
  const look =
    as === 'table'
      ? {
          type: 'table',
          fieldConfig: {
            defaults: { noValue: empty },
            overrides: [
              ...overrides,
              ...Object.entries(widths).map(([column, value]) => override(column, [{ id: 'custom.width', value }])),
              ...bad.map((column) => override(column, badAboveZero)),
            ],
          },
        }
      : {
          type: 'timeseries',
          fieldConfig: {
            // Its column is of one name for all services: the label tells them apart.
            defaults: { unit, min: 0, noValue: empty, displayName: `\${__field.labels.service}`, custom: drawn[as] },
            overrides: [],
          },
          options: { legend: ofMany, tooltip: { mode: 'multi', sort: 'desc' } },
        };
  return { ...look, title, datasource: athena, targets: [athenaTarget(sql, as === 'table' ? 1 : 0)] };
}

function override(column: string, properties: readonly object[]) {
  return { matcher: { id: 'byName', options: column }, properties };
}

const badAboveZero = [
  { id: 'thresholds', value: { mode: 'absolute', steps: steps({ above: 0 }) } },
  { id: 'custom.cellOptions', value: { type: 'color-text' } },
];

/** Of services that say nothing in a minute there is no value, which a bar does not need. */
const drawn = {
  lines: { showPoints: 'auto' },
  bars: { drawStyle: 'bars', fillOpacity: 80, lineWidth: 0, stacking: { mode: 'normal' } },
} as const;

/** A legend that thirty services fit in, with the worst first. */
const ofMany = {
  showLegend: true,
  displayMode: 'table',
  placement: 'right',
  calcs: ['max'],
  sortBy: 'Max',
  sortDesc: true,
};

/** https://grafana.com/docs/plugins/grafana-athena-datasource/latest/query-editor/ : format 1 is a table, 0 a time series. */
function athenaTarget(sql: string, format: 0 | 1) {
  return {
    refId: 'A',
    datasource: athena,
    format,
    connectionArgs: {
      region: '$region',
      catalog: 'AwsDataCatalog',
      // Its workgroup is the data source's own: firesplit-<stage>, which bounds what a query reads.
      database: 'firesplit_$stage',
      resultReuseEnabled: true,
      resultReuseMaxAgeInMinutes: 5,
    },
    rawSQL: sql,
  };
}
