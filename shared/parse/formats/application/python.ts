import type { Fields, Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';

/** What Python's logging writes when nobody configured it, and Uvicorn's own lines: https://docs.python.org/3/library/logging.html#logging.basicConfig */
export const pythonDefault: TextFormat = {
  name: 'python-default',
  first: /[TDIWEC]/,
  samples: [
    { of: 'Python logging, unconfigured', line: 'ERROR:billing:charge failed customer=5' },
    { of: 'Uvicorn', line: 'INFO:     Application startup complete.' },
  ],
  parse(line: string): Parsed | undefined {
    const groups = (basicConfig.exec(line) ?? uvicorn.exec(line))?.groups;
    return groups && toEntry({ level: groups.level, logger: groups.logger, message: groups.message ?? '' });
  },
};

/** The lines of Celery's workers: https://docs.celeryq.dev/en/stable/userguide/configuration.html#worker-log-format */
export const celery: TextFormat = {
  name: 'celery',
  first: /\[/,
  samples: [
    { of: 'Celery, worker', line: '[2026-11-22 16:41:02,123: INFO/MainProcess] celery@worker-1 ready.' },
    {
      of: 'Celery, task',
      line: '[2026-11-22 16:41:02,123: ERROR/ForkPoolWorker-1] shop.charge[0f8fad5b-d9cb-469f-a165-70867728950e]: card declined',
    },
  ],
  parse(line: string): Parsed | undefined {
    const match = celeryLine.exec(line);
    if (!match) return undefined;
    const [, time, level, process, text = ''] = match;
    const [prefix = '', task, id] = celeryTask.exec(text) ?? [];
    const fields: Fields = [
      ['process_name', process],
      ['task_id', id],
    ];
    return toEntry({ time, level, logger: task, message: text.slice(prefix.length), fields });
  },
};

/** Python's warnings module: https://docs.python.org/3/library/warnings.html#warnings.formatwarning */
export const pythonWarning: TextFormat = {
  name: 'python-warning',
  dates: [],
  samples: [
    {
      of: 'Python, warnings',
      line: '/app/billing.py:12: DeprecationWarning: datetime.utcnow() is deprecated\n  now = datetime.utcnow()',
    },
  ],
  parse(line: string): Parsed | undefined {
    const match = warning.exec(line);
    if (!match) return undefined;
    const [, filename, lineno, logger, message = ''] = match;
    const fields: Fields = [
      ['filename', filename],
      ['lineno', Number(lineno)],
    ];
    return toEntry({ level: 'warn', logger, message, fields });
  },
};

/** What Django says of a request that it answered with an error, unless a formatter adds to it: https://docs.djangoproject.com/en/stable/ref/logging/#django-request */
export const djangoRequest: TextFormat = {
  name: 'django-request',
  first: /[BCFGIMNPRSTU]/,
  dates: [],
  samples: [
    { of: 'Django, a request that failed', line: 'Internal Server Error: /api/orders/' },
    { of: 'Django, a request that was refused', line: 'Method Not Allowed (POST): /api/orders/' },
  ],
  parse(line: string): Parsed | undefined {
    const [, phrase = '', path] = djangoLine.exec(line) ?? [];
    const status = errorStatuses.get(phrase);
    if (status === undefined) return undefined;
    const fields: Fields = [
      ['status', status],
      ['path', path],
    ];
    return toEntry({ level: status >= 500 ? 'error' : 'warn', message: line, fields });
  },
};

const basicConfig = /^(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL):(?<logger>[\w.]+):(?<message>.*)$/s;
const uvicorn = /^(?<level>TRACE|DEBUG|INFO|WARNING|ERROR|CRITICAL): {2,8}(?<message>\S.*)$/s;
const djangoLine = /^([A-Z][A-Za-z ]{3,30})(?: \([^)\n]{1,100}\))?: (\/[^\s]*)(?:\n|$)/;
/** The reasons that Python's http module gives: https://docs.python.org/3/library/http.html#http-status-codes */
const errorStatuses = new Map([
  ['Bad Request', 400],
  ['Unauthorized', 401],
  ['Payment Required', 402],
  ['Forbidden', 403],
  ['Not Found', 404],
  ['Method Not Allowed', 405],
  ['Not Acceptable', 406],
  ['Request Timeout', 408],
  ['Conflict', 409],
  ['Gone', 410],
  ['Precondition Failed', 412],
  ['Request Entity Too Large', 413],
  ['Unsupported Media Type', 415],
  ['Unprocessable Entity', 422],
  ['Too Many Requests', 429],
  ['Internal Server Error', 500],
  ['Not Implemented', 501],
  ['Bad Gateway', 502],
  ['Service Unavailable', 503],
  ['Gateway Timeout', 504],
]);
const celeryLine = /^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}): ([A-Z]+)\/([^\]]+)\](?: (.*))?$/s;
const celeryTask = /^([\w.]+)\[([0-9a-f-]{36})\]: /;
const warning = /^([^\s:]+):(\d+): (\w*Warning): (.*)$/s;
