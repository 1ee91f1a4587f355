import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';
import { AwsError } from './awsError.js';
import { NodeSha256 } from './nodeSha256.js';
import { type RequestTarget, requestTarget } from './requestTarget.js';

/** An access key that the endpoint knows. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** How far a signature's time may lie from ours: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */
const maxSkew = 5 * 60 * 1000;

export type SignedService = 'firehose' | 'sqs' | 'dynamodb' | 'glue' | 'athena' | 'lambda' | 's3' | 'sns';

/** Where a request says who signed it, when, for what and how. */
interface Claim {
  readonly form: 'header' | 'query';
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  /** `yyyyMMddTHHmmssZ` */
  readonly date: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** Seconds that a signed URL is good for. */
  readonly expires: number;
}

/** Verifies that requests were signed with the one access key of this endpoint, as AWS does. */
export class Authenticator {
  constructor(
    private readonly credentials: Credentials,
    private readonly region: string,
    private readonly now: () => number,
  ) {}

  /** @throws AwsError in AWS's words when the request is not signed, or not with the key, or not now, or not for this. */
  async verify(request: IncomingMessage, body: Buffer, service: SignedService): Promise<void> {
    const refuse = refusals[service === 's3' ? 's3' : 'json'];
    const target = requestTarget(request.url);
    const claim = headerClaim(request) ?? queryClaim(target);
    if (!claim) throw refuse.missing();
    if (claim.accessKeyId !== this.credentials.accessKeyId) throw refuse.unknownKey();
    if (claim.service !== service)
      throw refuse.signature(`Credential should be scoped to correct service: '${service}'. `);
    // A topic may be of any region: all of them are here.
    if (service !== 'sns' && claim.region !== this.region)
      throw refuse.signature(`Credential should be scoped to a valid region. `);
    this.checkTime(claim, refuse);
    if (!isSignedContent(request, body)) throw refuse.signature(mismatch);
    if (!sameText(await this.sign(request, target, body, claim), claim.signature)) throw refuse.signature(mismatch);
  }

  private checkTime({ form, date, expires }: Claim, refuse: Refusals): void {
    const signed = timeOf(date);
    const now = this.now();
    if (Number.isNaN(signed)) throw refuse.incomplete(`Date must be in ISO-8601 'basic format'. Got '${date}'.`);
    const [lifetime, told] = form === 'query' ? [expires * 1000, `${expires} sec.`] : [maxSkew, '5 min.'];
    if (signed < now - lifetime) {
      const earliest = now - lifetime;
      throw refuse.time(`Signature expired: ${date} is now earlier than ${basic(earliest)} (${basic(now)} - ${told})`);
    }
    if (signed > now + maxSkew) {
      const latest = now + maxSkew;
      throw refuse.time(
        `Signature not yet current: ${date} is still later than ${basic(latest)} (${basic(now)} + 5 min.)`,
      );
    }
  }

  /** The signature that the request should have. */
  private async sign(request: IncomingMessage, target: RequestTarget, body: Buffer, claim: Claim): Promise<string> {
    const { service } = claim;
    const signer = new SignatureV4({
      service,
      region: claim.region,
      credentials: this.credentials,
      sha256: NodeSha256,
      applyChecksum: false,
      // S3 alone signs the path as it is sent.
      uriEscapePath: service !== 's3',
    });
    const headers = new Map(claim.signedHeaders.map((name) => [name, String(request.headers[name] ?? '')]));
    const unsignableHeaders = new Set(signingHeaders.filter((name) => !headers.has(name)));
    const declared = request.headers[contentSha256];
    if (declared !== undefined) headers.set(contentSha256, String(declared));
    else if (claim.form === 'query' && service === 's3') headers.set(contentSha256, 'UNSIGNED-PAYLOAD');
    const toSign = {
      method: request.method ?? 'POST',
      protocol: 'http:',
      hostname: 'localhost',
      path: target.path,
      query: queryOf(target),
      headers: Object.fromEntries(headers),
      body,
    };
    const options = {
      signingDate: new Date(timeOf(claim.date)),
      signableHeaders: new Set(claim.signedHeaders),
      unsignableHeaders,
    };
    if (claim.form === 'header') {
      const { authorization = '' } = (await signer.sign(toSign, options)).headers;
      return authorization.slice(authorization.lastIndexOf('=') + 1);
    }
    const unhoistableHeaders = new Set(headers.keys());
    const { query } = await signer.presign(toSign, { ...options, unhoistableHeaders, expiresIn: claim.expires });
    return String(query?.['X-Amz-Signature']);
  }
}

const contentSha256 = 'x-amz-content-sha256';

/** Headers that signing adds by itself unless it is told that they were not signed. */
const signingHeaders = ['x-amz-date', contentSha256];

const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

/** `Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…` */
function headerClaim({ headers }: IncomingMessage): Claim | undefined {
  const authorization = headers.authorization;
  if (authorization === undefined) return undefined;
  if (!authorization.startsWith('AWS4-HMAC-SHA256')) {
    throw incomplete(`Unsupported authorization type: '${authorization.split(' ')[0]}'.`);
  }
  const parameters = new Map(
    [...authorization.matchAll(/(Credential|SignedHeaders|Signature)=([^,\s]+)/g)].map(([, name, value]) => [
      name,
      value,
    ]),
  );
  const date = headers['x-amz-date'];
  const missing = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !parameters.has(name))
    .map((name) => `Authorization header requires '${name}' parameter.`);
  if (date === undefined) {
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  if (missing.length > 0) throw incomplete(`${missing.join(' ')} Authorization=${authorization}`);
  return claimOf('header', {
    credential: parameters.get('Credential') ?? '',
    date: String(date),
    signedHeaders: parameters.get('SignedHeaders') ?? '',
    signature: parameters.get('Signature') ?? '',
    expires: 0,
  });
}

/** `?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=…&X-Amz-Date=…&X-Amz-Expires=…&X-Amz-SignedHeaders=…&X-Amz-Signature=…` */
function queryClaim({ query: searchParams }: RequestTarget): Claim | undefined {
  if (!searchParams.has('X-Amz-Algorithm')) return undefined;
  const missing = ['X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders', 'X-Amz-Date'].filter(
    (name) => !searchParams.get(name),
  );
  if (missing.length > 0) {
    throw incomplete(missing.map((name) => `AWS query-string parameters must include '${name}'.`).join(' '));
  }
  const expires = Number(searchParams.get('X-Amz-Expires') ?? 300);
  if (!(expires > 0 && expires <= 7 * 24 * 3600)) throw incomplete('X-Amz-Expires must be from 1 to 604800 seconds.');
  return claimOf('query', {
    credential: searchParams.get('X-Amz-Credential') ?? '',
    date: searchParams.get('X-Amz-Date') ?? '',
    signedHeaders: searchParams.get('X-Amz-SignedHeaders') ?? '',
    signature: searchParams.get('X-Amz-Signature') ?? '',
    expires,
  });
}

function claimOf(
  form: Claim['form'],
  given: Record<'credential' | 'date' | 'signedHeaders' | 'signature', string> & { readonly expires: number },
): Claim {
  const { credential, date, signature, expires } = given;
  const [accessKeyId = '', ...scope] = credential.split('/');
  const [day = '', region = '', service = '', terminator] = scope;
  if (scope.length !== 4 || terminator !== 'aws4_request') {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
  if (!date.startsWith(day)) {
    throw new AwsError(
      'InvalidSignatureException',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${date.slice(0, 8)}', from '${date}'.`,
    );
  }
  const signedHeaders = given.signedHeaders.split(';');
  return { form, accessKeyId, region, service, date, signedHeaders, signature, expires };
}

function incomplete(message: string): AwsError {
  return new AwsError('IncompleteSignatureException', message);
}

interface Refusals {
  missing(): AwsError;
  unknownKey(): AwsError;
  signature(message: string): AwsError;
  time(message: string): AwsError;
  incomplete(message: string): AwsError;
}

/** The same refusals under the names that the services have for them. */
const refusals: { readonly json: Refusals; readonly s3: Refusals } = {
  json: {
    missing: () => new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token'),
    unknownKey: () =>
      new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.'),
    signature: (message) => new AwsError('InvalidSignatureException', message),
    time: (message) => new AwsError('InvalidSignatureException', message),
    incomplete,
  },
  s3: {
    missing: () => new AwsError('AccessDenied', 'Access Denied', 403),
    unknownKey: () =>
      new AwsError('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403),
    signature: (message) => new AwsError('SignatureDoesNotMatch', message, 403),
    time: () =>
      new AwsError(
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
        403,
      ),
    incomplete: (message) => new AwsError('AuthorizationHeaderMalformed', message),
  },
};

/** Whether the body has the hash that was signed, if one was: a body may also be left out of it, or be in chunks. */
function isSignedContent({ headers }: IncomingMessage, body: Buffer): boolean {
  const declared = String(headers[contentSha256] ?? '');
  return !/^[0-9a-f]{64}$/.test(declared) || declared === createHash('sha256').update(body).digest('hex');
}

/** The query without what signing adds to it. */
function queryOf({ query: searchParams }: RequestTarget): Record<string, string | string[]> {
  const added = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Date', 'X-Amz-Expires', 'X-Amz-SignedHeaders'];
  const names = [...new Set(searchParams.keys())].filter((name) => ![...added, 'X-Amz-Signature'].includes(name));
  return Object.fromEntries(names.map((name) => [name, searchParams.getAll(name)]));
}

/** ms since the epoch of a date in ISO-8601's basic format; NaN when it isn't one. */
function timeOf(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function basic(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
}

function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
