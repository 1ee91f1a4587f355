import type { Parsed } from '../../../line/parsed.js';
import type { JsonFormat } from '../../format.js';
import { EntryKeys } from '../../json/entryKeys.js';
import { commonKeys, toJsonEntry } from '../../json/jsonEntry.js';
import type { JsonObject } from '../../json/object.js';

/**
 * The journal of systemd, as `journalctl -o json` and collectors export it: known by `MESSAGE` beside a field that the
 * journal adds.
 *
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html
 */
export const journaldJson: JsonFormat = {
  name: 'journald-json',
  keys: ['MESSAGE'],
  samples: [
    {
      of: 'systemd, `journalctl -o json`',
      line: '{"__REALTIME_TIMESTAMP":"1795365696256123","_HOSTNAME":"web-1","PRIORITY":"3","SYSLOG_IDENTIFIER":"kubelet","_SYSTEMD_UNIT":"kubelet.service","_PID":"812","MESSAGE":"failed to start container"}',
    },
  ],
  parse: parseJournal,
};

const keys = new EntryKeys(
  {
    time: ['_SOURCE_REALTIME_TIMESTAMP', '__REALTIME_TIMESTAMP'],
    message: ['MESSAGE'],
    logger: ['SYSLOG_IDENTIFIER', '_SYSTEMD_UNIT'],
  },
  commonKeys,
);
const journalKeys = ['__REALTIME_TIMESTAMP', '_SYSTEMD_UNIT', 'SYSLOG_IDENTIFIER', 'PRIORITY', '_PID', '_TRANSPORT'];

function parseJournal(object: JsonObject): Parsed | undefined {
  const message = messageOf(object.MESSAGE);
  if (message === undefined || !journalKeys.some((key) => Object.hasOwn(object, key))) return undefined;
  const { PRIORITY: priority, ...others } = object;
  // Docker's journal driver states the stream as a priority, which says nothing about the line.
  const isStream = Object.hasOwn(object, 'CONTAINER_ID') && Object.hasOwn(object, 'CONTAINER_NAME');
  const parsed = toJsonEntry(keys.find({ ...(isStream ? others : object), MESSAGE: message }));
  return isStream && priority !== undefined
    ? { ...parsed, fields: [...parsed.fields, ['PRIORITY', priority]] }
    : parsed;
}

/** The journal exports a text that holds control characters as a list of its bytes. */
function messageOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const isBytes = Array.isArray(value) && value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
  return isBytes ? Buffer.from(value).toString('utf8') : undefined;
}
