import type { JsonFormat, TextFormat } from '../format.js';
import { accessJson } from './access/accessJson.js';
import { albAccess } from './access/albAccess.js';
import { apacheSslRequest } from './access/apacheSslRequest.js';
import { caddy } from './access/caddy.js';
import { cloudFront, cloudFrontJson } from './access/cloudFront.js';
import { combined } from './access/combined.js';
import { nextJs, phpServer } from './access/developmentServers.js';
import { elbAccess, nlbAccess } from './access/elbAccess.js';
import { envoy, envoyJson } from './access/envoy.js';
import { gin } from './access/gin.js';
import { chi, fiber } from './access/goFrameworks.js';
import { haproxy, haproxyConnection, haproxyNotice } from './access/haproxy.js';
import { iis } from './access/iis.js';
import { ltsv } from './access/ltsv.js';
import { morgan } from './access/morgan.js';
import { nginxProxyManager } from './access/nginxProxyManager.js';
import { pythonAccess } from './access/pythonAccess.js';
import { s3Access } from './access/s3Access.js';
import { squid } from './access/squid.js';
import { traefikJson } from './access/traefikJson.js';
import { untimedRequest } from './access/untimedRequest.js';
import { uwsgi } from './access/uwsgi.js';
import { applicationJson } from './application/applicationJson.js';
import { stackTrace } from './application/bareTrace.js';
import { barSeparated, dotnetConsole, serilogConsole } from './application/dotnet.js';
import { dotnetConsoleJson } from './application/dotnetConsoleJson.js';
import { gelf } from './application/gelf.js';
import { glog, goLog, zapConsole } from './application/go.js';
import { javaUtilLogging, log4j1, springBoot } from './application/java.js';
import { journaldJson } from './application/journaldJson.js';
import { log4j2Json } from './application/log4j2Json.js';
import { logfmt } from './application/logfmt.js';
import { monologJson } from './application/monologJson.js';
import { openTelemetryJson } from './application/openTelemetryJson.js';
import { monolog, phpError, phpFpm, phpFpmAccess } from './application/php.js';
import { plainText } from './application/plainText.js';
import { celery, djangoRequest, pythonDefault, pythonWarning } from './application/python.js';
import { railsRequest, rubyLogger } from './application/ruby.js';
import { rustTracingJson } from './application/rustTracingJson.js';
import { serilogCompact } from './application/serilogCompact.js';
import { serilogJson } from './application/serilogJson.js';
import { timedMessage, timedText } from './application/timedText.js';
import { erlangReport, mysqlError, mysqlSlow, redis } from './platform/databases.js';
import { mongoJson } from './platform/mongoJson.js';
import { postgres } from './platform/postgres.js';
import { postgresCsv } from './platform/postgresCsv.js';
import { postgresJson } from './platform/postgresJson.js';
import { syslog3164, syslog5424, syslogFile } from './platform/syslog.js';
import { apacheError, nginxError } from './platform/webServerError.js';

/** In the order in which they are asked: the strict before the lenient. The last one takes every line. */
export const textFormats = [
  s3Access,
  combined,
  albAccess,
  elbAccess,
  nlbAccess,
  cloudFront,
  envoy,
  morgan,
  pythonAccess,
  phpFpmAccess,
  gin,
  chi,
  fiber,
  nextJs,
  phpServer,
  untimedRequest,
  ltsv,
  haproxy,
  haproxyConnection,
  haproxyNotice,
  uwsgi,
  iis,
  squid,
  nginxProxyManager,
  apacheSslRequest,
  nginxError,
  apacheError,
  springBoot,
  mysqlError,
  mysqlSlow,
  postgresCsv,
  postgres,
  redis,
  celery,
  monolog,
  phpError,
  phpFpm,
  rubyLogger,
  railsRequest,
  dotnetConsole,
  serilogConsole,
  barSeparated,
  glog,
  zapConsole,
  erlangReport,
  syslog5424,
  syslog3164,
  javaUtilLogging,
  log4j1,
  timedText,
  syslogFile,
  pythonDefault,
  logfmt,
  pythonWarning,
  djangoRequest,
  stackTrace,
  goLog,
  timedMessage,
  plainText,
] as const satisfies readonly TextFormat[];

/** The same for JSON objects. */
export const jsonFormats = [
  caddy,
  cloudFrontJson,
  envoyJson,
  traefikJson,
  accessJson,
  serilogCompact,
  serilogJson,
  log4j2Json,
  dotnetConsoleJson,
  monologJson,
  openTelemetryJson,
  gelf,
  rustTracingJson,
  journaldJson,
  mongoJson,
  postgresJson,
  applicationJson,
] as const satisfies readonly JsonFormat[];
