import { teamsDestination } from '../../../functions/adapters/destinations/teams/teams.js';
import { endpointsAt } from '../posts.js';
import { type Asked, isObject, isText, json, objectOf, type Service, secretPath } from './service.js';

/** Bytes of a message: "28 KB" of the page below. */
const maxBytes = 28 * 1024;

/**
 * A workflow "when a webhook request is received". Size and rates:
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using; the card:
 * https://adaptivecards.io/explorer/AdaptiveCard.html; the errors of a trigger:
 * https://learn.microsoft.com/azure/logic-apps/logic-apps-http-endpoint
 */
export const teams: Service = {
  name: 'Teams',
  at: (url, rules) => ({
    destination: teamsDestination(endpointsAt(), rules),
    endpoint: { owner: 'oncall', name: 'the test', url: `${url}${secretPath}` },
  }),
  take({ body }) {
    if (Buffer.byteLength(body) > maxBytes) return json(413, {});
    return isMessage(objectOf(body)) ? { status: 202 } : json(400, error('TriggerInputSchemaMismatch'));
  },
  answers: [
    [{ status: 200, body: '1' }, 'sent'],
    [json(400, error('TriggerInputSchemaMismatch')), 'refused'],
    [json(401, error('DirectApiAuthorizationRequired')), 'gone'],
    [json(403, error('DirectApiInvalidAuthorizationScheme')), 'gone'],
    [json(404, error('WorkflowTriggerNotFound')), 'gone'],
    [json(410, error('WorkflowTriggerGone')), 'gone'],
    [{ status: 413 }, 'refused'],
    [{ ...json(429, error('TooManyRequests')), headers: { 'retry-after': '30' } }, 'throttled'],
    [json(502, error('NoResponse')), 'unavailable'],
    [{ status: 504 }, 'unavailable'],
  ],
  refuses: [
    ['what is no JSON', { ...asked([]), body: '{' }, 400],
    ['a message without a card', { ...asked([]), body: '{"text":"a title"}' }, 400],
    ['an element that is none', asked([{ type: 'Markdown', text: 'a title' }]), 400],
    ['a message that is too large', asked([{ type: 'TextBlock', text: 'x'.repeat(maxBytes) }]), 413],
  ],
};

function isMessage(message: Readonly<Record<string, unknown>> | undefined): boolean {
  const { type, attachments } = message ?? {};
  if (type !== 'message' || !Array.isArray(attachments) || attachments.length !== 1) return false;
  const [{ contentType, content }] = attachments;
  if (contentType !== 'application/vnd.microsoft.card.adaptive' || !isObject(content)) return false;
  const { body, actions = [] } = content;
  if (content.type !== 'AdaptiveCard' || !/^1\.[0-5]$/.test(String(content.version))) return false;
  return Array.isArray(body) && body.every(isElement) && Array.isArray(actions) && actions.every(isAction);
}

function isElement(element: unknown): boolean {
  if (!isObject(element)) return false;
  if (element.type === 'TextBlock') return isText(element.text);
  const { type, inlines } = element;
  return type === 'RichTextBlock' && Array.isArray(inlines) && inlines.every(isRun);
}

function isRun(run: unknown): boolean {
  return isObject(run) && run.type === 'TextRun' && typeof run.text === 'string';
}

function isAction(action: unknown): boolean {
  return (
    isObject(action) && action.type === 'Action.OpenUrl' && isText(action.title) && URL.canParse(String(action.url))
  );
}

function error(code: string) {
  return { error: { code, message: 'no' } };
}

function asked(body: readonly unknown[]): Asked {
  const content = { type: 'AdaptiveCard', version: '1.4', body };
  const attachments = [{ contentType: 'application/vnd.microsoft.card.adaptive', content }];
  return { path: '', headers: {}, body: JSON.stringify({ type: 'message', attachments }) };
}
