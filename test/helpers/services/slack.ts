import { slackDestination } from '../../../functions/adapters/destinations/slack/slack.js';
import { receiveMessage } from '../../../local/slack/message.js';
import { slack as limits } from '../../../shared/limits.js';
import { endpointsAt } from '../posts.js';
import { objectOf, type Service, secretPath } from './service.js';

const asked = (message: unknown) => ({ path: '', headers: {}, body: JSON.stringify(message) });
const sections = (count: number, length: number) =>
  Array(count).fill({ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(length) } });

/** Incoming webhooks, with answers of plain text: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const slack: Service = {
  name: 'Slack',
  at: (url, rules) => ({
    destination: slackDestination(endpointsAt(), rules),
    endpoint: { owner: 'oncall', name: 'the test', url: `${url}${secretPath}` },
  }),
  take({ body }) {
    if (!objectOf(body)) return { status: 400, body: 'invalid_payload' };
    const received = receiveMessage(body, 'default', 0);
    return 'refusal' in received
      ? { status: received.refusal.status, body: received.refusal.token }
      : { status: 200, body: 'ok' };
  },
  answers: [
    [{ status: 200, body: '<html>Please sign in</html>' }, 'refused'],
    [{ status: 400, body: 'invalid_payload' }, 'refused'],
    [{ status: 400, body: 'too_many_attachments' }, 'refused'],
    [{ status: 401, body: 'not_authed' }, 'gone'],
    [{ status: 403, body: 'invalid_token' }, 'gone'],
    [{ status: 403, body: 'action_prohibited' }, 'gone'],
    [{ status: 404, body: 'no_service' }, 'gone'],
    [{ status: 404, body: 'channel_not_found' }, 'gone'],
    [{ status: 410, body: 'channel_is_archived' }, 'gone'],
    [{ status: 413, body: 'Request Entity Too Large' }, 'refused'],
    [{ status: 429, body: 'rate_limited', headers: { 'retry-after': '30' } }, 'throttled'],
    [{ status: 500, body: 'rollup_error' }, 'unavailable'],
  ],
  refuses: [
    ['what is no JSON', { ...asked(''), body: '{' }, 400],
    ['a message without a text', asked({}), 400],
    ['too many blocks', asked({ blocks: sections(limits.maxBlocks + 1, 1) }), 400],
    ['a section that is too long', asked({ blocks: sections(1, limits.maxSectionText + 1) }), 400],
    ['blocks that are too long together', asked({ blocks: sections(5, limits.maxSectionText) }), 400],
  ],
};
