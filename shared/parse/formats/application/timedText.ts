import type { Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';
import { timeEnd } from '../../head/headTime.js';
import { readHead } from '../../head/lineHead.js';

/** Text logs that state a time and a level before their message, in the layouts of loggers of any language. */
export const timedText: TextFormat = {
  name: 'timed-text',
  first: /[\dA-Za-z_[(<{]/,
  samples: [
    { of: 'Python logging', line: '2026-11-22 16:41:36,469 ERROR billing: charge failed customer=5' },
    { of: 'Python logging, with dashes', line: '2026-11-22 16:41:36,469 - billing - WARNING - retrying charge' },
    { of: 'Python logging, name first', line: '2026-11-22 16:41:36,469 billing ERROR charge failed' },
    { of: 'Flask', line: '[2026-11-22 16:41:36,469] ERROR in app: Exception on /pay [POST]' },
    { of: 'Gunicorn', line: '[2026-11-22 16:41:36 +0000] [7] [INFO] Booting worker with pid: 7' },
    {
      of: 'structlog, console',
      line: '2026-11-22T16:41:36.469000Z [warning  ] card declined                  customer=5',
    },
    {
      of: 'java.util.logging, one line',
      line: '2026-11-22T16:41:37.445Z INFO    [main] com.shop.Checkout - checkout ok order=1',
    },
    {
      of: 'logback and log4j2, a usual pattern',
      line: '2026-11-22 16:41:37.445 [main] INFO  com.shop.Checkout - checkout ok order=1',
    },
    { of: 'log4j2, default pattern', line: '16:41:37.445 [main] ERROR com.shop.Checkout - checkout failed' },
    {
      of: 'Tomcat',
      line: '22-Nov-2026 16:41:37.445 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [512] milliseconds',
    },
    { of: 'Quarkus and WildFly', line: '2026-11-22 16:41:37,445 INFO  [io.quarkus] (main) checkout started in 0.512s' },
    { of: 'log4net', line: '2026-11-22 16:41:37,445 [1] ERROR Shop.Checkout - checkout failed' },
    { of: 'RabbitMQ', line: '2026-11-22 16:41:02.123456+00:00 [error] <0.230.0> closing AMQP connection' },
    { of: 'zerolog, console', line: '2026-11-22T16:41:02Z INF order accepted order=7' },
    { of: 'Python logging, with colons', line: '2026-11-22 16:41:36,469:shop.pay:ERROR:charge failed' },
    { of: 'Python logging, level first', line: '[ERROR|auth|L83] 2026-11-22T16:41:36: bad login' },
    { of: 'Django, verbose', line: 'ERROR 2026-11-22 16:41:36,469 views 7 140234 charge failed' },
    { of: 'Pyramid', line: '2026-11-22 16:41:36,469 CRITI [shop.views:52][waitress-0] charge failed' },
    { of: 'Tornado and Jupyter', line: '[W 261122 16:41:02 web:2271] 404 GET /orders' },
    {
      of: 'Airflow',
      line: '[2026-11-22T16:41:02.123+0000] {taskinstance.py:1332} ERROR - Task failed',
    },
    { of: 'Odoo', line: '2026-11-22 16:41:02,644 7 ERROR shop odoo.sql_db: bad query' },
    {
      of: 'OpenStack',
      line: '2026-11-22 16:41:02.644 7 ERROR nova.compute.manager [req-0f8fad5b-d9cb-469f-a165-70867728950e admin admin - default default] no valid host',
    },
    { of: 'supervisord', line: '2026-11-22 16:41:02,123 CRIT Supervisor is running as root.' },
    { of: 'VDSM', line: 'MainThread::ERROR::2026-11-22 16:41:02,300::vdsm::74::vds::(run) no storage' },
    {
      of: 'Spark and Hadoop',
      line: '26/11/22 16:41:02 ERROR executor.Executor: Exception in task 0.0 in stage 1.0 (TID 1)',
    },
    { of: 'Hadoop, an old HDFS', line: '261122 164102 148 ERROR dfs.DataNode$PacketResponder: broken pipe' },
    {
      of: 'ZooKeeper',
      line: '2026-11-22 16:41:02,747 [myid:1] - WARN  [main:o.a.z.s.ServerCnxnFactory@309] - maxCnxns is not configured',
    },
    {
      of: 'Kafka',
      line: '[2026-11-22 16:41:02,123] INFO [KafkaServer id=1] started (kafka.server.KafkaServer)',
    },
    {
      of: 'Elasticsearch and OpenSearch',
      line: '[2026-11-22T16:41:02,123][WARN ][o.e.m.j.JvmGcMonitorService] [node-1] overhead, spent 1s collecting',
    },
    {
      of: 'Logstash',
      line: '[2026-11-22T16:41:02,123][FATAL][logstash.runner          ] An unexpected error occurred!',
    },
    { of: 'Cassandra', line: 'INFO  [main] 2026-11-22 16:41:02,123 CassandraDaemon.java:650 - Startup complete' },
    { of: 'Solr', line: '2026-11-22 16:41:02.123 ERROR (qtp1-12) [c:shop s:s1] o.a.s.h.RequestHandlerBase no field' },
    { of: 'Jetty', line: '2026-11-22 16:41:02.123:WARN:oejs.Server:main: slow start' },
    { of: 'SLF4J, simple', line: '[main] ERROR com.shop.Checkout - checkout failed' },
    {
      of: 'NestJS',
      line: '[Nest] 7  - 11/22/2026, 4:41:02 PM   ERROR [AuthService] token refresh failed',
    },
    { of: 'winston, with a label', line: '2026-11-22T16:41:02.123Z [cart] warn: stock low' },
    {
      of: 'AWS Lambda, Node.js',
      line: '2026-11-22T16:41:02.123Z\t0f8fad5b-d9cb-469f-a165-70867728950e\tERROR\tcharge failed',
    },
    { of: 'Rust, tracing', line: '2026-11-22T16:41:02.123456Z ERROR request{id=7}: shop::pay: charge failed order=7' },
    { of: 'Rust, env_logger', line: '[2026-11-22T16:41:02Z ERROR shop::pay] charge failed' },
    { of: 'Rust, fern', line: '[2026-11-22 16:41:02.219][shop::pay][ERROR] charge failed' },
    { of: 'Elixir', line: '16:41:02.568 request_id=F-abc123 [error] charge failed' },
    {
      of: 'CouchDB',
      line: '[error] 2026-11-22T16:41:02.579985Z nonode@nohost <0.17607.12> e1fed412f8 rexi_server error',
    },
    {
      of: 'hclog: Vault, Consul, Nomad',
      line: '2026-11-22T16:41:02.123Z [ERROR] agent.server: failed to join: error="no route"',
    },
    { of: 'Gitea', line: '2026/11/22 16:41:02 ...ers/web/auth/auth.go:200:SignInPost() [E] UserSignIn: db locked' },
    { of: 'etcd', line: '2026-11-22 16:41:02.123456 E | etcdserver: no leader' },
    { of: 'go-ethereum', line: 'ERROR[11-22|16:41:02.123] Peer failed                              id=1' },
    {
      of: 'Envoy, own log',
      line: '[2026-11-22 16:41:02.123][7][info][main] [source/server/server.cc:412] initializing epoch 0',
    },
    { of: 'Fluent Bit', line: '[2026/11/22 16:41:02] [ warn] [engine] failed to flush chunk' },
    { of: 'Fluentd', line: '2026-11-22 16:41:02 +0000 [warn]: #0 failed to flush the buffer' },
    { of: 'MongoDB before 4.4', line: '2026-11-22T16:41:02.123+0000 E NETWORK  [conn1] connection reset' },
    {
      of: 'ClickHouse',
      line: '2026.11.22 16:41:02.123456 [ 7 ] {3f2a} <Error> executeQuery: Code: 60. DB::Exception: no table',
    },
    { of: 'Asterisk', line: '[2026-11-22 16:41:02] ERROR[7][C-0001]: chan_sip.c:123 handle: no route' },
    { of: 'TensorFlow', line: '2026-11-22 16:41:02.123456: E tensorflow/core/util/a.cc:12] could not retrieve' },
  ],
  parse: parseTimedText,
};

/** Text that starts with a time and states no level. */
export const timedMessage: TextFormat = {
  name: 'timed-message',
  first: /[\d[A-Z]/,
  samples: [
    { of: 'a shell script with `date -u`', line: 'Sun Nov 22 16:41:02 UTC 2026 backup finished' },
    { of: 'any program, epoch in brackets', line: '[1795365662.123] cache warmed' },
  ],
  parse(line: string): Parsed | undefined {
    const start = line[0] === '[' ? 1 : 0;
    const end = timeEnd(line, start);
    const [gap = ''] = end < 0 ? [] : (behindTime.exec(line.slice(end, end + LONGEST_GAP)) ?? []);
    return gap === '' ? undefined : toEntry({ time: line.slice(start, end), message: line.slice(end + gap.length) });
  },
};

const behindTime = /^\]?:?\s+(?:- )?/;
const LONGEST_GAP = 40;

function parseTimedText(line: string): Parsed | undefined {
  const head = readHead(line);
  if (!head) return undefined;
  const { time, level, logger, requestId, fields, end } = head;
  const [behind = '', last] = line.endsWith(')') && line.startsWith('[') ? (lastLogger.exec(line) ?? []) : [];
  if (last !== undefined && logger !== undefined) fields.push(['context', logger]);
  return toEntry({
    time,
    level,
    logger: last ?? logger,
    message: line.slice(end, line.length - behind.length),
    fields,
    ...(requestId && { columns: { request_id: requestId } }),
  });
}

/** Kafka names the logger behind its message. */
const lastLogger = / \(([a-z]\w{0,40}(?:\.[\w$]{1,80}){1,12})\)$/;
