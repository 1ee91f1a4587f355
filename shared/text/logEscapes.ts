import { isUtf8 } from 'node:buffer';

/**
 * Undoes what nginx and Apache do to a quoted value: `\xHH` for a byte, and Apache's `\"`, `\\`, `\n`, `\r`, `\t`.
 * Bytes that don't make UTF-8 stay as they were written, so nothing is lost.
 *
 * https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format, https://httpd.apache.org/docs/2.4/mod/mod_log_config.html
 */
export function decodeLogEscapes(text: string): string {
  return text.includes('\\') ? text.replace(escapes, decodeRun) : text;
}

/** A run of byte escapes is decoded as one, because a character outside ASCII is several bytes. */
const escapes = /(?:\\x[0-9a-fA-F]{2})+|\\[\\"nrtbv]/g;

function decodeRun(run: string): string {
  if (run[1] !== 'x') return single[run[1] ?? ''] ?? run;
  const bytes = Buffer.from(run.replaceAll('\\x', ''), 'hex');
  return isUtf8(bytes) ? bytes.toString('utf8') : run;
}

const single: Readonly<Record<string, string>> = { '\\': '\\', '"': '"', n: '\n', r: '\r', t: '\t', b: '\b', v: '\v' };
