import type { JsonFormat, TextFormat } from '../format.js';
import { accessJson } from './accessJson.js';
import { applicationJson } from './applicationJson.js';
import { combined } from './combined.js';
import { logfmt } from './logfmt.js';
import { plainText } from './plainText.js';
import { stackTrace } from './stackTrace.js';
import { julHead, pythonDefault, timedText } from './timedText.js';
import { apacheError, nginxError } from './webServerError.js';

/** In the order in which they are asked: the strict before the lenient. The last one takes every line. */
export const textFormats = [
  combined,
  nginxError,
  timedText,
  apacheError,
  pythonDefault,
  logfmt,
  julHead,
  stackTrace,
  plainText,
] as const satisfies readonly TextFormat[];

/** The same for JSON objects. */
export const jsonFormats = [accessJson, applicationJson] as const satisfies readonly JsonFormat[];
