import { lambda, own, stream, type Watched } from './alarms.js';

/** A chart of both dashboards. */
export interface Chart {
  readonly title: string;
  readonly shows: readonly Watched[];
  readonly stacked?: true;
  /** What it means that there is nothing to draw. */
  readonly empty: string;
}

/** Seconds that a point of a chart stands for. */
export const chartPeriod = 300;

const noCanaries = 'No canary came: routers write none, or none arrives';

/** What the dashboards show before the alarms: how much there is, and how quick it goes. */
export const charts: readonly Chart[] = [
  {
    title: 'Stored lines',
    shows: [own('transform', 'AccessLines'), own('transform', 'AppLines'), own('transform', 'ErrorLines')],
    stacked: true,
    empty: 'The transform has read nothing',
  },
  {
    title: 'Lines of collectors and of routers',
    shows: [own('transform', 'LinesIn'), own('transform', 'RouterLines')],
    empty: 'The transform has read nothing',
  },
  {
    title: 'Bytes: of lines, and as they are sent',
    shows: [own('transform', 'BytesIn'), stream('IncomingBytes', 'Sum')],
    empty: 'Nothing is sent to the stream',
  },
  { title: 'Lag of routers', shows: [own('transform', 'CanaryLag')], empty: noCanaries },
  { title: "Fullest router's disk", shows: [own('transform', 'RouterDiskBytes')], empty: noCanaries },
  {
    title: 'Longest invocation',
    shows: ['transform', 'alert', 'sweep'].map((name) => lambda(name, 'Duration', 'Maximum')),
    empty: 'No function has run',
  },
  {
    title: 'Alerts told',
    shows: [own('alert', 'AlertsNotified'), own('alert', 'AlertsUndelivered'), own('alert', 'AlertsRefused')],
    empty: 'There was no alert to tell',
  },
  {
    title: 'Puts to the stream',
    shows: [stream('IncomingPutRequests', 'Sum'), stream('IncomingRecords', 'Sum')],
    empty: 'Nothing is sent to the stream',
  },
  {
    title: 'Windows that wait for Parquet',
    shows: [own('compact', 'WindowsBehind')],
    empty: 'Compaction has said nothing',
  },
];
