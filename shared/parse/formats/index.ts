import type { JsonFormat, TextFormat } from '../format.js';
import { accessJson } from './accessJson.js';
import { albAccess } from './albAccess.js';
import { applicationJson } from './applicationJson.js';
import { caddy } from './caddy.js';
import { cloudFront, cloudFrontJson } from './cloudFront.js';
import { combined } from './combined.js';
import { erlangReport, mysqlError, redis } from './databases.js';
import { barSeparated, dotnetConsole, serilogConsole } from './dotnet.js';
import { dotnetConsoleJson } from './dotnetConsoleJson.js';
import { envoy, envoyJson } from './envoy.js';
import { gelf } from './gelf.js';
import { glog, goLog, zapConsole } from './go.js';
import { javaUtilLogging, log4j1, springBoot } from './java.js';
import { log4j2Json } from './log4j2Json.js';
import { logfmt } from './logfmt.js';
import { monologJson } from './monologJson.js';
import { morgan } from './morgan.js';
import { openTelemetryJson } from './openTelemetryJson.js';
import { monolog, phpError, phpFpm, phpFpmAccess } from './php.js';
import { plainText } from './plainText.js';
import { postgres } from './postgres.js';
import { celery, pythonAccess, pythonDefault, pythonWarning } from './python.js';
import { railsRequest, rubyLogger } from './ruby.js';
import { serilogCompact } from './serilogCompact.js';
import { stackTrace } from './stackTrace.js';
import { syslog3164, syslog5424 } from './syslog.js';
import { timedMessage, timedText } from './timedText.js';
import { traefikJson } from './traefikJson.js';
import { apacheError, nginxError } from './webServerError.js';

/** In the order in which they are asked: the strict before the lenient. The last one takes every line. */
export const textFormats = [
  combined,
  albAccess,
  cloudFront,
  envoy,
  morgan,
  pythonAccess,
  phpFpmAccess,
  nginxError,
  apacheError,
  springBoot,
  mysqlError,
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
  javaUtilLogging,
  log4j1,
  timedText,
  syslog3164,
  pythonDefault,
  logfmt,
  pythonWarning,
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
  log4j2Json,
  dotnetConsoleJson,
  monologJson,
  openTelemetryJson,
  gelf,
  applicationJson,
] as const satisfies readonly JsonFormat[];
