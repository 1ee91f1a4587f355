import { opsgenieDestination } from '../../../functions/adapters/destinations/opsgenie/opsgenie.js';
import { opsgenie as limits } from '../../../shared/limits.js';
import { endpointsAt } from '../posts.js';
import { type Answer, type Asked, isText, json, objectOf, type Service, secretKey, secretPath } from './service.js';

/** Alert API: fields at https://docs.opsgenie.com/docs/alert-api, answers at https://docs.opsgenie.com/docs/response */
export const opsgenie: Service = {
  name: 'Opsgenie',
  at: (url, rules) => ({
    destination: opsgenieDestination(endpointsAt(), rules),
    endpoint: { owner: 'oncall', name: 'the test', url: `${url}${secretPath}`, key: secretKey },
  }),
  take({ path, headers, body }) {
    if (headers.authorization !== `GenieKey ${secretKey}`) return answer(401, 'Could not authenticate');
    const request = objectOf(body);
    if (!request) return answer(400, 'Could not parse request body');
    const close = /^\/([^/?]+)\/close\?identifierType=alias$/.exec(path);
    if (path !== '' && !close) return answer(404, 'Not found');
    const errors = close ? errorsOfClose(request, decodeURIComponent(close[1] ?? '')) : errorsOfCreate(request);
    return Object.keys(errors).length > 0
      ? answer(422, 'Request body is not processable. Please check the errors.', { errors })
      : answer(202, 'Request will be processed', { result: 'Request will be processed' });
  },
  answers: [
    [answer(202, '', { result: 'Request will be processed' }), 'sent'],
    [answer(400, 'Could not parse request body'), 'refused'],
    [answer(401, `Key ${secretKey} is invalid`), 'gone'],
    [answer(402, 'Your plan does not include this'), 'refused'],
    [answer(403, 'You are not authorized', { code: 40301 }), 'gone'],
    [answer(404, 'Not found'), 'gone'],
    [{ status: 413 }, 'refused'],
    [answer(422, 'Request body is not processable.', { errors: { message: 'too long' } }), 'refused'],
    [answer(429, 'You are making too many requests!'), 'throttled'],
    [answer(500, 'Internal error'), 'unavailable'],
    [answer(503, 'Service unavailable'), 'unavailable'],
  ],
  refuses: [
    ['what is no JSON', { ...asked({}), body: '{' }, 400],
    ['another key', { ...asked({}), headers: { authorization: 'GenieKey other' } }, 401],
    ['an unknown action', asked({}, '/a/open'), 404],
    ['an alert without a message', asked({ message: '' }), 422],
    ['a message that is too long', asked({ message: 'x'.repeat(limits.maxMessage + 1) }), 422],
    ['an alias that is too long', asked({ alias: 'x'.repeat(limits.maxAlias + 1) }), 422],
    ['a description that is too long', asked({ description: 'x'.repeat(limits.maxDescription + 1) }), 422],
    ['a tag that is too long', asked({ tags: ['x'.repeat(limits.maxTag + 1)] }), 422],
    ['a priority of another service', asked({ priority: 'critical' }), 422],
    [
      'a note that is too long',
      asked({ note: 'x'.repeat(limits.maxDescription + 1) }, '/a/close?identifierType=alias'),
      422,
    ],
  ],
};

type Fields = Readonly<Record<string, unknown>>;

function errorsOfCreate({ message, alias, description, priority, tags, entity, source }: Fields): Fields {
  const isTags = Array.isArray(tags) && tags.length <= 20 && tags.every((tag) => isText(tag, limits.maxTag));
  return faults({
    message: isText(message, limits.maxMessage),
    alias: isText(alias, limits.maxAlias),
    description: typeof description === 'string' && description.length <= limits.maxDescription,
    priority: /^P[1-5]$/.test(String(priority)),
    tags: isTags,
    entity: entity === undefined || (typeof entity === 'string' && entity.length <= limits.maxEntity),
    source: isText(source, 100),
  });
}

function errorsOfClose({ note, source }: Fields, alias: string): Fields {
  return faults({
    alias: isText(alias, limits.maxAlias),
    note: typeof note === 'string' && note.length <= limits.maxDescription,
    source: isText(source, 100),
  });
}

function faults(isRight: Readonly<Record<string, boolean>>): Fields {
  return Object.fromEntries(Object.entries(isRight).flatMap(([name, right]) => (right ? [] : [[name, 'is invalid']])));
}

function answer(status: number, message: string, more: object = {}): Answer {
  return json(status, { message, took: 0.1, requestId: '1', ...more });
}

function asked(changes: object, path = ''): Asked {
  const alert = { message: 'a title', alias: 'a', description: '', priority: 'P1', tags: [], source: 'Firesplit' };
  const body = JSON.stringify({ ...alert, ...changes });
  return { path, headers: { authorization: `GenieKey ${secretKey}` }, body };
}
