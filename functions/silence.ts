import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2, LambdaFunctionURLEvent } from 'aws-lambda';
import { answerLink, type LinkAnswer, said } from '../shared/alerts/links/answer.js';
import { keys, ports } from './silence/environment.js';
import { metrics, report, reportFailure } from './silence/report.js';
import { requestOf } from './silence/request.js';

/** The page behind the link in a message, which silences one alert: docs/silences.md. Only there with `alerts.silence_links`. */
export const handler = middy<LambdaFunctionURLEvent, APIGatewayProxyStructuredResultV2>()
  .use(metrics.middleware)
  .handler(async (event) => {
    const answer = await answerOf(event);
    report(answer, event.requestContext.http.sourceIp);
    const { status, headers, body } = answer;
    const isHead = event.requestContext.http.method === 'HEAD';
    return { statusCode: status, headers: { ...headers }, body: isHead ? '' : body };
  });

async function answerOf(event: LambdaFunctionURLEvent): Promise<LinkAnswer> {
  const request = requestOf(event);
  try {
    const known = await keys('cached');
    if (known.length === 0) return said(503, 'Not now', ["The key of the links is missing or can't be read."]);
    const answer = await answerLink(request, known, ports);
    // The key may have been replaced since it was read, and the link be one of the new key.
    return answer.status === 404 ? await answerLink(request, await keys('current'), ports) : answer;
  } catch (error) {
    reportFailure(error);
    return said(503, 'Not now', ['It could not be looked up; nothing has changed. Try again in a moment.']);
  }
}
